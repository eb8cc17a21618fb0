"""Listings of objects and versions, in pages, by prefix and delimiter.

One idea: `pages` walks over keys in order and knows nothing else; `operations` says in S3's words what it found,
whose it is by `access`, and whether it can be read by `aging`. It may not know what objects hold.
"""
