"""The wing of access: who may enter a bucket, and who may do what with its objects.

One idea: a request is weighed once, when its bucket is opened, against everything that can let it in or keep it out. It
tells `news` of grants that changed, and knows uploads begun in `uploads`. It may not know what an operation does, only
the actions it needs.
"""
