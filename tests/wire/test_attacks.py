"""What strangers try: each test is a way in that was open once."""

import http.client
import io
import json
import time
import zipfile
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from freehold.web import Headers, HttpRequest

SIGNED = "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=00"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def exchange(cloud, method, path, headers=None, body=b""):
    connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def from_address(cloud, address, path, method="GET"):
    """The status and body of a request as if it came from that address."""
    http = HttpRequest(method, path, headers=Headers([("host", "cloud.example:4566")]), source_ip=address)
    response = cloud.run(cloud.cloud.wire(http))
    return response.status, response.body


# Pages of the house


@pytest.mark.parametrize("page", ["status", "outbox", "clock"])
def test_house_pages_answer_this_machine_only(cloud, page):
    status, body = from_address(cloud, "192.0.2.7", f"/_freehold/{page}")
    assert status == 403
    assert "this machine" in json.loads(body)["message"]
    assert from_address(cloud, "::1", f"/_freehold/{page}")[0] == 200


def test_everybody_may_ask_for_health(cloud):
    assert from_address(cloud, "192.0.2.7", "/_freehold/health")[0] == 200


def test_a_web_page_does_not_move_the_clock(cloud):
    answer, _ = exchange(cloud, "POST", "/_freehold/clock", {"Origin": "http://evil.example"}, b'{"advance": 1}')
    assert answer.status == 403


# Web pages in the browser of somebody whose cloud takes any key


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://evil.example/http://localhost/"},
    ],
)
def test_a_web_page_of_another_site_is_nobodys_root(cloud, headers):
    headers = headers | FORM | {"Authorization": SIGNED.format("test", "iam")}
    answer, content = exchange(cloud, "POST", "/", headers, b"Action=ListUsers&Version=2010-05-08")
    assert answer.status == 403
    assert b"InvalidClientTokenId" in content


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "https://127.0.0.1", "http://app.localhost", "http://[::1]:1"]
)
def test_a_web_page_of_this_machine_may_use_any_key(cloud, origin):
    headers = FORM | {"Origin": origin, "Authorization": SIGNED.format("test", "iam")}
    answer, _ = exchange(cloud, "POST", "/", headers, b"Action=ListUsers&Version=2010-05-08")
    assert answer.status == 200


# Who signs


def test_nobody_assumes_a_role_unsigned(aws, cloud):
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam").create_role(RoleName="open", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    asked = f"Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=evil"
    answer, content = exchange(cloud, "POST", "/", FORM, asked.encode())
    assert answer.status == 403
    assert b"MissingAuthenticationToken" in content


def presigned(aws, digest):
    """A URL that lets its holder put the object of one digest."""
    aws("iam").create_user(UserName="u")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("iam").put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    key = aws("iam").create_access_key(UserName="u")["AccessKey"]
    aws("s3").create_bucket(Bucket=f"b{aws.account}")
    request = AWSRequest("PUT", f"{aws.url}/b{aws.account}/k", params={"X-Amz-Content-Sha256": digest})
    signer = S3SigV4QueryAuth(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "s3", aws.region)
    signer.payload = lambda request: digest
    signer.add_auth(request)
    return request.prepare().url


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}],
)
def test_a_presigned_digest_binds_the_body(aws, cloud, headers):
    url = urlsplit(presigned(aws, EMPTY))
    answer, content = exchange(cloud, "PUT", f"{url.path}?{url.query}", headers, b"other")
    assert answer.status == 400
    assert b"XAmzContentSHA256Mismatch" in content


def test_a_presigned_digest_lets_its_own_body_pass(aws):
    with urlopen(Request(presigned(aws, EMPTY), b"", method="PUT")) as answer:
        assert answer.status == 200


# What is no operation


def test_a_room_without_an_api_is_no_service(cloud):
    headers = {"Authorization": SIGNED.format("test", "house"), "X-Amz-Target": "X.deliver"}
    answer, content = exchange(cloud, "POST", "/", headers, b"{}")
    assert answer.status == 501
    assert b"house" in content


@pytest.mark.parametrize(
    ("service", "target"), [("sqs", "AmazonSQS.move_messages"), ("logs", "Logs_20140328.append_lines")]
)
def test_internal_operations_have_no_way_in_from_outside(cloud, service, target):
    headers = {"Authorization": SIGNED.format("test", service), "X-Amz-Target": target}
    answer, content = exchange(cloud, "POST", "/", headers, b"{}")
    assert answer.status == 400
    assert b"UnknownOperation" in content


