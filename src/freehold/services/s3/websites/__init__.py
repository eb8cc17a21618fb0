"""The wing of websites: buckets read by browsers at addresses of their own.

One idea: a path leads to an object, to a redirect or to an error's page; everything is read as by anybody, so what the
bucket lets nobody read is not on the website. The rules of `cors` hold here too,
and `accesslogs` has what was asked. It may not know how objects lie.
"""

from freehold.services.s3.websites import configurations, front, operations, pages, routing

__all__ = ["configurations", "front", "operations", "pages", "routing"]
