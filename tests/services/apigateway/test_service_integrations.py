"""Integrations with other services: queues, tables, functions, as a role that may or may not."""

import base64
import io
import json
import time
import zipfile

import pytest

SEND = "Action=SendMessage&MessageBody=$input.json('$')"


def trusted(aws, name, *actions):
    return aws.role(name, "apigateway.amazonaws.com", {"Effect": "Allow", "Action": actions, "Resource": "*"})


@pytest.fixture
def queue(aws):
    class Queue:
        sqs = aws("sqs")
        name = "orders"
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        uri = f"arn:aws:apigateway:us-east-1:sqs:path/{aws.account}/{name}"

        def bodies(self):
            found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
            return found.get("Messages", [])

    return Queue()


def posting(queue, role, template=SEND, responses=None):
    return {
        "type": "AWS", "httpMethod": "POST", "uri": queue.uri, "credentials": role,
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {"application/json": template}, "passthroughBehavior": "NEVER",
        "responses": responses or {"default": {"statusCode": "200"}},
    }  # fmt: skip


def test_a_body_goes_to_a_queue(aws, queue, deployed, shorthand):
    role = trusted(aws, "sender", "sqs:SendMessage")
    api = deployed({"/orders": {"post": shorthand.operation(posting(queue, role))}})
    answer = api("POST", "/orders", {"data": {"n": 1, "why": "a=b"}})
    assert answer.status == 200
    told = answer.json["SendMessageResponse"]
    assert list(told) == ["ResponseMetadata", "SendMessageResult"] and told["ResponseMetadata"]["RequestId"]
    (message,) = queue.bodies()
    assert json.loads(message["Body"]) == {"data": {"n": 1, "why": "a=b"}}
    assert told["SendMessageResult"] == {
        "MD5OfMessageAttributes": None, "MD5OfMessageBody": message["MD5OfBody"],
        "MD5OfMessageSystemAttributes": None, "MessageId": message["MessageId"], "SequenceNumber": None,
    }  # fmt: skip


def test_attributes_and_encoded_bodies(aws, queue, deployed, shorthand):
    template = (
        "Action=SendMessage&MessageBody=$util.urlEncode($input.body)&DelaySeconds=0"
        "&MessageAttribute.1.Name=who&MessageAttribute.1.Value.DataType=String"
        "&MessageAttribute.1.Value.StringValue=$context.httpMethod"
    )
    role = trusted(aws, "sender", "sqs:SendMessage")
    answers = {"default": {"statusCode": "202", "responseTemplates": {"application/json": (
        "#set($r = $input.path('$'))\"$r.SendMessageResponse.SendMessageResult.MessageId\"")}}}  # fmt: skip
    api = deployed({"/orders": {"post": shorthand.operation(posting(queue, role, template, answers))}})
    answer = api("POST", "/orders", '{"a": "x&y=z + 100%"}')
    (message,) = queue.bodies()
    assert (answer.status, answer.json) == (202, message["MessageId"])
    assert message["Body"] == '{"a": "x&y=z + 100%"}'
    assert message["MessageAttributes"] == {"who": {"DataType": "String", "StringValue": "POST"}}


def test_parameters_alone_can_say_it(aws, queue, deployed, shorthand):
    integration = posting(queue, trusted(aws, "sender", "sqs:SendMessage")) | {"requestTemplates": {}}
    integration |= {
        "passthroughBehavior": "WHEN_NO_MATCH",
        "uri": "arn:aws:apigateway:us-east-1:sqs:action/SendMessage",
    }
    integration["requestParameters"] = {
        "integration.request.querystring.MessageBody": "method.request.body",
        "integration.request.querystring.QueueUrl": f"'{queue.url}'",
    }
    api = deployed({"/orders": {"post": shorthand.operation(integration)}})
    assert api("POST", "/orders", "plain & simple", {"Content-Type": "text/plain"}).status == 200
    assert [message["Body"] for message in queue.bodies()] == ["plain & simple"]


def test_malformed_json_reaches_no_queue(aws, queue, deployed, shorthand):
    api = deployed({"/": {"post": shorthand.operation(posting(queue, trusted(aws, "sender", "sqs:*")))}})
    answer = api("POST", "/", '{"a": ')
    assert answer.status == 400
    assert answer.json["message"].startswith("Could not parse request body into json: ")
    assert queue.bodies() == []


