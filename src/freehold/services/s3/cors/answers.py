"""What browsers are told: the answers to preflights, and the headers of all other answers to web pages.

It may not know what the requests are about.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.cors import rules
from freehold.services.s3.cors.rules import Rule
from freehold.services.s3.places import Place, named
from freehold.web import HttpRequest, HttpResponse

NOT_SET = "CORSResponse: CORS is not enabled for this bucket."
NOT_THERE = "CORSResponse: Bucket not found"
NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
    "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
)
NO_ORIGIN = "Insufficient information. Origin request header needed."
ODD_METHOD = "Invalid Access-Control-Request-Method: {}"


class BadRequest(AwsError):
    words = "{reason}"
    status = 400


class AccessForbidden(AwsError):
    words = "{reason}"
    status = 403


async def preflight(call: Call, http: HttpRequest, place: Place) -> HttpResponse:
    """The answer to OPTIONS. Raises BadRequest, AccessForbidden."""
    origin = http.headers.get("origin")
    if not origin:
        raise BadRequest(reason=NO_ORIGIN)
    method = http.headers.get("access-control-request-method")
    found = await call.transact(_rules, place.bucket)
    if not found:
        reason = NOT_SET if found is not None else NOT_THERE
        raise AccessForbidden(reason=reason, Method=method or "OPTIONS", ResourceType="BUCKET")
    if method not in rules.METHODS:
        raise BadRequest(reason=ODD_METHOD.format(method or "null"))
    headers = _asked(http)
    rule = rules.fitting(found, origin, method, headers)
    if rule is None:
        kind = "OBJECT" if place.key else "BUCKET"
        raise AccessForbidden(reason=NOT_ALLOWED, Method=method, ResourceType=kind)
    return HttpResponse(200, [*named(call.request_id), *rules.told(rule, origin, headers)])


async def allow(call: Call, http: HttpRequest, place: Place, response: HttpResponse) -> None:
    """Give a web page's browser leave to show it the answer, if a rule of the bucket does."""
    origin, headers = http.headers.get("origin"), _asked(http)
    method = http.headers.get("access-control-request-method", http.method)  # S3 believes a page that says so
    found = await call.transact(_rules, place.bucket)
    rule = rules.fitting(found or [], origin, method, headers)
    if rule:
        response.headers += rules.told(rule, origin, headers)


def _asked(http: HttpRequest) -> list[str]:
    named = http.headers.get("access-control-request-headers").lower()
    return [name.strip() for name in named.split(",") if name.strip()]


def _rules(tx: Tx, name: str) -> list[Rule] | None:
    """The rules of a bucket; None if there is no such bucket."""
    bucket = tx.get(Bucket, name)
    return bucket.settings.get(rules.SETTING, {}).get("CORSRules", []) if bucket else None