def test_internal_operations_have_no_way_in_through_an_integration(aws, cloud):
    role = aws.role("gateway", "apigateway.amazonaws.com")
    gateway = aws("apigateway")
    api = gateway.create_rest_api(name="way-in")["id"]
    method = {
        "restApiId": api,
        "resourceId": gateway.get_resources(restApiId=api)["items"][0]["id"],
        "httpMethod": "POST",
    }
    gateway.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{aws.region}:logs:action/append_lines"
    gateway.put_integration(**method, type="AWS", integrationHttpMethod="POST", uri=uri, credentials=role)
    gateway.create_deployment(restApiId=api, stageName="s")
    body = json.dumps({"group": "evil", "stream": "s", "events": []}).encode()
    exchange(cloud, "POST", f"/_aws/execute-api/{api}/s/", {"Content-Type": "application/json"}, body)
    assert not aws("logs").describe_log_groups()["logGroups"]


# Another account's roles


def test_a_stack_takes_no_role_of_another_account(aws):
    role = aws.role("victim", "cloudformation.amazonaws.com").replace(aws.account, "999999999999")
    other = aws("iam", key="999999999999")
    document = aws("iam").get_role(RoleName="victim")["Role"]["AssumeRolePolicyDocument"]
    other.create_role(RoleName="victim", AssumeRolePolicyDocument=json.dumps(document))
    body = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    with pytest.raises(ClientError, match="cannot be assumed"):
        aws("cloudformation").create_stack(StackName="s", TemplateBody=body, RoleARN=role)


def test_a_function_takes_no_role_of_another_account(aws):
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam", key="888888888888").create_role(RoleName="victim", AssumeRolePolicyDocument=document)["Role"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("m.py", "")
    function = {"FunctionName": "f", "Runtime": "python3.11", "Handler": "m.h", "Code": {"ZipFile": code.getvalue()}}
    with pytest.raises(ClientError, match="cannot be assumed"):
        aws("lambda").create_function(**function, Role=role["Arn"])


def test_a_machine_takes_no_role_that_does_not_trust_it(aws):
    role = aws.role("victim", "lambda.amazonaws.com", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:iam:createUser", "End": True}
    definition = json.dumps({"StartAt": "A", "States": {"A": task | {"Parameters": {"UserName": "evil"}}}})
    states = aws("stepfunctions")
    try:
        machine = states.create_state_machine(name="m", definition=definition, roleArn=role)["stateMachineArn"]
    except ClientError:
        return
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    while states.describe_execution(executionArn=execution)["status"] == "RUNNING":
        pass
    assert not aws("iam").list_users()["Users"]


def test_who_gives_an_integration_a_role_must_be_allowed_to_pass_it(aws):
    role = aws.role("gateway", "apigateway.amazonaws.com", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    builder = aws.as_role("apigateway", "builder", {"Effect": "Allow", "Action": "apigateway:*", "Resource": "*"})
    api = builder.create_rest_api(name="way-in")["id"]
    method = {
        "restApiId": api,
        "resourceId": builder.get_resources(restApiId=api)["items"][0]["id"],
        "httpMethod": "POST",
    }
    builder.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{aws.region}:dynamodb:action/ListTables"
    with pytest.raises(ClientError, match="iam:PassRole"):
        builder.put_integration(**method, type="AWS", integrationHttpMethod="POST", uri=uri, credentials=role)


def test_another_accounts_arn_names_no_parameter_of_ones_own(aws):
    aws("ssm").put_parameter(Name="/secret", Type="String", Value="x")
    with pytest.raises(ClientError):
        aws("ssm").get_parameter(Name=f"arn:aws:ssm:{aws.region}:777777777777:parameter/secret")


# Lines and lengths


def test_a_header_is_one_line(aws, cloud):
    aws("s3").create_bucket(Bucket=f"lines{aws.account}")
    aws("s3").put_object(Bucket=f"lines{aws.account}", Key="k", Body=b"x")
    path = f"/lines{aws.account}/k?response-content-type=a%0d%0aX-Evil:%20yes"
    answer, _ = exchange(cloud, "GET", path, {"Authorization": SIGNED.format(aws.account, "s3")})
    assert answer.status == 200
    assert "x-evil" not in answer.headers


def test_a_long_host_takes_no_long_time(cloud):
    began = time.monotonic()
    exchange(cloud, "GET", "/", {"Host": "a.s3." * 6_000})
    assert time.monotonic() - began < 0.5
