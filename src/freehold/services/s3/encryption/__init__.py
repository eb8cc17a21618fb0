"""Encryption at rest: whose key an object's content is sealed under, and who may open it.

One idea: an object has a key (of the service, of KMS, or of the customer) from which the keys of its pieces follow; so
nothing but what names that key is kept, and parts, ranges and copies need nothing of their own. It may not know
requests' bodies, nor how content lies.
"""
