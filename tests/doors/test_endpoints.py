"""AWS's own endpoints from inside: unmodified clients, real host names, TLS."""

import http.client
import json
import re
import time
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError


def test_a_client_that_knows_aws_alone_finds_its_services(inside, role_key, aws, monkeypatch):
    with inside.names(monkeypatch):
        assert inside.client("sts", key=role_key).get_caller_identity()["Account"] == aws.account
        sqs = inside.client("sqs", "eu-west-1", key=role_key)
        url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
        assert url == f"https://sqs.eu-west-1.amazonaws.com/{aws.account}/jobs"
        sqs.send_message(QueueUrl=url, MessageBody="hello")
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"
    assert aws("sqs", "eu-west-1").get_queue_url(QueueName="jobs")["QueueUrl"].endswith(f"/{aws.account}/jobs")


@pytest.mark.parametrize("style", ["virtual", "path"])
def test_buckets_have_names_of_their_own(inside, role_key, aws, monkeypatch, style):
    bucket = f"photos-{aws.account}"
    with inside.names(monkeypatch):
        s3 = inside.client("s3", key=role_key, signature_version="s3v4", s3={"addressing_style": style})
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="a/b", Body=b"picture")
        assert s3.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"picture"
        link = urlsplit(s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a/b"}))
        upload = s3.create_multipart_upload(Bucket=bucket, Key="c")["UploadId"]
        part = s3.upload_part(Bucket=bucket, Key="c", UploadId=upload, PartNumber=1, Body=b"x")["ETag"]
        made = s3.complete_multipart_upload(
            Bucket=bucket, Key="c", UploadId=upload, MultipartUpload={"Parts": [{"ETag": part, "PartNumber": 1}]}
        )
    assert inside.ask(link.hostname, f"{link.path}?{link.query}")[2] == b"picture"
    assert urlsplit(made["Location"]).path == ("/c" if style == "virtual" else f"/{bucket}/c")


def test_a_presigned_link_takes_an_upload(inside, role_key, aws, monkeypatch):
    with inside.names(monkeypatch):
        s3 = inside.client("s3", key=role_key)
        s3.create_bucket(Bucket=f"b{aws.account}")
        link = urlsplit(s3.generate_presigned_url("put_object", {"Bucket": f"b{aws.account}", "Key": "k"}))
    status, _, _ = inside.ask(link.hostname, f"{link.path}?{link.query}", "PUT", body=b"up")
    assert status == 200
    assert aws("s3").get_object(Bucket=f"b{aws.account}", Key="k")["Body"].read() == b"up"


def test_a_page_of_a_service_is_at_its_host(inside, aws):
    sns, sqs = aws("sns"), aws("sqs")
    topic = sns.create_topic(Name="news")["TopicArn"]
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{aws.account}:heard")
    sns.publish(TopicArn=topic, Message="hear")
    body = json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"][0]["Body"])
    path = urlsplit(body["SigningCertURL"]).path
    status, _, pem = inside.ask("sns.us-east-1.amazonaws.com", path)
    assert status == 200
    assert pem.startswith(b"-----BEGIN CERTIFICATE-----")


def test_links_for_others_are_not_by_awss_names(inside, role_key, aws, monkeypatch):
    topic = aws("sns").create_topic(Name="news")["TopicArn"]
    with inside.names(monkeypatch):
        sns = inside.client("sns", key=role_key)
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="reader@example.com")
    letter = next(letter for letter in wait_for(aws.outbox) if letter["to"] == "reader@example.com")
    links = re.findall(r"https?://\S+", letter["body"])
    assert links
    assert all(link.startswith(aws.url) for link in links)


def wait_for(look):
    deadline = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def test_what_is_not_here_says_so(inside):
    status, _, body = inside.ask("rekognition.us-east-1.amazonaws.com", "/", "POST", body=b"{}")
    assert status == 501
    assert b"rekognition" in body


def test_the_clouds_own_port_is_there_too(inside, role_key, aws):
    status, headers, _ = inside.ask("127.0.0.1", "/_freehold/health", port=inside.port)
    assert status == 200
    assert headers["Date"]


def test_one_connection_carries_many_requests(inside):
    connection = http.client.HTTPConnection("sts.amazonaws.com")
    connection.sock = inside.connect(443, "sts.amazonaws.com")
    for _ in range(3):
        connection.request(
            "GET", "/?Action=GetCallerIdentity&Version=2011-06-15", headers={"Host": "sts.amazonaws.com"}
        )
        answer = connection.getresponse()
        assert b"MissingAuthenticationToken" in answer.read()
    connection.close()


def test_keys_of_nobodys_are_refused(inside, monkeypatch):
    with inside.names(monkeypatch), pytest.raises(ClientError, match="InvalidClientTokenId"):
        inside.client("sts").get_caller_identity()
