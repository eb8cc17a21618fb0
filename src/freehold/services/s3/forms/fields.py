"""Fields of forms: who signed them, and which headers they stand for. It may not know policies.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
"""

import re
from collections.abc import Mapping
from urllib.parse import quote_plus
from xml.etree import ElementTree

from freehold.services.s3 import errors
from freehold.services.s3.forms.errors import MalformedPOSTRequest
from freehold.services.s3.forms.multipart import Form
from freehold.web import SignedText

FILENAME = "${filename}"
ALGORITHM = "AWS4-HMAC-SHA256"
SIGNED_4 = ("x-amz-signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date")
SIGNED_2 = ("signature", "awsaccesskeyid")
WRITTEN = {"awsaccesskeyid": "AWSAccessKeyId"}  # as AWS writes a field's name, where its words are not capitalized
MISSING = "Bucket POST must contain a field named '{}'.  If it is specified, please check the order of the fields."
ONE_FILE = "POST requires exactly one file upload per request."

# Fields that are headers of a PutObject under the same name, or another; those of AWS's own are, but for those LEFT.
HEADERS = {
    "acl": "x-amz-acl", "cache-control": "cache-control", "content-disposition": "content-disposition",
    "content-encoding": "content-encoding", "content-language": "content-language", "content-type": "content-type",
    "content-md5": "content-md5", "expires": "expires",
}  # fmt: skip
OWN = "x-amz-"
LEFT = (*SIGNED_4, "x-amz-security-token", "x-amz-copy-source")  # of a signature, or of what is no form
FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")  # RFC 9110, 5.1


def texts(form: Form) -> dict[str, str]:
    """The fields as texts, with the file's name where they ask for it."""
    found = {name: value.decode("utf-8", "replace") for name, value in form.fields.items()}
    if form.filename is None:
        return found
    return {name: value.replace(FILENAME, form.filename) for name, value in found.items()}


def required(fields: Mapping[str, str], form: Form) -> None:
    """Raise InvalidArgument unless there are a key and a file."""
    if not fields.get("key"):
        raise errors.InvalidArgument(reason=MISSING.format("key"), ArgumentName="key", ArgumentValue="")
    if form.file is None:
        raise errors.InvalidArgument(reason=ONE_FILE, ArgumentName="file", ArgumentValue="0")


def signed(fields: Mapping[str, str]) -> SignedText:
    """Who signed the policy. Raises InvalidArgument for half a signature, AccessDenied for none."""
    text, token = fields["policy"], fields.get("x-amz-security-token", "")
    if _whole(fields, SIGNED_4):
        key, *scope = fields["x-amz-credential"].split("/")
        if fields["x-amz-algorithm"] != ALGORITHM or len(scope) != 4:
            raise errors.InvalidArgument(
                reason="Credential must be of the form <YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request",
                ArgumentName="X-Amz-Credential", ArgumentValue=fields["x-amz-credential"],
            )  # fmt: skip
        return SignedText(key, token, (scope[0], scope[1], scope[2]), text, fields["x-amz-signature"])
    if _whole(fields, SIGNED_2):
        return SignedText(fields["awsaccesskeyid"], token, None, text, fields["signature"])
    raise errors.AccessDenied()


def _whole(fields: Mapping[str, str], names: tuple[str, ...]) -> bool:
    """Whether there is a signature of these fields."""
    if not any(name in fields for name in names):
        return False
    for name in names:
        if name not in fields:
            written = WRITTEN.get(name, name.title() if "-" in name else name)
            raise errors.InvalidArgument(reason=MISSING.format(written), ArgumentName=written, ArgumentValue="")
    return True


def headers(form: Form, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a PutObject of the form would have in its head: values one character a byte. Raises MalformedXML;
    MalformedPOSTRequest for a name that no header has."""
    found = []
    for name, value in fields.items():
        if name.startswith(OWN) and not FIELD_NAME.fullmatch(name):
            raise MalformedPOSTRequest()
        header = HEADERS.get(name, name if name.startswith(OWN) and name not in LEFT else "")
        if header:
            found.append((header, value.encode().decode("latin-1")))
    tagging = _tagging(form.fields["tagging"]) if "tagging" in form.fields else ""
    return found + ([("x-amz-tagging", tagging)] if tagging else [])


def _tagging(document: bytes) -> str:
    """A tag set in XML as the header has it. What is no tag set has no tags."""
    if b"<!" in document or b"\0" in document:
        raise errors.MalformedXML()
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError:
        raise errors.MalformedXML() from None
    pairs = []
    for tag in root.iterfind("{*}TagSet/{*}Tag"):
        key, value = tag.findtext("{*}Key", ""), tag.findtext("{*}Value", "")
        pairs.append(f"{quote_plus(key)}={quote_plus(value)}")
    return "&".join(pairs)
