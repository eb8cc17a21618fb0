// EventBridge Pipes by the AWS SDK for JavaScript v3: a pipe's life, pages, refusals, and a message that goes through.
import assert from "node:assert/strict";
import * as pipes from "@aws-sdk/client-pipes";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const [RoleArn] = process.argv.slice(2);
const client = new pipes.PipesClient();
const sqs = new SQSClient();
const { QueueUrl: from } = await sqs.send(new CreateQueueCommand({ QueueName: "from" }));
const { QueueUrl: to } = await sqs.send(new CreateQueueCommand({ QueueName: "to" }));
const [Source, Target] = ["from", "to"].map((name) => `arn:aws:sqs:us-east-1:000000000000:${name}`);

async function settled(Name) {
  for (;;) {
    const told = await client.send(new pipes.DescribePipeCommand({ Name }));
    if (!/ING$/.test(told.CurrentState) || told.CurrentState === "RUNNING") return told;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const TargetParameters = { InputTemplate: "<$.body.text> by <aws.pipes.pipe-name>" };
const made = await client.send(new pipes.CreatePipeCommand({ Name: "one", RoleArn, Source, Target, TargetParameters, Tags: { a: "1" } }));
assert.equal(made.CurrentState, "CREATING");
const told = await settled("one");
assert.equal(told.CurrentState, "RUNNING");
assert.ok(told.CreationTime instanceof Date);
assert.deepEqual(told.Tags, { a: "1" });

await sqs.send(new SendMessageCommand({ QueueUrl: from, MessageBody: JSON.stringify({ text: "carried" }) }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: to, WaitTimeSeconds: 10 }));
assert.equal(Messages[0].Body, "carried by one");

await client.send(new pipes.CreatePipeCommand({ Name: "two", RoleArn, Source, Target, DesiredState: "STOPPED" }));
await settled("two");
const names = [];
for await (const page of pipes.paginateListPipes({ client, pageSize: 1 }, {})) names.push(...page.Pipes.map((one) => one.Name));
assert.deepEqual(names, ["one", "two"]);

const again = client.send(new pipes.CreatePipeCommand({ Name: "two", RoleArn, Source, Target }));
await assert.rejects(again, (error) => error instanceof pipes.ConflictException && error.resourceId === "two");
const lacking = client.send(new pipes.StopPipeCommand({ Name: "three" }));
await assert.rejects(lacking, (error) => error instanceof pipes.NotFoundException && error.$metadata.httpStatusCode === 404);
const wrong = client.send(new pipes.CreatePipeCommand({ Name: "four", RoleArn, Source: "arn:aws:s3:::b", Target }));
await assert.rejects(wrong, (error) => error instanceof pipes.ValidationException && error.fieldList[0].name === "Source");
await client.send(new pipes.DeletePipeCommand({ Name: "one" }));
console.log("ok");
