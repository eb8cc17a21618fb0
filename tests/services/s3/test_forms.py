"""Forms: objects that browsers upload by POST, and what their policies hold them to."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from freehold.kernel.errors import AwsError
from freehold.services.s3.forms import multipart, policies

MARK = "----a-boundary"


@pytest.fixture
def post(aws):
    """Post a form to a bucket: status, headers (small letters), body."""

    def send(bucket, fields, file=b"content", filename="a.txt"):
        parts = [f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                 for name, value in fields.items()]  # fmt: skip
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + file + f"\r\n--{MARK}--\r\n".encode()
        connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
        connection.request("POST", f"/{bucket}", body, {"Content-Type": f"multipart/form-data; boundary={MARK}"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    return send


def signed(s3, bucket, key="a", conditions=(), **fields):
    """The fields of a form that boto3 signs."""
    made = s3.generate_presigned_post(
        bucket, key, Fields=dict(fields), Conditions=[*conditions, *({name: fields[name]} for name in fields)]
    )
    return made["fields"]


def code(body):
    return ElementTree.fromstring(body).findtext("Code")


def test_a_form_becomes_an_object(s3, bucket, post):
    more = {"Content-Type": "text/plain", "x-amz-meta-colour": "red", "tagging": "<Tagging><TagSet><Tag><Key>a</Key>"
            "<Value>b</Value></Tag></TagSet></Tagging>"}  # fmt: skip
    status, headers, _ = post(bucket, signed(s3, bucket, **more))
    found = s3.get_object(Bucket=bucket, Key="a")
    assert (status, headers["etag"]) == (204, found["ETag"])
    assert found["Body"].read() == b"content"
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"colour": "red"})
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_the_name_of_the_file(s3, bucket, post):
    status, headers, body = post(
        bucket, signed(s3, bucket, "in/${filename}", success_action_status="201"), filename="C:\\my\\b.txt"
    )
    answer = ElementTree.fromstring(body)
    assert status == 201 and headers["location"].endswith(f"/{bucket}/in/b.txt")
    assert [answer.findtext(name) for name in ("Bucket", "Key")] == [bucket, "in/b.txt"]


def test_a_page_to_go_to(s3, bucket, post):
    status, headers, _ = post(bucket, signed(s3, bucket, success_action_redirect="http://example.com/done?x=1"))
    assert status == 303
    assert headers["location"].startswith(f"http://example.com/done?x=1&bucket={bucket}&key=a&etag=%22")
    assert post(bucket, signed(s3, bucket, success_action_redirect="/done"))[0] == 204


def test_large_files_and_files_that_look_like_their_end(s3, bucket, post):
    file = (b"x" * 70_000 + f"\r\n--{MARK[:-1]}".encode()) * 5
    assert post(bucket, signed(s3, bucket), file)[0] == 204
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == file


def test_how_large_a_file_may_be(s3, bucket, post):
    fields = signed(s3, bucket, conditions=[["content-length-range", 2, 4]])
    status, _, body = post(bucket, fields, b"12345")
    assert (status, code(body)) == (400, "EntityTooLarge") and b"<ProposedSize>5</ProposedSize>" in body
    assert code(post(bucket, fields, b"1")[2]) == "EntityTooSmall"
    assert post(bucket, fields, b"123")[0] == 204


def test_what_is_not_as_the_policy_says(s3, bucket, post):
    fields = signed(s3, bucket)
    status, _, body = post(bucket, fields | {"key": "other"})
    words = 'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "a"]'
    assert status == 403 and ElementTree.fromstring(body).findtext("Message") == words
    status, _, body = post(bucket, fields | {"x-amz-meta-more": "1"})
    assert status == 403 and b"Extra input fields: x-amz-meta-more" in body


def test_what_is_no_form(s3, bucket, post, aws):
    connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
    connection.request("POST", f"/{bucket}", b"a=b", {"Content-Type": "text/html"})
    answer = connection.getresponse()
    assert answer.status == 412 and b"Bucket POST must be of the enclosure-type multipart/form-data" in answer.read()
    fields = signed(s3, bucket)
    del fields["x-amz-signature" if "x-amz-signature" in fields else "signature"]
    assert b"Bucket POST must contain a field named" in post(bucket, fields)[2]
    assert code(post(bucket, {"key": "a"})[2]) == "AccessDenied"


def form(key, secret, bucket, now, version=4, **more):
    """A form signed with a key of this cloud's own."""
    day, stamp = f"{now:%Y%m%d}", f"{now:%Y%m%dT%H%M%SZ}"
    credential = f"{key}/{day}/us-east-1/s3/aws4_request"
    fields = {"key": "a", "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": credential, "x-amz-date": stamp}
    fields = (fields if version == 4 else {"key": "a"}) | more
    conditions = [{name: value} for name, value in ({"bucket": bucket} | fields).items()]
    expiration = (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    policy = base64.b64encode(json.dumps({"expiration": expiration, "conditions": conditions}).encode()).decode()
    if version == 2:
        signature = base64.b64encode(hmac.digest(secret.encode(), policy.encode(), "sha1")).decode()
        return fields | {"AWSAccessKeyId": key, "policy": policy, "signature": signature}
    made = f"AWS4{secret}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request"):
        made = hmac.digest(made, part.encode(), "sha256")
    return fields | {"policy": policy, "x-amz-signature": hmac.new(made, policy.encode(), hashlib.sha256).hexdigest()}


