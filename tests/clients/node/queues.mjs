// SQS by the AWS SDK for JavaScript v3, which checks the MD5 of every body that it sends and gets.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as sqs from "@aws-sdk/client-sqs";
import { all, refused } from "./common.mjs";

const client = new sqs.SQSClient();
const send = (command) => client.send(command);
const create = async (QueueName, Attributes = {}) => (await send(new sqs.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
const arn = async (QueueUrl) => (await send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }))).Attributes.QueueArn;
const receive = async (QueueUrl, more = {}) => (await send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, ...more }))).Messages ?? [];

/** The MD5 of message attributes: each name, type and value behind its length, in order of the names. */
function md5OfAttributes(attributes) {
  const hash = createHash("md5");
  const put = (value) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    hash.update(length).update(value);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name];
    put(Buffer.from(name));
    put(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue ? 2 : 1]));
    put(Buffer.from(BinaryValue ?? StringValue));
  }
  return hash.digest("hex");
}

async function attributesAndBodies() {
  assert.ok(client.config.md5, "the client checks what it gets");
  const QueueUrl = await create("attributes");
  const MessageBody = "Grüße 🎩\n\t\"<&>";
  const MessageAttributes = {
    picture: { DataType: "Binary.png", BinaryValue: new Uint8Array([0, 255, 137, 80]) },
    name: { DataType: "String", StringValue: "ä b" },
    price: { DataType: "Number.eur", StringValue: "-12.50" },
  };
  const sent = await send(new sqs.SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  assert.equal(sent.MD5OfMessageBody, createHash("md5").update(MessageBody).digest("hex"));
  assert.equal(sent.MD5OfMessageAttributes, md5OfAttributes(MessageAttributes));
  const asked = { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 };
  const [message] = await receive(QueueUrl, asked);
  assert.equal(message.Body, MessageBody);
  assert.deepEqual(message.MessageAttributes, MessageAttributes);
  assert.equal(message.Attributes.ApproximateReceiveCount, "1");
  assert.ok(Math.abs(Number(message.Attributes.SentTimestamp) - Date.now()) < 600_000);
  const [few] = await receive(QueueUrl, { MessageAttributeNames: ["na.*"] });
  assert.deepEqual(Object.keys(few.MessageAttributes), ["name"]);
  assert.equal(few.MD5OfMessageAttributes, md5OfAttributes({ name: MessageAttributes.name }));
  await send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: few.ReceiptHandle }));
}

async function batches() {
  const QueueUrl = await create("batches");
  const Entries = [1, 2, 3].map((n) => ({ Id: `m${n}`, MessageBody: `body ${n}` }));
  Entries.push({ Id: "late", MessageBody: "x", DelaySeconds: 901 });
  const sent = await send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries }));
  assert.deepEqual([sent.Successful.length, sent.Failed.map((one) => [one.Id, one.SenderFault])], [3, [["late", true]]]);
  const messages = [];
  while (messages.length < 3) messages.push(...(await receive(QueueUrl, { MaxNumberOfMessages: 10 })));
  const handles = messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }));
  const hide = handles.map((one) => ({ ...one, VisibilityTimeout: 600 }));
  assert.equal((await send(new sqs.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: hide }))).Successful.length, 3);
  handles.push({ Id: "odd", ReceiptHandle: "none" });
  const gone = await send(new sqs.DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
  assert.deepEqual([gone.Successful.length, gone.Failed[0].Code], [3, "ReceiptHandleIsInvalid"]);
  await refused(send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: [] })), sqs.EmptyBatchRequest);
  const twice = [Entries[0], Entries[0]];
  await refused(send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: twice })), sqs.BatchEntryIdsNotDistinct);
  const many = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: "x" }));
  await refused(send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: many })), sqs.TooManyEntriesInBatchRequest);
}

async function longPoll() {
  const QueueUrl = await create("patience");
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: "at last" }));
  assert.deepEqual((await waiting).map(({ Body }) => Body), ["at last"]);
  assert.deepEqual(await receive(QueueUrl, { WaitTimeSeconds: 1 }), []);
  const controller = new AbortController();
  const given = client.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: controller.signal });
  controller.abort();
  await assert.rejects(given, { name: "AbortError" });
  await send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: "after a caller hung up" }));
  assert.equal((await receive(QueueUrl)).length, 1);
}

