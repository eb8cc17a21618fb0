"""The operations of cross-origin configurations."""

from freehold.services.s3 import errors
from freehold.services.s3.cors.rules import SETTING, checked
from freehold.services.s3.service.declared import Setting, declare

declare(
    Setting(
        "bucket_cors", SETTING, "BucketCORS", checked,
        missing=errors.NoSuchCORSConfiguration, deletes="PutBucketCORS",
    )
)  # fmt: skip
