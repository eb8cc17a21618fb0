"""Lists of grants, ownership, blocks on public access and policies: what they say, and that they decide."""

import base64
import hashlib
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def open_bucket(new_bucket, s3):
    """A bucket where lists count, and nothing is blocked."""

    def make(ownership="ObjectWriter"):
        name = new_bucket(ObjectOwnership=ownership)
        s3.delete_public_access_block(Bucket=name)
        return name

    return make


@pytest.fixture
def other(aws):
    """The root of another account."""
    return aws("s3", key="222222222222")


@pytest.fixture
def person(aws):
    """A client of this account that may do what its statements say, and no more."""
    made = []

    def make(*statements):
        made.append(aws.as_role("s3", f"person-{len(made)}", *statements))
        return made[-1]

    return make


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(bucket, *actions, principal="*", effect="Allow", **more):
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return {"Effect": effect, "Principal": principal, "Action": list(actions), "Resource": resources, **more}


def fetched(aws, path, method="GET", body=None, **headers):
    """Status and body of what a stranger asks for."""
    try:
        with urlopen(Request(f"{aws.url}/{path}", method=method, data=body, headers=headers)) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def denied(ask, *args, **kwargs):
    with pytest.raises(ClientError) as refused:
        ask(*args, **kwargs)
    error = refused.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 403
    return error["Error"].get("Message", "")


def codes(refusal, ask, **kwargs):
    code, error = refusal(ask, **kwargs)
    return code, error.get("Message"), error.get("ArgumentName"), error.get("ArgumentValue")


# Lists of grants