async function fifo() {
  const QueueUrl = await create("order.fifo", { FifoQueue: "true" });
  const put = (MessageBody, MessageGroupId, MessageDeduplicationId = MessageBody) =>
    send(new sqs.SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId }));
  const first = await put("a1", "a");
  assert.equal((await put("a1", "a")).MessageId, first.MessageId);
  for (const [body, group] of [["a2", "a"], ["b1", "b"]]) await put(body, group);
  const got = await receive(QueueUrl, { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] });
  assert.deepEqual(got.map(({ Body }) => Body), ["a1", "a2", "b1"]);
  assert.ok(got[0].Attributes.SequenceNumber < got[1].Attributes.SequenceNumber);
  await assert.rejects(send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: "x" })), { name: "MissingParameter" });
}

async function deadLetters() {
  const dead = await create("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arn(dead), maxReceiveCount: 1 });
  const sources = [];
  for (const name of ["s1", "s2", "s3"]) sources.push(await create(name, { RedrivePolicy }));
  const pages = sqs.paginateListDeadLetterSourceQueues({ client, pageSize: 2 }, { QueueUrl: dead });
  const { found, count } = await all(pages, "queueUrls");
  assert.deepEqual([found.sort(), count], [sources, 2]);
  await send(new sqs.SendMessageCommand({ QueueUrl: sources[0], MessageBody: "poison" }));
  await receive(sources[0], { VisibilityTimeout: 0 });
  await receive(sources[0], { WaitTimeSeconds: 0 });
  const [letter] = await receive(dead, { VisibilityTimeout: 0, MessageSystemAttributeNames: ["All"] });
  assert.equal(letter.Attributes.DeadLetterQueueSourceArn, await arn(sources[0]));
  const SourceArn = await arn(dead);
  await send(new sqs.StartMessageMoveTaskCommand({ SourceArn }));
  assert.equal((await receive(sources[0], { WaitTimeSeconds: 20 }))[0].Body, "poison");
  const { Results } = await send(new sqs.ListMessageMoveTasksCommand({ SourceArn }));
  assert.equal(Results.length, 1);
}

async function pagesAndRefusals() {
  const urls = [];
  for (const name of ["p-1", "p-2", "p-3"]) urls.push(await create(name));
  const listed = await all(sqs.paginateListQueues({ client, pageSize: 2 }, { QueueNamePrefix: "p-" }), "QueueUrls");
  assert.deepEqual([listed.found, listed.count], [urls, 2]);
  await refused(send(new sqs.GetQueueUrlCommand({ QueueName: "nowhere" })), sqs.QueueDoesNotExist);
  await refused(send(new sqs.CreateQueueCommand({ QueueName: "p-1", Attributes: { DelaySeconds: "5" } })), sqs.QueueNameExists);
  const [QueueUrl] = urls;
  await refused(send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: "x" })), sqs.ReceiptHandleIsInvalid);
  await refused(send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { Nothing: "1" } })), sqs.InvalidAttributeName);
  await refused(send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: "\u0000" })), sqs.InvalidMessageContents);
  await send(new sqs.TagQueueCommand({ QueueUrl, Tags: { a: "1", b: "2" } }));
  await send(new sqs.UntagQueueCommand({ QueueUrl, TagKeys: ["a"] }));
  assert.deepEqual((await send(new sqs.ListQueueTagsCommand({ QueueUrl }))).Tags, { b: "2" });
  await send(new sqs.PurgeQueueCommand({ QueueUrl }));
  await refused(send(new sqs.PurgeQueueCommand({ QueueUrl })), sqs.PurgeQueueInProgress);
  for (const url of urls) await send(new sqs.DeleteQueueCommand({ QueueUrl: url }));
}

for (const check of [attributesAndBodies, batches, longPoll, fifo, deadLetters, pagesAndRefusals]) await check();
console.log("ok");
