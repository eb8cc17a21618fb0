"""The catalogue of KMS's operations. It may not know what they do."""

from freehold.kernel.service import Service

kms = Service("kms")
