"""Objects by boto3 as programs use it: resources, the transfer manager, presigned links, waiters and paginators."""

import gzip
import io
import json
import threading

import pytest
import requests
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

MB = 1024 * 1024
PARTS = TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB, max_concurrency=4)


@pytest.fixture
def s3(session):
    return session.client("s3")


@pytest.fixture
def bucket(session, name):
    """A bucket as a resource."""
    made = session.resource("s3").create_bucket(Bucket=name)
    made.wait_until_exists()
    return made


def pattern(size: int) -> bytes:
    """Bytes that tell each place from every other."""
    return b"".join(number.to_bytes(8, "big") for number in range(size // 8)) + bytes(size % 8)


def test_objects_as_resources(session, bucket):
    made = bucket.Object("notes/a.txt")
    made.put(Body="one", ContentType="text/plain", Metadata={"Color": "green"}, Tagging="kind=note")
    assert made.get()["Body"].read() == b"one"
    assert (made.content_length, made.content_type, made.metadata) == (3, "text/plain", {"color": "green"})
    bucket.put_object(Key="notes/b.txt", Body=b"two")
    bucket.Object("other/c.txt").copy_from(CopySource={"Bucket": bucket.name, "Key": "notes/a.txt"})
    assert bucket.Object("other/c.txt").metadata == {"color": "green"}
    assert [one.key for one in bucket.objects.all()] == ["notes/a.txt", "notes/b.txt", "other/c.txt"]
    assert [one.size for one in bucket.objects.filter(Prefix="notes/").limit(1)] == [3]
    assert [one.key for one in bucket.objects.page_size(1)] == ["notes/a.txt", "notes/b.txt", "other/c.txt"]
    assert made.last_modified == next(iter(bucket.objects.all())).last_modified
    assert session.resource("s3").Bucket(bucket.name).creation_date is not None
    gone = bucket.Object("gone")
    with pytest.raises(ClientError) as refusal:
        gone.load()
    assert refusal.value.response["Error"] == {"Code": "404", "Message": "Not Found"}
    with pytest.raises(session.resource("s3").meta.client.exceptions.NoSuchKey):
        gone.get()
    [deleted] = bucket.objects.filter(Prefix="notes/").delete()
    assert sorted(one["Key"] for one in deleted["Deleted"]) == ["notes/a.txt", "notes/b.txt"]


def test_versions_and_settings_as_resources(session, bucket):
    bucket.Versioning().enable()
    bucket.Versioning().reload()
    assert bucket.Versioning().status == "Enabled"
    first = bucket.put_object(Key="k", Body=b"1").version_id
    bucket.put_object(Key="k", Body=b"2")
    bucket.Object("k").delete()
    versions = list(bucket.object_versions.filter(Prefix="k"))  # the versions of a page, then its delete markers
    assert (len(versions), versions[1].id, versions[2].is_latest) == (3, first, True)
    assert bucket.Object("k").Version(first).get()["Body"].read() == b"1"
    bucket.Object("k").Version(first).delete()
    bucket.Tagging().put(Tagging={"TagSet": [{"Key": "team", "Value": "a"}]})
    assert bucket.Tagging().tag_set == [{"Key": "team", "Value": "a"}]
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    bucket.Cors().put(CORSConfiguration={"CORSRules": [rule]})
    assert bucket.Cors().cors_rules == [rule]
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket.name}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    session.client("s3").delete_public_access_block(Bucket=bucket.name)
    bucket.Policy().put(Policy=policy)
    assert json.loads(bucket.Policy().policy)["Statement"][0]["Action"] == "s3:GetObject"
    with pytest.raises(bucket.meta.client.exceptions.ClientError, match="BucketNotEmpty"):
        bucket.delete()
    bucket.object_versions.delete()
    bucket.delete()
    bucket.wait_until_not_exists()


def test_a_multipart_upload_by_hand(bucket):
    upload = bucket.Object("big").initiate_multipart_upload(Metadata={"made": "by-hand"})
    whole = pattern(5 * MB + 17)
    tags = [upload.Part(1).upload(Body=whole[: 5 * MB])["ETag"], upload.Part(2).upload(Body=whole[5 * MB :])["ETag"]]
    assert [part.size for part in upload.parts.all()] == [5 * MB, 17]
    assert [one.object_key for one in bucket.multipart_uploads.all()] == ["big"]
    made = upload.complete(
        MultipartUpload={"Parts": [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]}
    )
    assert made.e_tag.endswith('-2"') and made.metadata == {"made": "by-hand"}
    assert made.get(Range="bytes=5242879-5242881")["Body"].read() == whole[5 * MB - 1 : 5 * MB + 2]
    assert made.get(PartNumber=2)["Body"].read() == whole[5 * MB :]
    other = bucket.Object("big").initiate_multipart_upload()
    other.Part(1).copy_from(CopySource={"Bucket": bucket.name, "Key": "big"}, CopySourceRange="bytes=0-9")
    other.abort()
    assert list(bucket.multipart_uploads.all()) == []


@pytest.mark.parametrize("algorithm", [None, "CRC32C", "SHA256", "CRC64NVME"])
def test_the_transfer_manager_sends_and_fetches_by_parts(s3, bucket, tmp_path, algorithm):
    whole = pattern(12 * MB + 3)
    (tmp_path / "up").write_bytes(whole)
    seen, lock = [0], threading.Lock()

    def progress(sent: int) -> None:
        with lock:
            seen[0] += sent

    extra = {"Metadata": {"a": "b"}, "ServerSideEncryption": "AES256"}
    extra |= {"ChecksumAlgorithm": algorithm} if algorithm else {}
    s3.upload_file(str(tmp_path / "up"), bucket.name, "k", ExtraArgs=extra, Config=PARTS, Callback=progress)
    assert seen[0] == len(whole)
    told = s3.head_object(Bucket=bucket.name, Key="k", ChecksumMode="ENABLED")
    assert told["ETag"].endswith('-3"') and told["Metadata"] == {"a": "b"}
    assert f"Checksum{algorithm or 'CRC32'}" in told
    s3.download_file(bucket.name, "k", str(tmp_path / "down"), Config=PARTS)
    assert (tmp_path / "down").read_bytes() == whole


def test_file_objects_streams_and_copies(s3, bucket):
    whole = pattern(11 * MB)
    s3.upload_fileobj(io.BytesIO(whole), bucket.name, "stream", Config=PARTS)
    unsized = io.BufferedReader(io.BytesIO(gzip.compress(b"packed" * 1000)))
    s3.upload_fileobj(unsized, bucket.name, "packed", ExtraArgs={"ContentEncoding": "gzip"})
    into = io.BytesIO()
    s3.download_fileobj(bucket.name, "stream", into, Config=PARTS)
    assert into.getvalue() == whole
    source = {"Bucket": bucket.name, "Key": "stream"}
    s3.copy(source, bucket.name, "copied by parts", Config=PARTS)
    told = s3.head_object(Bucket=bucket.name, Key="copied by parts")
    assert (told["ContentLength"], told["ETag"][-3:]) == (len(whole), '-3"')
    s3.copy(source, bucket.name, "copied at once", ExtraArgs={"StorageClass": "STANDARD_IA"})
    body = s3.get_object(Bucket=bucket.name, Key="copied at once")["Body"]
    assert b"".join(body.iter_chunks(MB)) == whole
    lines = bucket.put_object(Key="lines", Body=b"a\nb\nc").get()["Body"].iter_lines()
    assert list(lines) == [b"a", b"b", b"c"]


def test_presigned_links(s3, bucket):
    where = {"Bucket": bucket.name, "Key": "a b/ü+%.txt"}
    put = s3.generate_presigned_url("put_object", Params={**where, "ContentType": "text/plain"}, ExpiresIn=60)
    assert requests.put(put, "hello", headers={"content-type": "text/plain"}, timeout=60).status_code == 200
    get = s3.generate_presigned_url("get_object", Params={**where, "ResponseContentDisposition": "attachment"})
    answer = requests.get(get, timeout=60)
    assert (answer.text, answer.headers["content-disposition"]) == ("hello", "attachment")
    assert answer.headers["content-type"] == "text/plain"
    ranged = requests.get(get, headers={"range": "bytes=1-2"}, timeout=60)
    assert (ranged.status_code, ranged.text, ranged.headers["content-range"]) == (206, "el", "bytes 1-2/5")
    delete = s3.generate_presigned_url("delete_object", Params=where)
    assert requests.delete(delete, timeout=60).status_code == 204
    gone = requests.get(get, timeout=60)
    assert gone.status_code == 404 and "<Code>NoSuchKey</Code>" in gone.text


@pytest.mark.parametrize(("version", "code"), [("s3v4", "X-Amz-Signature="), ("s3", "&Signature=")])
def test_a_presigned_link_of_a_user_holds_only_as_it_was_signed(session, bucket, version, code):
    iam = session.client("iam")
    iam.create_user(UserName=bucket.name)
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket.name}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName=bucket.name, PolicyName="read", PolicyDocument=policy)
    key = iam.create_access_key(UserName=bucket.name)["AccessKey"]
    own = session.client(
        "s3", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
        config=Config(signature_version=version),
    )  # fmt: skip
    bucket.put_object(Key="k", Body=b"read me")
    link = own.generate_presigned_url("get_object", Params={"Bucket": bucket.name, "Key": "k"})
    assert code in link
    assert requests.get(link, timeout=60).text == "read me"
    changed = requests.get(link.replace(code, f"{code}0"), timeout=60)
    assert changed.status_code == 403 and "<Code>SignatureDoesNotMatch</Code>" in changed.text
    other = own.generate_presigned_url("put_object", Params={"Bucket": bucket.name, "Key": "k"})
    assert "<Code>AccessDenied</Code>" in requests.put(other, b"x", timeout=60).text


