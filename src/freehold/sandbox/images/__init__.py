"""Container images: from where an image is kept to a folder that can be the root of a cell.

One idea: an image is named by the digest of its manifest; what it is made of is checked against its digests, unpacked
once under that name, and never changed again. It may not know functions, accounts or how cells are made.

Where it may come from: an OCI layout, as a folder or a tar, or a registry on this machine. Not done: layers packed with
zstd, encrypted layers, registries that ask for a password.
https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from freehold.sandbox.images.manifests import ImageError
from freehold.sandbox.images.sources import Source, layout, registry
from freehold.sandbox.images.unpacking import prepare

__all__ = ["ImageError", "Source", "layout", "prepare", "registry"]
