// The AWS SDK for JavaScript v3 against the endpoint in AWS_ENDPOINT_URL: one round through each protocol.
import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const name = `node-${Date.now()}`;

const sts = new STSClient();
assert.equal((await sts.send(new GetCallerIdentityCommand())).Account, "000000000000");

const sqs = new SQSClient();
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
assert.equal(Messages[0].Body, "hello");

const s3 = new S3Client({ forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: name }));
await s3.send(new PutObjectCommand({ Bucket: name, Key: "a b/ü.txt", Body: "content" }));
const object = await s3.send(new GetObjectCommand({ Bucket: name, Key: "a b/ü.txt" }));
assert.equal(await object.Body.transformToString(), "content");

const dynamodb = new DynamoDBClient();
await dynamodb.send(new CreateTableCommand({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
}));
await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName: name });
await dynamodb.send(new PutItemCommand({ TableName: name, Item: { id: { S: "1" }, data: { B: new Uint8Array([1, 2]) } } }));
const { Item } = await dynamodb.send(new GetItemCommand({ TableName: name, Key: { id: { S: "1" } } }));
assert.deepEqual([...Item.data.B], [1, 2]);

assert.deepEqual((await new LambdaClient().send(new ListFunctionsCommand())).Functions, []);
assert.deepEqual((await new SFNClient().send(new ListStateMachinesCommand())).stateMachines, []);
console.log("ok");