def test_a_role_that_may_not(aws, queue, deployed, shorthand):
    responses = {
        "default": {"statusCode": "200"},
        "4\\d{2}": {"statusCode": "400", "responseTemplates": {"application/json": "$input.json('$.Error')"}},
    }
    role = trusted(aws, "reader", "sqs:ReceiveMessage")
    api = deployed({"/": {"post": shorthand.operation(posting(queue, role, responses=responses))}})
    answer = api("POST", "/", {})
    assert answer.status == 400
    assert answer.json["Code"] == "AccessDenied" and "BackplaneAssumeRoleSession" in answer.json["Message"]
    assert queue.bodies() == []


def test_a_role_that_trusts_somebody_else(aws, queue, deployed, shorthand):
    role = aws.role("other", "lambda.amazonaws.com", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    answer = deployed({"/": {"post": shorthand.operation(posting(queue, role))}})("POST", "/", {})
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_a_queue_that_is_not_there(aws, queue, deployed, shorthand):
    integration = posting(queue, trusted(aws, "sender", "sqs:*"))
    queue.sqs.delete_queue(QueueUrl=queue.url)
    answer = deployed({"/": {"post": shorthand.operation(integration)}})("POST", "/", {})
    assert answer.json["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_items_of_a_table(aws, deployed, shorthand):
    if "dynamodb" not in aws.running.cloud.door.rooms:
        pytest.skip("the dynamodb room is not loaded")
    aws("dynamodb").create_table(
        TableName="pets", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    role = trusted(aws, "keeper", "dynamodb:PutItem", "dynamodb:GetItem")
    usual = {"type": "AWS", "httpMethod": "POST", "credentials": role, "responses": {"default": {"statusCode": "200"}}}
    uri = "arn:aws:apigateway:us-east-1:dynamodb:action/"
    put = '{"TableName": "pets", "Item": {"id": {"S": "$context.requestId"}, "name": {"S": $input.json("$.name")}}}'
    get = '{"TableName": "pets", "Key": {"id": {"S": "$input.params(\'id\')"}}}'
    shown = {
        "default": {"statusCode": "200", "responseTemplates": {"application/json": "$input.json('$.Item.name.S')"}}
    }

    def asking(name, template, **more):
        return shorthand.operation(
            usual | {"uri": uri + name, "requestTemplates": {"application/json": template}} | more
        )

    api = deployed({
        "/pets": {"post": asking("PutItem", put)},
        "/pets/{id}": {"get": asking("GetItem", get, responses=shown)},
        "/scan": {"get": asking("Scan", '{"TableName": "pets"}')},
    })  # fmt: skip
    made = api("POST", "/pets", {"name": "Rex"})
    assert (made.status, made.json) == (200, {})
    assert api("GET", f"/pets/{made.headers['x-amzn-RequestId']}").json == "Rex"
    assert api("GET", "/scan").json["__type"].endswith("AccessDeniedException")


# Functions

ECHO = "def handler(event, context):\n    return {'statusCode': 200, 'body': __import__('json').dumps(event)}\n"
GIVEN = "def handler(event, context):\n    return __import__('json').loads(event['body'])\n"
BACK = "def handler(event, context):\n    return {key: event[key] for key in ('body', 'isBase64Encoded')}\n"
PLAIN = (
    "def handler(event, context):\n    if event.get('fail'):\n        raise Exception('Bad: ' + event['fail'])\n"
    "    return {'got': event}\n"
)
GUARD = """
def handler(event, context):
    token = event.get('authorizationToken') or event['headers'].get('Authorization')
    if token == 'nobody':
        raise Exception('Unauthorized')
    effect = 'Allow' if token == 'yes' else 'Deny'
    policy = {'Version': '2012-10-17', 'Statement': [
        {'Action': 'execute-api:Invoke', 'Effect': effect, 'Resource': event['methodArn']}]}
    return {'principalId': 'me', 'policyDocument': policy, 'context': {'level': 7, 'ok': True}}
"""


@pytest.fixture
def function(aws):
    """Makes a function of Python code that API Gateway may invoke; its integration URI."""
    if "lambda" not in aws.running.cloud.door.rooms:
        pytest.skip("the lambda room is not loaded")
    client = aws("lambda")
    role = aws.role("runner", "lambda.amazonaws.com", {"Effect": "Allow", "Action": "logs:*", "Resource": "*"})

    def make(code, name="f", allowed=True):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            file.writestr("index.py", code)
        arn = client.create_function(
            FunctionName=name, Runtime="python3.12", Handler="index.handler", Role=role, Timeout=10,
            Code={"ZipFile": packed.getvalue()},
        )["FunctionArn"]  # fmt: skip
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
        if allowed:
            client.add_permission(
                FunctionName=name, StatementId="api", Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com", SourceArn=f"arn:aws:execute-api:us-east-1:{aws.account}:*",
            )  # fmt: skip
        return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"

    return make


def proxy(uri):
    return {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}


def test_the_event_of_a_proxy(aws, deployed, shorthand, function):
    api = deployed(
        {"/pets/{id}": {"x-amazon-apigateway-any-method": shorthand.operation(proxy(function(ECHO)))}},
        stage={"variables": {"color": "red"}},
    )
    event = api("POST", "/pets/a%20b?q=1&q=2", '{"n": 1}', {"X-Own": "yes", "Content-Type": "application/json"}).json
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/pets/{id}", "/pets/a%20b", "POST")
    assert event["pathParameters"] == {"id": "a b"} and event["stageVariables"] == {"color": "red"}
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["headers"]["X-Own"] == "yes" and event["multiValueHeaders"]["X-Own"] == ["yes"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"n": 1}', False)
    context = event["requestContext"]
    assert (context["path"], context["resourcePath"], context["stage"]) == ("/test/pets/a%20b", "/pets/{id}", "test")
    assert (context["accountId"], context["apiId"]) == (aws.account, api.id)
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert abs(context["requestTimeEpoch"] / 1000 - time.time()) < 60


def test_the_answers_of_a_proxy(deployed, shorthand, function):
    api = deployed({"/": {"post": shorthand.operation(proxy(function(GIVEN)))}})
    several = {"Set-Cookie": ["b", "c"]}
    given = {"statusCode": "201", "headers": {"X-Own": True, "Set-Cookie": "a"}, "multiValueHeaders": several}
    answer = api("POST", "/", given | {"body": "made"})
    assert (answer.status, answer.body, answer.headers["X-Own"]) == (201, b"made", "true")
    assert answer.headers.get_all("Set-Cookie") == ["b", "c"]
    for bad in ('"text"', '{"statusCode": 200, "body": {"a": 1}}', '{"own": 1}', '{"statusCode": "often"}', "{"):
        answer = api("POST", "/", bad)
        assert (answer.status, answer.json) == (502, {"message": "Internal server error"}), bad


def test_binary_bodies(deployed, shorthand, function):
    """Sent as base64 to the function, and by it; text where the caller accepts no binary."""
    api = deployed(
        {"/": {"post": shorthand.operation(proxy(function(BACK)))}},
        **{"x-amazon-apigateway-binary-media-types": ["image/png"]},
    )
    content, media = bytes(range(256)), {"Content-Type": "image/png"}
    assert api("POST", "/", content, media | {"Accept": "image/png"}).body == content
    assert api("POST", "/", content, media).body == base64.b64encode(content)


def test_a_function_that_does_not_let_the_api_in(deployed, shorthand, function):
    answer = deployed({"/": {"get": shorthand.operation(proxy(function(ECHO, allowed=False)))}})("GET", "/")
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_a_function_behind_templates(deployed, shorthand, function):
    integration = proxy(function(PLAIN)) | {
        "type": "AWS",
        "requestTemplates": {"application/json": '{"fail": "$input.params(\'fail\')"}'},
        "responses": {
            "default": {"statusCode": "200"},
            "Bad:.*": {
                "statusCode": "422",
                "responseTemplates": {"application/json": "$input.json('$.errorMessage')"},
            },
        },
    }
    api = deployed({"/": {"get": shorthand.operation(integration)}})
    assert api("GET", "/").json == {"got": {"fail": ""}}
    failed = api("GET", "/?fail=no")
    assert (failed.status, failed.json) == (422, "Bad: no")


@pytest.mark.parametrize("kind", ["token", "request"])
def test_functions_that_guard(deployed, shorthand, function, kind):
    guard = {"type": kind, "authorizerUri": function(GUARD, "guard"), "authorizerResultTtlInSeconds": 0,
             "identitySource": "method.request.header.Authorization"}  # fmt: skip
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
              "x-amazon-apigateway-authorizer": guard}  # fmt: skip
    template = '{"who": "$context.authorizer.principalId", "level": "$context.authorizer.level"}'
    api = deployed(
        {"/": {"get": shorthand.operation(shorthand.mock(template=template), security=[{"guard": []}])}},
        components={"securitySchemes": {"guard": scheme}},
    )
    assert api("GET", "/", headers={"Authorization": "yes"}).json == {"who": "me", "level": "7"}
    for token, status, told in (
        ("no", 403, {"Message": "User is not authorized to access this resource with an explicit deny"}),
        ("nobody", 401, {"message": "Unauthorized"}),
        (None, 401, {"message": "Unauthorized"}),
    ):
        answer = api("GET", "/", headers={"Authorization": token} if token else {})
        assert (answer.status, answer.json) == (status, told), token