def test_a_presigned_form(s3, bucket):
    conditions = [["content-length-range", 1, 10], ["starts-with", "$Content-Type", "text/"]]
    form = s3.generate_presigned_post(
        bucket.name, "forms/${filename}", {"success_action_status": "201"},
        [{"success_action_status": "201"}, *conditions], ExpiresIn=60,
    )  # fmt: skip
    fields = {**form["fields"], "Content-Type": "text/plain"}
    made = requests.post(form["url"], fields, files={"file": ("n.txt", b"posted")}, timeout=60)
    assert made.status_code == 201 and "<Key>forms/n.txt</Key>" in made.text
    told = bucket.Object("forms/n.txt").get()
    assert (told["Body"].read(), told["ContentType"]) == (b"posted", "text/plain")
    long = requests.post(form["url"], fields, files={"file": ("n.txt", b"much too long")}, timeout=60)
    assert long.status_code == 400 and "<Code>EntityTooLarge</Code>" in long.text
    other = requests.post(form["url"], {**fields, "Content-Type": "image/png"}, files={"file": b"x"}, timeout=60)
    assert other.status_code == 403 and "Policy Condition failed" in other.text


def test_waiters_and_paginators(s3, bucket):
    with pytest.raises(WaiterError):
        s3.get_waiter("object_exists").wait(Bucket=bucket.name, Key="k0", WaiterConfig={"Delay": 1, "MaxAttempts": 1})
    for number in range(5):
        bucket.put_object(Key=f"k{number}", Body=b"")
        bucket.put_object(Key=f"folder {number}/k", Body=b"")
    s3.get_waiter("object_exists").wait(Bucket=bucket.name, Key="k0")
    about = {"Bucket": bucket.name, "Delimiter": "/", "PaginationConfig": {"PageSize": 3}}
    pages = list(s3.get_paginator("list_objects_v2").paginate(**about))
    keys, folders = ([one for page in pages for one in page.get(name, [])] for name in ("Contents", "CommonPrefixes"))
    assert [one["Key"] for one in keys] == [f"k{number}" for number in range(5)]
    assert [one["Prefix"] for one in folders] == [f"folder {number}/" for number in range(5)]
    assert [page["KeyCount"] for page in pages] == [3, 3, 3, 1]
    few = s3.get_paginator("list_objects").paginate(Bucket=bucket.name, PaginationConfig={"MaxItems": 4, "PageSize": 3})
    read = few.build_full_result()
    assert len(read["Contents"]) == 4
    rest = s3.get_paginator("list_objects").paginate(
        Bucket=bucket.name, PaginationConfig={"StartingToken": read["NextToken"]}
    )
    assert len(rest.build_full_result()["Contents"]) == 6
    versions = s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name, PaginationConfig={"PageSize": 4})
    assert len([one for page in versions for one in page["Versions"]]) == 10
    s3.delete_object(Bucket=bucket.name, Key="k0")
    s3.get_waiter("object_not_exists").wait(Bucket=bucket.name, Key="k0")
