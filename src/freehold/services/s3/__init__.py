"""S3: buckets of objects.

One idea: an object is a row that is listed and pieces of content that are not; content is on disk before the row that
names it, so what is answered is kept, and a listing is a range.
"""

from freehold.services.s3.service import s3

__all__ = ["s3"]
