"""Pages: what a browser is shown of an error, word for word as S3 lays it out. It may not know what went wrong."""

from html import escape
from http import HTTPStatus

from freehold.kernel.errors import AwsError
from freehold.services.s3.places import host_id, named
from freehold.web import HttpResponse

STATUSES = {"NoSuchKey": 404, "NoSuchBucket": 404}  # of errors whose status stands in the model alone
NO_ERROR_DOCUMENT = "An Error Occurred While Attempting to Retrieve a Custom Error Document"


def status(refusal: AwsError) -> int:
    return refusal.status or STATUSES.get(refusal.shape(), 403)


def failed(refusal: AwsError, request_id: str, without: AwsError | None = None) -> HttpResponse:
    """The page of an error; `without` is why the website's own page of it could not be had."""
    told = _facts(refusal) | {"RequestId": request_id, "HostId": host_id(request_id)}
    title = f"{status(refusal)} {HTTPStatus(status(refusal)).phrase}"
    more = f"<h3>{NO_ERROR_DOCUMENT}</h3>\n{_list(_facts(without))}" if without else ""
    page = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n{_list(told)}{more}"
        "<hr/>\n</body>\n</html>\n"
    )
    headers = [("x-amz-error-code", refusal.shape()), ("x-amz-error-message", refusal.message), *named(request_id)]
    return HttpResponse(status(refusal), [*headers, ("content-type", "text/html; charset=utf-8")], page.encode())


def _facts(refusal: AwsError) -> dict[str, str]:
    more = {name: str(value) for name, value in refusal.values.items() if name[:1].isupper()}
    return {"Code": refusal.shape(), "Message": refusal.message} | more


def _list(facts: dict[str, str]) -> str:
    items = "".join(f"<li>{name}: {escape(value, quote=False)}</li>\n" for name, value in facts.items())
    return f"<ul>\n{items}</ul>\n"
