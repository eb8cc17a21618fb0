"""Listings of objects and versions, in pages, by prefix and delimiter.

One idea: `pages` walks over keys in order and knows nothing else; `operations` says in S3's words what it found, and
whose it is by `access`. It may not know what objects hold.
"""
