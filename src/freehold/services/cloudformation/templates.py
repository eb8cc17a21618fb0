"""Templates: where their text comes from, and what they say of themselves.

One idea: a URL is a bucket and a key, however it is written; the text is read as the caller, who must be allowed to.
It may not know stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from freehold.engines import cfn
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.services.cloudformation import errors

IAM, NAMED_IAM, AUTO_EXPAND = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"

# IAM's resource types, and the property that gives them a name of the user's own.
IAM_TYPES = {
    "AWS::IAM::AccessKey": "", "AWS::IAM::Group": "GroupName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::Policy": "", "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName", "AWS::IAM::UserToGroupAddition": "",
}  # fmt: skip

BODY_MAX, OBJECT_MAX = 51_200, 1_048_576
S3_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-][a-z0-9.-]+")
OWN_LINK = re.compile(r"""((?:TemplateURL|Location)["']?\s*:\s*["']?)(https?://[^/\s"']+)/""")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Location(NamedTuple):
    bucket: str
    key: str
    version: str = ""


def locate(url: str, base_url: str = "") -> Location:
    """The object behind an S3 URL: s3://, virtual-hosted or path style, of AWS's hosts or this cloud's own."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    version = parse_qs(parts.query).get("versionId", [""])[0]
    if parts.scheme == "s3":
        return _whole(Location(parts.netloc, path, version))
    host = parts.hostname or ""
    at_s3 = S3_HOST.fullmatch(host)
    if parts.scheme not in ("http", "https") or not (at_s3 or host in LOOPBACK | {urlsplit(base_url).hostname}):
        raise errors.TemplateUrlInvalid()
    if at_s3 and at_s3["bucket"]:
        return _whole(Location(at_s3["bucket"], path, version))
    bucket, _, key = path.partition("/")
    return _whole(Location(bucket, key, version))


def _whole(location: Location) -> Location:
    if not location.bucket or not location.key:
        raise errors.TemplateUrlInvalid()
    return location


async def text_at(call: Call, url: str) -> str:
    """The text of an object of S3, read as the caller. Raises ValidationErrors."""
    where = locate(url, call.base_url)
    request = {"Bucket": where.bucket, "Key": where.key} | ({"VersionId": where.version} if where.version else {})
    try:
        body = (await call.ask("s3", "GetObject", request))["Body"]
    except AwsError as refusal:
        raise errors.TemplateUnreadable(reason=refusal.message) from None
    content = body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])
    if len(content) > OBJECT_MAX:
        raise errors.TemplateTooLong()
    return content.decode(errors="replace")


async def text_of(call: Call, request: dict[str, Any]) -> str | None:
    """The text of a request's TemplateBody or TemplateURL; None if it gives neither. Raises ValidationErrors."""
    body, url = request.get("TemplateBody"), request.get("TemplateURL")
    if body and url:
        raise errors.TemplateAmbiguous()
    if url:
        return lasting(call, await text_at(call, url))
    if body and len(body.encode()) > BODY_MAX:
        raise errors.TemplateTooLong()
    return lasting(call, body) if body else None


def lasting(call: Call, text: str) -> str:
    """A template whose links to this cloud's own address have become links to S3.

    Tools write the endpoint they were pointed at into nested stacks' addresses; it may be another one tomorrow, and
    `sam delete` takes only S3's.
    """
    return OWN_LINK.sub(
        lambda link: f"{link[1]}https://s3.{call.region}.amazonaws.com/" if link[2] == call.base_url else link[0], text
    )


def capabilities(template: cfn.Template) -> tuple[list[str], str]:
    """The capability that the template needs, and why; nothing for most."""
    if template.transforms:
        macros = sorted({macro.name for macro in template.transforms})
        return [AUTO_EXPAND], _reason(macros)
    kinds = {one.type for one in template.resources.values() if one.type in IAM_TYPES}
    if not kinds:
        return [], ""
    named = any(IAM_TYPES.get(one.type) in one.properties for one in template.resources.values())
    return [NAMED_IAM if named else IAM], _reason(sorted(kinds))


def _reason(names: list[str]) -> str:
    return f"The following resource(s) require capabilities: [{', '.join(names)}]"


def check_capabilities(template: cfn.Template, given: Iterable[str]) -> None:
    """Raise InsufficientCapabilitiesException unless what the template needs was acknowledged."""
    acknowledged = set(given) | ({IAM} if NAMED_IAM in given else set())
    missing = [name for name in capabilities(template)[0] if name not in acknowledged]
    if missing:
        raise errors.InsufficientCapabilitiesException(names=", ".join(missing))


def summary(template: cfn.Template) -> dict[str, Any]:
    """What GetTemplateSummary and ValidateTemplate have in common."""
    needed, reason = capabilities(template)
    macros = sorted({macro.name for macro in template.transforms})
    optional = {
        "Description": template.description, "Capabilities": needed, "CapabilitiesReason": reason,
        "DeclaredTransforms": macros,
    }  # fmt: skip
    return {key: value for key, value in optional.items() if value}


def declarations(template: cfn.Template) -> list[dict[str, Any]]:
    """Parameters as GetTemplateSummary shows them."""
    shown = []
    for one in template.parameters.values():
        limits = {"AllowedValues": list(one.allowed_values)} if one.allowed_values else {}
        declared = {
            "ParameterKey": one.name, "DefaultValue": one.default, "ParameterType": one.type, "NoEcho": one.no_echo,
            "Description": one.description, "ParameterConstraints": limits,
        }  # fmt: skip
        shown.append({key: value for key, value in declared.items() if value is not None})
    return shown


def parameters(template: cfn.Template) -> list[dict[str, Any]]:
    """Parameters as ValidateTemplate shows them."""
    left_out = ("ParameterType", "ParameterConstraints")
    return [{key: value for key, value in one.items() if key not in left_out} for one in declarations(template)]
