"""The wing of news: who is told what happens to a bucket's objects.

One idea: a message is a promise in the transaction that changed the object. It may not know why an object changed.
"""
