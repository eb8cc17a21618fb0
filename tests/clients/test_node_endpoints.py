"""Functions in JavaScript that know AWS's endpoints alone, with either SDK that a runtime brings."""

import io
import json
import shutil
import zipfile

import pytest

from freehold import cache

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

VERSION_3 = """
delete process.env.AWS_ENDPOINT_URL;
const { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand } = require("@aws-sdk/client-s3");
const { SQSClient, CreateQueueCommand, SendMessageCommand } = require("@aws-sdk/client-sqs");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");
exports.handler = async (bucket) => {
  const s3 = new S3Client(), sqs = new SQSClient({ region: "eu-west-1" });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "from inside" }));
  const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: "k" }), { expiresIn: 60 });
  const queue = (await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }))).QueueUrl;
  await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "hello" }));
  return [queue, new URL(link).host, await (await fetch(link)).text()];
};
"""

VERSION_2 = """
const AWS = require("aws-sdk");
const s3 = new AWS.S3({ signatureVersion: "v4" }), sqs = new AWS.SQS({ region: "eu-west-1" });
exports.handler = (bucket, context, callback) => {
  s3.createBucket({ Bucket: bucket }, (failed) => {
    if (failed) return callback(failed);
    s3.putObject({ Bucket: bucket, Key: "k", Body: "from inside" }, (failed) => {
      if (failed) return callback(failed);
      sqs.createQueue({ QueueName: "jobs" }, (failed, made) => {
        if (failed) return callback(failed);
        sqs.sendMessage({ QueueUrl: made.QueueUrl, MessageBody: "hello" }, (failed) => {
          const link = s3.getSignedUrl("getObject", { Bucket: bucket, Key: "k" });
          require("https").get(link, (answer) => {
            let text = "";
            answer.on("data", (part) => { text += part; });
            answer.on("end", () => callback(failed, [made.QueueUrl, new URL(link).host, text]));
          }).on("error", callback);
        });
      });
    });
  });
};
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("folder", "runtime", "source"), [("nodejs", "nodejs20.x", VERSION_3), ("nodejs-v2", "nodejs14.x", VERSION_2)]
)
def test_functions_that_know_no_endpoint(aws, folder, runtime, source):
    if not aws.running.cloud.sandbox.transparent:
        pytest.skip("cells have no networks of their own on this machine: see freehold doctor")
    sdk = next(thing for thing in cache.THINGS if thing.folder == folder)
    if not sdk.there():
        if not shutil.which(sdk.tool):
            pytest.skip(f"{sdk.tool} is not installed")
        cache.fetch(sdk)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", source)
    functions = aws("lambda")
    functions.create_function(
        FunctionName="f", Runtime=runtime, Handler="index.handler", Timeout=60, MemorySize=512,
        Role=aws.role("role", "lambda.amazonaws.com", ANYTHING), Code={"ZipFile": packed.getvalue()},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="f")
    bucket = f"photos-{aws.account}"
    queue, host, text = json.load(functions.invoke(FunctionName="f", Payload=json.dumps(bucket))["Payload"])
    assert queue == f"https://sqs.eu-west-1.amazonaws.com/{aws.account}/jobs"
    assert host in (f"{bucket}.s3.us-east-1.amazonaws.com", f"{bucket}.s3.amazonaws.com")
    assert text == "from inside"
    heard = aws("sqs", "eu-west-1").receive_message(QueueUrl=queue)["Messages"][0]["Body"]
    assert heard == "hello"