@pytest.mark.parametrize("version", [2, 4])
def test_signatures_and_permissions_of_those_who_signed(s3, aws, bucket, post, version):
    iam, now = aws("iam"), datetime.now(UTC)
    name = f"poster-{version}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    fields = form(made["AccessKeyId"], made["SecretAccessKey"], bucket, now, version)
    assert code(post(bucket, fields)[2]) == "AccessDenied"
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
    assert post(bucket, fields)[0] == 204
    wrong = form(made["AccessKeyId"], "not the secret", bucket, now, version)
    status, _, body = post(bucket, wrong)
    assert (status, code(body)) == (403, "SignatureDoesNotMatch")
    assert ElementTree.fromstring(body).findtext("StringToSign") == wrong["policy"]


def policy(*conditions, expiration="2999-01-01T00:00:00Z"):
    return base64.b64encode(json.dumps({"expiration": expiration, "conditions": conditions}).encode()).decode()


@pytest.mark.parametrize(
    "text, words",
    [
        (policy(expiration="2001-01-01T00:00:00Z"), "Invalid according to Policy: Policy expired."),
        (policy({"key": "a", "acl": "b"}), "Simple-Conditions must have exactly one property specified."),
        (policy(["starts-with", "$key", "b"]), 'Policy Condition failed: ["starts-with", "$key", "b"]'),
        (policy(["eq", "key", "a"]), 'Policy Condition failed: ["eq", "key", "a"]'),
        (policy(["content-length-range", "x", "1"], {"key": "a"}), '["content-length-range", "x", "1"]'),
        ("!", "Invalid Policy: Invalid JSON."),
        (policy(), "Extra input fields: key"),
    ],
)
def test_policies_that_do_not_hold(text, words):
    with pytest.raises(AwsError) as refused:
        policies.held(text, {"key": "a"}, 1_000_000_000)
    assert words in str(refused.value)


@pytest.mark.parametrize("step", [1, 2, 7, 1_000])
def test_forms_in_any_pieces(cloud, step):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="Key"\r\n\r\nk\r\n'
        b'--b\r\nContent-Disposition: form-data; name=file; filename="x"\r\n\r\nab\r\n-\r\n--\r\n--b--\r\n'
    )

    async def pieces():
        for at in range(0, len(body), step):
            yield body[at : at + step]

    async def read():
        form = await multipart.read(pieces(), b"b")
        return form.fields, form.filename, b"".join([chunk async for chunk in form.file])

    assert cloud.run(read()) == ({"key": b"k"}, "x", b"ab\r\n-\r\n--")


def test_the_event_of_a_form(s3, aws, bucket, post):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=f"of-{bucket}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:*", "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    )
    s3.put_bucket_notification_configuration(
        Bucket=bucket, SkipDestinationValidation=True,
        NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:Post"]}]},
    )  # fmt: skip
    s3.put_object(Bucket=bucket, Key="other")
    post(bucket, signed(s3, bucket))
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    record = json.loads(message["Body"])["Records"][0]
    assert (record["eventName"], record["s3"]["object"]["key"]) == ("ObjectCreated:Post", "a")


def test_a_form_is_no_copy(s3, bucket, post):
    s3.put_object(Bucket=bucket, Key="covert", Body=b"covert")
    source = f"{bucket}/covert"
    assert post(bucket, signed(s3, bucket, **{"x-amz-copy-source": source}))[0] == 204
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"content"


@pytest.mark.parametrize("name", ["x-amz-meta-a\r\nset-cookie", "x-amz-meta-a b", "x-amz-meta-\u20ac", "x-amz-meta-a:"])
def test_names_that_no_header_has(s3, bucket, post, name):
    status, _, body = post(bucket, signed(s3, bucket, **{name: "b"}))
    assert (status, code(body)) == (400, "MalformedPOSTRequest")


@pytest.mark.parametrize(
    "text", ["[" * 15_000, '{"expiration": "2999-01-01T00:00:00Z", "conditions": [["content-length-range", 0, 1e999]]}']
)
def test_policies_that_no_reader_can_read(text):
    with pytest.raises(AwsError):
        policies.held(base64.b64encode(text.encode()).decode(), {}, 0.0)


def test_a_page_to_go_to_whose_address_is_no_latin(s3, bucket, post):
    page = "http://pages.example/\u65e5?a=b"
    status, headers, _ = post(bucket, signed(s3, bucket, success_action_redirect=page))
    assert status == 303
    assert headers["location"].encode("latin-1").decode().startswith(f"{page}&bucket={bucket}")