def test_lists_are_off_unless_asked_for(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", ACL="bucket-owner-full-control")
    for acl in (s3.get_bucket_acl(Bucket=bucket), s3.get_object_acl(Bucket=bucket, Key="a")):
        assert [each["Grantee"]["ID"] for each in acl["Grants"]] == [acl["Owner"]["ID"]]
    for ask in (
        lambda: s3.put_bucket_acl(Bucket=bucket, ACL="private"),
        lambda: s3.put_object(Bucket=bucket, Key="a", ACL="public-read"),
        lambda: s3.put_object_acl(Bucket=bucket, Key="a", ACL="public-read"),
        lambda: s3.create_multipart_upload(Bucket=bucket, Key="a", ACL="public-read"),
        lambda: s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a", ACL="public-read"),
    ):
        assert refusal(ask)[0] == "AccessControlListNotSupported"


@pytest.mark.parametrize("canned, shown", [
    ("private", []),
    ("public-read", [(ALL_USERS, "READ")]),
    ("public-read-write", [(ALL_USERS, "READ"), (ALL_USERS, "WRITE")]),
    ("authenticated-read", [("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "READ")]),
    ("log-delivery-write", [("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE"),
                            ("http://acs.amazonaws.com/groups/s3/LogDelivery", "READ_ACP")]),
    ("bucket-owner-full-control", []),
])  # fmt: skip
def test_canned_lists(s3, open_bucket, canned, shown):
    bucket = open_bucket()
    s3.put_bucket_acl(Bucket=bucket, ACL=canned)
    first, *rest = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    assert first["Permission"] == "FULL_CONTROL"
    assert [(each["Grantee"]["URI"], each["Permission"]) for each in rest] == shown


def test_grants_by_header_and_body(s3, open_bucket):
    bucket = open_bucket()
    me = s3.get_bucket_acl(Bucket=bucket)["Owner"]
    s3.put_bucket_acl(Bucket=bucket, GrantRead=f'uri="{ALL_USERS}", id="{me["ID"]}"', GrantWriteACP=f"id={me['ID']}")
    shown = [(each["Permission"], each["Grantee"]["Type"]) for each in s3.get_bucket_acl(Bucket=bucket)["Grants"]]
    assert shown == [("READ", "Group"), ("READ", "CanonicalUser"), ("WRITE_ACP", "CanonicalUser")]
    grant = {"Grantee": {"Type": "CanonicalUser", "ID": me["ID"]}, "Permission": "FULL_CONTROL"}
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": me, "Grants": [grant]})
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"] == [grant]


def test_lists_that_are_none(s3, bucket, refusal):
    put = s3.put_bucket_acl
    wrong_uri = "http://acs.amazonaws.com/groups/s3/FakeGroup"
    assert codes(refusal, put, Bucket=bucket, ACL="fake")[::2] == ("InvalidArgument", "x-amz-acl")
    uri = codes(refusal, put, Bucket=bucket, GrantWrite=f'uri="{wrong_uri}"')
    assert uri == ("InvalidArgument", "Invalid group uri", "uri", wrong_uri)
    form = codes(refusal, put, Bucket=bucket, GrantWrite='fakekey="1234"')
    assert form == ("InvalidArgument", "Argument format not recognized", "x-amz-grant-write", 'fakekey="1234"')
    mail = codes(refusal, put, Bucket=bucket, GrantRead='emailAddress="a@example.com"')
    assert mail[0] == "UnresolvableGrantByEmailAddress"
    assert codes(refusal, put, Bucket=bucket, AccessControlPolicy={})[0] == "MalformedACLError"
    both = codes(refusal, put, Bucket=bucket, ACL="private", GrantRead='id="1"')
    assert both[:2] == ("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
    assert codes(refusal, put, Bucket=bucket)[0] == "MissingSecurityHeader"


def test_strangers_read_what_is_public(s3, aws, open_bucket):
    bucket = open_bucket()
    s3.put_object(Bucket=bucket, Key="open", Body=b"for all", ACL="public-read")
    s3.put_object(Bucket=bucket, Key="shut", Body=b"for me")
    assert fetched(aws, f"{bucket}/open") == (200, b"for all")
    assert fetched(aws, f"{bucket}/shut")[0] == 403
    assert fetched(aws, f"{bucket}/missing")[0] == 403  # who may not list is not told
    assert fetched(aws, bucket)[0] == 403
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    assert b"<Key>open</Key>" in fetched(aws, bucket)[1]
    assert fetched(aws, f"{bucket}/missing")[0] == 404
    assert fetched(aws, f"{bucket}/theirs", "PUT", b"hello")[0] == 200
    acl = s3.get_bucket_acl(Bucket=bucket)
    theirs = s3.list_objects(Bucket=bucket, Prefix="theirs")["Contents"][0]
    assert theirs["Owner"]["ID"] != acl["Owner"]["ID"]
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert fetched(aws, f"{bucket}/open")[0] == 403


def test_writers_change_what_is_theirs_only(s3, aws, open_bucket):
    bucket = open_bucket()
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    s3.put_object(Bucket=bucket, Key="mine", Body=b"mine", ACL="public-read-write")
    assert fetched(aws, f"{bucket}/theirs", "PUT", b"theirs")[0] == 200
    assert fetched(aws, f"{bucket}/mine", "PUT", b"not mine")[0] == 403
    assert fetched(aws, f"{bucket}/mine", "DELETE")[0] == 403
    wanted = b"<Delete><Object><Key>mine</Key></Object><Object><Key>theirs</Key></Object></Delete>"
    digest = base64.b64encode(hashlib.md5(wanted).digest()).decode()
    status, told = fetched(aws, f"{bucket}?delete", "POST", wanted, **{"Content-MD5": digest})
    assert status == 200 and b"<Deleted><Key>theirs</Key></Deleted>" in told
    assert b"<Key>mine</Key><Code>AccessDenied</Code>" in told
    assert s3.get_object(Bucket=bucket, Key="mine")["Body"].read() == b"mine"


def test_objects_belong_to_their_writers(s3, other, aws, open_bucket):
    bucket = open_bucket()
    them = other.list_buckets()["Owner"]["ID"]
    s3.put_bucket_acl(Bucket=bucket, GrantWrite=f'id="{them}"', GrantFullControl=f'id="{_id(s3)}"')
    other.put_object(Bucket=bucket, Key="theirs", Body=b"theirs")
    assert other.get_object(Bucket=bucket, Key="theirs")["Body"].read() == b"theirs"
    denied(s3.get_object, Bucket=bucket, Key="theirs")
    denied(s3.get_object_acl, Bucket=bucket, Key="theirs")
    other.put_object_acl(Bucket=bucket, Key="theirs", ACL="bucket-owner-read")
    assert s3.get_object(Bucket=bucket, Key="theirs")["Body"].read() == b"theirs"
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)
    denied(other.get_object, Bucket=bucket, Key="theirs")
    assert s3.get_object_acl(Bucket=bucket, Key="theirs")["Owner"]["ID"] == _id(s3)
    s3.delete_object(Bucket=bucket, Key="theirs")


def _id(client):
    return client.list_buckets()["Owner"]["ID"]


def test_writers_may_hand_over(s3, other, open_bucket):
    bucket = open_bucket("BucketOwnerPreferred")
    s3.put_bucket_acl(Bucket=bucket, GrantWrite=f'id="{_id(other)}"', GrantFullControl=f'id="{_id(s3)}"')
    other.put_object(Bucket=bucket, Key="given", ACL="bucket-owner-full-control")
    other.put_object(Bucket=bucket, Key="kept")
    assert s3.get_object_acl(Bucket=bucket, Key="given")["Owner"]["ID"] == _id(s3)
    denied(s3.get_object, Bucket=bucket, Key="kept")


def test_uploads_keep_their_grants(s3, aws, open_bucket):
    bucket = open_bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="a", ACL="public-read")["UploadId"]
    etag = s3.upload_part(Bucket=bucket, Key="a", UploadId=upload, PartNumber=1, Body=b"abc")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    s3.complete_multipart_upload(Bucket=bucket, Key="a", UploadId=upload, MultipartUpload=parts)
    assert fetched(aws, f"{bucket}/a") == (200, b"abc")


def test_lists_of_delete_markers(s3, new_bucket, refusal):
    bucket = new_bucket(versioned=True)
    s3.put_object(Bucket=bucket, Key="a")
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    assert refusal(s3.put_object_acl, Bucket=bucket, Key="a", ACL="private")[0] == "MethodNotAllowed"
    assert refusal(s3.get_object_acl, Bucket=bucket, Key="a")[0] == "NoSuchKey"
    assert refusal(s3.get_object_acl, Bucket=bucket, Key="a", VersionId=marker)[0] == "MethodNotAllowed"


# Ownership and blocks


def test_ownership_and_lists_must_agree(s3, open_bucket, new_bucket, refusal, aws):
    bucket = open_bucket()
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    put = s3.put_bucket_ownership_controls
    assert refusal(put, Bucket=bucket, OwnershipControls=enforced)[0] == "InvalidBucketAclWithObjectOwnership"
    assert refusal(put, Bucket=bucket, OwnershipControls={"Rules": []})[0] == "MalformedXML"
    create = s3.create_bucket
    name = f"refused-{aws.account}"
    assert refusal(create, Bucket=name, ACL="public-read")[0] == "InvalidBucketAclWithObjectOwnership"
    code = refusal(create, Bucket=name, ACL="public-read", ObjectOwnership="ObjectWriter")[0]
    assert code == "InvalidBucketAclWithBlockPublicAccessError"
    assert refusal(create, Bucket=name, ObjectOwnership="Nobody")[0] == "InvalidArgument"
    s3.create_bucket(Bucket=name, ACL="private")


def test_public_lists_may_be_blocked(s3, new_bucket):
    bucket = new_bucket(ObjectOwnership="ObjectWriter")  # everything is blocked in a new bucket
    s3.put_object(Bucket=bucket, Key="a")
    assert "BlockPublicAcls" in denied(s3.put_bucket_acl, Bucket=bucket, ACL="public-read")
    assert "BlockPublicAcls" in denied(s3.put_object_acl, Bucket=bucket, Key="a", ACL="authenticated-read")
    assert "BlockPublicAcls" in denied(s3.put_object, Bucket=bucket, Key="a", ACL="public-read")
    s3.put_object(Bucket=bucket, Key="a", ACL="private")


# Policies


def test_a_policy_alone_lets_in(s3, bucket, person, aws):
    nobody = person()
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    assert "no identity-based policy allows the s3:GetObject action" in denied(
        nobody.get_object, Bucket=bucket, Key="a"
    )
    role = f"arn:aws:iam::{aws.account}:role/person-0"
    s3.put_bucket_policy(Bucket=bucket, Policy=document(allow(bucket, "s3:GetObject", principal={"AWS": role})))
    assert nobody.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    assert "s3:ListBucket" in denied(nobody.get_object, Bucket=bucket, Key="missing")


def test_another_account_needs_both(s3, bucket, other, aws):
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    denied(other.get_object, Bucket=bucket, Key="a")
    s3.put_bucket_policy(
        Bucket=bucket, Policy=document(allow(bucket, "s3:GetObject", principal={"AWS": "222222222222"}))
    )
    assert other.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    denied(other.put_object, Bucket=bucket, Key="b")


@pytest.mark.parametrize("condition, allowed, refused", [
    ({"StringEquals": {"s3:prefix": "home/"}}, {"Prefix": "home/"}, {"Prefix": "etc/"}),
    ({"StringEquals": {"s3:delimiter": "/"}}, {"Delimiter": "/"}, {}),
    ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"MaxKeys": 10}, {"MaxKeys": 11}),
])  # fmt: skip
def test_conditions_on_listings(s3, bucket, person, condition, allowed, refused):
    one = person({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": condition})
    one.list_objects_v2(Bucket=bucket, **allowed)
    denied(one.list_objects_v2, Bucket=bucket, **refused)


@pytest.mark.parametrize("key, allowed, refused", [
    ("s3:x-amz-acl", {"ACL": "private"}, {"ACL": "bucket-owner-full-control"}),
    ("s3:x-amz-storage-class", {"StorageClass": "STANDARD_IA"}, {"StorageClass": "GLACIER"}),
    ("s3:x-amz-server-side-encryption", {"ServerSideEncryption": "AES256"}, {}),
    ("s3:RequestObjectTag/team", {"Tagging": "team=a"}, {"Tagging": "team=b"}),
])  # fmt: skip
def test_conditions_on_writes(s3, bucket, key, allowed, refused):
    value = {"team=a": "a"}.get(*(next(iter(allowed.values())),) * 2)
    condition = {"StringNotEquals": {key: value}}
    deny = allow(bucket, "s3:PutObject", effect="Deny", Condition=condition)
    s3.put_bucket_policy(Bucket=bucket, Policy=document(deny))
    s3.put_object(Bucket=bucket, Key="a", **allowed)
    assert "explicit deny in a resource-based policy" in denied(s3.put_object, Bucket=bucket, Key="a", **refused)


def test_conditions_on_what_is_there(s3, bucket, aws):
    s3.delete_public_access_block(Bucket=bucket)
    tagged = {"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}
    s3.put_bucket_policy(Bucket=bucket, Policy=document(allow(bucket, "s3:GetObject", Condition=tagged)))
    s3.put_object(Bucket=bucket, Key="open", Tagging="public=yes", Body=b"open")
    s3.put_object(Bucket=bucket, Key="shut", Tagging="public=no")
    assert fetched(aws, f"{bucket}/open") == (200, b"open")
    assert fetched(aws, f"{bucket}/shut")[0] == 403


def test_a_public_policy_may_be_blocked(s3, bucket, aws, refusal):
    public = document(allow(bucket, "s3:GetObject"))
    assert "BlockPublicPolicy" in denied(s3.put_bucket_policy, Bucket=bucket, Policy=public)
    s3.delete_public_access_block(Bucket=bucket)
    assert refusal(s3.get_bucket_policy_status, Bucket=bucket)[0] == "NoSuchBucketPolicy"
    s3.put_bucket_policy(Bucket=bucket, Policy=public)
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"]
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    assert fetched(aws, f"{bucket}/a")[0] == 200
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert fetched(aws, f"{bucket}/a")[0] == 403


@pytest.mark.parametrize("written, words", [
    ("", "Policies must be valid JSON and the first byte must be '{'"),
    ("{}", "Missing required field Statement"),
    ({"Principal": None}, "Missing required field Principal"),
    ({"Effect": None}, "Missing required field Effect"),
    ({"Action": None}, "Missing required field Action"),
    ({"Resource": None}, "Missing required field Resource"),
    ({"Effect": "Maybe"}, "Invalid effect: Maybe"),
    ({"Action": "sqs:SendMessage"}, "Policy has invalid action"),
    ({"Resource": "arn:aws:s3:::another"}, "Policy has invalid resource"),
    ({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{}/*"}, None),
    ({"Resource": "arn:aws:s3:::{}"}, "Action does not apply to any resource(s) in statement"),
    ({"Principal": {"AWS": "nobody"}}, "Invalid principal in policy"),
    ({"Statements": []}, "Unknown field Statements"),
])  # fmt: skip
def test_policies_that_are_none(s3, bucket, refusal, written, words):
    if isinstance(written, dict):
        one = allow(bucket, "s3:GetObject", principal={"AWS": "222222222222"}) | written
        one = {name: value for name, value in one.items() if value is not None}
        one = {name: value.format(bucket) if name == "Resource" and isinstance(value, str) else value
               for name, value in one.items()}  # fmt: skip
        written = document(one)
    if words is None:  # a wildcard may stand for anything
        s3.put_bucket_policy(Bucket=bucket, Policy=written)
        return
    code, error = refusal(s3.put_bucket_policy, Bucket=bucket, Policy=written)
    assert (code, error["Message"]) == ("MalformedPolicy", words)


def test_a_canonical_id_names_an_account(s3, other, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    named = {"CanonicalUser": _id(other)}
    s3.put_bucket_policy(Bucket=bucket, Policy=document(allow(bucket, "s3:GetObject", principal=named)))
    assert other.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"


def test_everybody_but_one(s3, bucket, person, aws):
    all_of_it = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    one, another = person(all_of_it), person(all_of_it)
    spared = [f"arn:aws:iam::{aws.account}:root", f"arn:aws:iam::{aws.account}:role/person-0",
              f"arn:aws:sts::{aws.account}:assumed-role/person-0/test"]  # fmt: skip
    deny = allow(bucket, "s3:ListBucket", effect="Deny")
    deny["NotPrincipal"] = {"AWS": spared}
    del deny["Principal"]
    s3.put_bucket_policy(Bucket=bucket, Policy=document(deny))
    one.list_objects_v2(Bucket=bucket)
    denied(another.list_objects_v2, Bucket=bucket)


def test_the_expected_owner(s3, bucket, aws, refusal):
    s3.list_objects_v2(Bucket=bucket, ExpectedBucketOwner=aws.account)
    assert refusal(s3.list_objects_v2, Bucket=bucket, ExpectedBucketOwner="000000000001")[0] == "AccessDenied"
    code = refusal(s3.list_objects_v2, Bucket=bucket, ExpectedBucketOwner="nobody")[0]
    assert code == "InvalidBucketOwnerAWSAccountID"


def test_conditions_on_signatures(s3, bucket, person):
    """A presigned URL may be forbidden where signed headers are not, and the other way round."""
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    one = person({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    url = one.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})  # of Version 2

    def denied_where(**condition):
        deny = allow(bucket, "s3:GetObject", effect="Deny", Condition=condition)
        s3.put_bucket_policy(Bucket=bucket, Policy=document(deny))
        outcomes = []
        for ask in (lambda: urlopen(url), lambda: one.get_object(Bucket=bucket, Key="a")):
            try:
                ask()
                outcomes.append(False)
            except (HTTPError, ClientError):
                outcomes.append(True)
        return outcomes

    assert denied_where(StringEquals={"s3:authType": "REST-QUERY-STRING"}) == [True, False]
    assert denied_where(StringEquals={"s3:authType": "REST-HEADER"}) == [False, True]
    assert denied_where(StringEquals={"s3:signatureversion": "AWS"}) == [True, False]
    assert denied_where(StringEquals={"s3:signatureversion": "AWS4-HMAC-SHA256"}) == [False, True]
    assert denied_where(NumericLessThan={"s3:signatureAge": 600_000}) == [False, True]
    assert denied_where(NumericGreaterThan={"s3:signatureAge": 600_000}) == [False, False]
