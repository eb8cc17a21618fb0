"""Functions that know AWS alone: real host names, no endpoint set, from inside cells."""

import io
import json
import os
import shutil
import subprocess
import zipfile

import pytest
from tests.conftest import Aws

from freehold.sandbox.runtimes.javas import javas

GO = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")


@pytest.fixture(scope="module")
def walled(cloud):
    """An account of a cloud whose functions run in cells with networks of their own."""
    if not cloud.cloud.sandbox.transparent:
        pytest.skip("cells have no networks of their own on this machine: see freehold doctor")
    return Aws(cloud, "111122223333")


class Functions:
    """Makes functions of one file, in one account."""

    def __init__(self, aws):
        self.aws, self.count = aws, 0
        self.role = aws.role("role", "lambda.amazonaws.com", ANYTHING)

    def make(self, source, name="index.py", runtime="python3.11", memory=512):
        """The ARN of a new function."""
        self.count += 1
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, source)
        client, function = self.aws("lambda"), f"function{self.count}"
        made = client.create_function(
            FunctionName=function, Role=self.role, Runtime=runtime, Handler="index.handler", Timeout=60,
            MemorySize=memory, Code={"ZipFile": buffer.getvalue()},
        )  # fmt: skip
        client.get_waiter("function_active_v2").wait(FunctionName=function)
        return made["FunctionArn"]

    def run(self, source, event=None, **settings):
        """What a new function answers."""
        arn = self.make(source, **settings)
        answer = self.aws("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
        told = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, told
        return told


@pytest.fixture(scope="module")
def functions(walled):
    return Functions(walled)


BOTO = """
import os
del os.environ["AWS_ENDPOINT_URL"]
import boto3
def handler(event, context):
    sqs, s3 = boto3.client("sqs"), boto3.client("s3")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    s3.create_bucket(Bucket="made-inside")
    s3.put_object(Bucket="made-inside", Key="k", Body=b"from inside")
    return [url, boto3.client("sts").get_caller_identity()["Account"]]
"""


def test_boto3_without_an_endpoint(functions, walled):
    assert functions.run(BOTO) == ["https://sqs.us-east-1.amazonaws.com/111122223333/jobs", "111122223333"]
    assert walled("s3").get_object(Bucket="made-inside", Key="k")["Body"].read() == b"from inside"


ENDPOINT = """
import os, boto3, urllib.request
def handler(event, context):
    url = os.environ["AWS_ENDPOINT_URL"]
    health = urllib.request.urlopen(url + "/_freehold/health").status
    return [url, boto3.client("sts").get_caller_identity()["Account"], health]
"""


def test_the_endpoint_is_set_too(functions, walled):
    url = f"http://127.0.0.1:{walled.running.cloud.doors.port}"
    assert functions.run(ENDPOINT) == [url, "111122223333", 200]


HOSTILE = """
import socket, urllib.error, urllib.request
def status(url, headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10).status
    except urllib.error.HTTPError as refusal:
        return refusal.code
def resolved(name):
    try:
        return socket.gethostbyname(name)
    except OSError:
        return None
def handler(event, context):
    bases = [event, "http://localhost", "https://localhost", "https://sts.amazonaws.com"]
    return {
        "pages": [status(base + "/_freehold/outbox", {"X-Forwarded-For": "127.0.0.1"}) for base in bases],
        "other": resolved("example.com"),
        "own": [resolved(name) for name in ("localhost", "sandbox.localdomain", "s3.amazonaws.com")],
    }
"""


def test_what_a_hostile_function_finds(functions, walled):
    told = functions.run(HOSTILE, f"http://127.0.0.1:{walled.running.cloud.doors.port}")
    assert told == {"pages": [403, 403, 403, 400], "other": None, "own": ["127.0.0.1"] * 3}


READER = """
import urllib.request
def handler(event, context):
    return urllib.request.urlopen(event, timeout=10).read().decode()
"""


def test_a_hard_coded_url_over_https(functions, walled):
    s3 = walled("s3")
    s3.create_bucket(Bucket="public")
    s3.delete_public_access_block(Bucket="public")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::public/*"}
    s3.put_bucket_policy(Bucket="public", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="public", Key=".well-known/jwks.json", Body=b'{"keys": []}')
    url = "https://public.s3.us-east-1.amazonaws.com/.well-known/jwks.json"
    assert functions.run(READER, url) == '{"keys": []}'


def test_a_function_url_from_another_function(functions, walled):
    arn = functions.make("def handler(event, context): return event['requestContext']['domainName']")
    client = walled("lambda")
    client.create_function_url_config(FunctionName=arn, AuthType="NONE")
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        client.add_permission(
            FunctionName=arn, StatementId=action[7:], Action=action, Principal="*",
            **({"FunctionUrlAuthType": "NONE"} if action.endswith("Url") else {}),
        )  # fmt: skip
    asker = """
import boto3, os, urllib.request
del os.environ["AWS_ENDPOINT_URL"]
def handler(event, context):
    url = boto3.client("lambda").get_function_url_config(FunctionName=event)["FunctionUrl"]
    return [url, urllib.request.urlopen(url, timeout=30).read().decode()]
"""
    url, told = functions.run(asker, arn)
    assert url.startswith("https://")
    assert url.endswith(".lambda-url.us-east-1.on.aws/")
    assert url == f"https://{told}/"


ANSWERS = """
const https = require("https");
const url = require("url");
exports.handler = (event, context) => {
  const body = JSON.stringify({
    Status: "SUCCESS", PhysicalResourceId: "thing", StackId: event.StackId, RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId, Data: { Asked: event.ResponseURL },
  });
  const parsed = url.parse(event.ResponseURL);
  const request = https.request(
    { hostname: parsed.hostname, port: 443, path: parsed.path, method: "PUT",
      headers: { "content-type": "", "content-length": body.length } },
    (response) => { console.log("status", response.statusCode); context.done(); });
  request.on("error", (error) => { console.log("send failed", error); context.done(); });
  request.write(body);
  request.end();
};
"""


@needs_node
def test_a_custom_resource_that_answers_over_https(functions, walled):
    """As AWS's own samples do it: the https module, port 443, and nothing of ours."""
    arn = functions.make(ANSWERS, "index.js", "nodejs20.x")
    resource = {"Type": "Custom::Thing", "Properties": {"ServiceToken": arn, "ServiceTimeout": "60"}}
    outputs = {"Asked": {"Value": {"Fn::GetAtt": ["Thing", "Asked"]}}}
    body = json.dumps({"Resources": {"Thing": resource}, "Outputs": outputs})
    stacks = walled("cloudformation")
    stacks.create_stack(StackName="own", TemplateBody=body)
    stacks.get_waiter("stack_create_complete").wait(StackName="own", WaiterConfig={"Delay": 0.1, "MaxAttempts": 900})
    asked = stacks.describe_stacks(StackName="own")["Stacks"][0]["Outputs"][0]["OutputValue"]
    assert asked.startswith("https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/")


FETCHES = """
const https = require("https");
exports.handler = (event) => new Promise((resolve, reject) => {
  https.get(event, (answer) => {
    const trusted = answer.socket.authorized;
    let body = "";
    answer.on("data", (part) => { body += part; });
    answer.on("end", () => resolve([answer.statusCode, trusted, body]));
  }).on("error", reject);
});
"""


@needs_node
def test_node_trusts_and_resolves(functions):
    status, trusted, body = functions.run(
        FETCHES, "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", name="index.js",
        runtime="nodejs20.x",
    )  # fmt: skip
    assert trusted
    assert "MissingAuthenticationToken" in body
    assert status == 403


FETCH_RUBY = """
require "net/http"
def handler(event:, context:)
  answer = Net::HTTP.get_response(URI(event))
  [answer.code, answer.body]
end
"""


@pytest.mark.skipif(shutil.which("ruby") is None, reason="ruby is not on this machine")
def test_ruby_trusts_and_resolves(functions):
    url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"
    status, body = functions.run(FETCH_RUBY, url, name="index.rb", runtime="ruby3.4")
    assert status == "403"
    assert "MissingAuthenticationToken" in body


FETCH_GO = """
package main

import ("bytes"; "encoding/json"; "io"; "net/http"; "os")

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, _ := http.Get(api + "next")
		var url, told string
		json.NewDecoder(next.Body).Decode(&url)
		if answer, err := http.Get(url); err != nil {
			told = err.Error()
		} else {
			body, _ := io.ReadAll(answer.Body)
			told = answer.Status + string(body)
		}
		said, _ := json.Marshal(told)
		http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "", bytes.NewReader(said))
	}
}
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(GO is None, reason="go is not on this machine")
def test_go_trusts_and_resolves(functions, tmp_path):
    (tmp_path / "main.go").write_text(FETCH_GO)
    environ = {**os.environ, "CGO_ENABLED": "0"}
    subprocess.run([GO, "build", "-o", "bootstrap", "main.go"], cwd=tmp_path, env=environ, check=True, timeout=280)
    url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"
    program = (tmp_path / "bootstrap").read_bytes()
    told = functions.run(program, url, name="bootstrap", runtime="provided.al2023")
    assert told.startswith("403")
    assert "MissingAuthenticationToken" in told


SHELL = """
import subprocess
def handler(event, context):
    done = subprocess.run(event, shell=True, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    return done.stdout + done.stderr
"""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_programs_that_read_no_variable_trust_the_machines_bundle(functions):
    told = functions.run(SHELL, "curl -sS 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'")
    assert "MissingAuthenticationToken" in told


def test_the_authoritys_key_is_nowhere_inside(functions):
    told = functions.run(SHELL, "ls /etc/freehold; grep -rl PRIVATE /etc/freehold; touch /etc/freehold/mine")
    assert told.splitlines()[:3] == ["authorities.p12", "authority.pem", "bundle.pem"]
    assert "PRIVATE" not in told
    assert "Read-only" in told or "Permission denied" in told


FETCH_JAVA = """
import java.net.*;
public class Fetch {
  public static void main(String[] arguments) throws Exception {
    URI uri = new URI("https://sqs.eu-west-1.amazonaws.com/nothing");
    System.out.println("status " + ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode());
  }
}
"""
RUN_JAVA = """
import os, subprocess
def handler(event, context):
    with open("/tmp/Fetch.java", "w") as file:
        file.write(event["source"])
    told = []
    for java in event["javas"]:
        command = [java, "-Xmx128m", "/tmp/Fetch.java"]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/tmp")
        told.append(done.stdout + done.stderr)
    return told
"""


@pytest.mark.skipif(not javas(), reason="java is not on this machine")
def test_java_trusts(functions):
    found = [str(java) for version, java in javas().items() if version >= 11]  # which run a source as it is
    told = functions.run(RUN_JAVA, {"source": FETCH_JAVA, "javas": found}, memory=1024)
    assert ["status 4" in each for each in told] == [True] * len(found), told
