"""The wing of forms: objects that browsers upload by POST.

One idea: a form is a PutObject whose headers are fields, and whose permission is a policy that somebody signed. Fields
come first and are few; the file is never held whole. It may not know how objects are written.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from freehold.services.s3.forms import fields, multipart, operations, policies, posting

__all__ = ["fields", "multipart", "operations", "policies", "posting"]
