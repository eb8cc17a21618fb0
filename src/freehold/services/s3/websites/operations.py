"""The operations of website configurations."""

from freehold.services.s3 import errors
from freehold.services.s3.service.declared import Setting, declare
from freehold.services.s3.websites.configurations import SETTING, checked

declare(
    Setting(
        "bucket_website", SETTING, "BucketWebsite", checked,
        missing=errors.NoSuchWebsiteConfiguration, deletes="DeleteBucketWebsite",
    )
)  # fmt: skip
