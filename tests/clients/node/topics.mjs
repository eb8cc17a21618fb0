// SNS by the AWS SDK for JavaScript v3: topics, subscriptions, filters, batches, SMS, pages, refusals.
import assert from "node:assert/strict";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import { all, refused } from "./common.mjs";

const client = new sns.SNSClient();
const queues = new sqs.SQSClient();
const send = (command) => client.send(command);
const create = async (Name, Attributes = {}) => (await send(new sns.CreateTopicCommand({ Name, Attributes }))).TopicArn;

/** The URL and ARN of a queue that a topic may send to. */
async function queue(QueueName) {
  const Resource = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
  const Statement = [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource }];
  const Attributes = { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) };
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
  return { QueueUrl, Endpoint: Resource };
}

async function heard(QueueUrl) {
  const asked = { QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ["All"] };
  const [message] = (await queues.send(new sqs.ReceiveMessageCommand(asked))).Messages;
  await queues.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  return message;
}

async function publishing() {
  const TopicArn = await create("news");
  const wrapped = await queue("wrapped");
  const raw = await queue("raw");
  const Protocol = "sqs";
  const { SubscriptionArn } = await send(new sns.SubscribeCommand({ TopicArn, Protocol, Endpoint: wrapped.Endpoint }));
  const Attributes = { RawMessageDelivery: "true", FilterPolicy: JSON.stringify({ price: [{ numeric: [">", 10] }] }) };
  await send(new sns.SubscribeCommand({ TopicArn, Protocol, Endpoint: raw.Endpoint, Attributes }));
  const MessageAttributes = {
    price: { DataType: "Number", StringValue: "12" },
    picture: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255, 7]) },
  };
  await send(new sns.PublishCommand({ TopicArn, Message: "cheap", MessageAttributes: { price: { DataType: "Number", StringValue: "1" } } }));
  const { MessageId } = await send(new sns.PublishCommand({ TopicArn, Subject: "A hat", Message: "dear", MessageAttributes }));
  const both = [JSON.parse((await heard(wrapped.QueueUrl)).Body), JSON.parse((await heard(wrapped.QueueUrl)).Body)];
  const told = both.find((one) => one.MessageId === MessageId);
  assert.deepEqual([told.Type, told.Subject, told.Message], ["Notification", "A hat", "dear"]);
  assert.equal(told.MessageAttributes.picture.Value, Buffer.from([0, 255, 7]).toString("base64"));
  const message = await heard(raw.QueueUrl);
  assert.equal(message.Body, "dear");
  assert.deepEqual([...message.MessageAttributes.picture.BinaryValue], [0, 255, 7]);
  const PublishBatchRequestEntries = ["a", "b"].map((Id) => ({ Id, Message: `batch ${Id}` }));
  const batch = await send(new sns.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  assert.deepEqual([batch.Successful.length, batch.Failed.length], [2, 0]);
  await send(new sns.SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: "true" }));
  const { Attributes: shown } = await send(new sns.GetSubscriptionAttributesCommand({ SubscriptionArn }));
  assert.deepEqual([shown.RawMessageDelivery, shown.TopicArn], ["true", TopicArn]);
  await send(new sns.UnsubscribeCommand({ SubscriptionArn }));
}

async function fifo() {
  const TopicArn = await create("order.fifo", { FifoTopic: "true", ContentBasedDeduplication: "true" });
  const { SequenceNumber } = await send(new sns.PublishCommand({ TopicArn, Message: "1", MessageGroupId: "a" }));
  assert.match(SequenceNumber, /^\d{20}$/);
  await refused(send(new sns.PublishCommand({ TopicArn, Message: "1" })), sns.InvalidParameterException, "MessageGroupId");
}

async function phones() {
  await send(new sns.SetSMSAttributesCommand({ attributes: { DefaultSMSType: "Transactional" } }));
  const { attributes } = await send(new sns.GetSMSAttributesCommand({ attributes: ["DefaultSMSType"] }));
  assert.deepEqual(attributes, { DefaultSMSType: "Transactional" });
  assert.ok((await send(new sns.PublishCommand({ PhoneNumber: "+12065550100", Message: "hello" }))).MessageId);
  assert.equal((await send(new sns.CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: "+12065550100" }))).isOptedOut, false);
  await refused(send(new sns.PublishCommand({ PhoneNumber: "12", Message: "hello" })), sns.InvalidParameterException);
}

async function pagesAndRefusals() {
  const TopicArn = await create("paged");
  const Names = Array.from({ length: 101 }, (_, n) => `t-${n}`);
  for (const Name of Names) await create(Name);
  const topics = await all(sns.paginateListTopics({ client }, {}), "Topics");
  assert.equal(topics.found.filter((one) => one.TopicArn.includes(":t-")).length, 101);
  assert.equal(topics.count, 2);
  for (let n = 0; n < 101; n += 1) await send(new sns.SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: `a${n}@example.com` }));
  const own = await all(sns.paginateListSubscriptionsByTopic({ client }, { TopicArn }), "Subscriptions");
  assert.deepEqual([own.found.length, own.count], [101, 2]);
  assert.ok((await all(sns.paginateListSubscriptions({ client }, {}), "Subscriptions")).found.length >= 101);
  await refused(send(new sns.GetTopicAttributesCommand({ TopicArn: `${TopicArn}x` })), sns.NotFoundException);
  await refused(send(new sns.PublishCommand({ TopicArn, Message: "" })), sns.InvalidParameterException, "Empty message");
  await refused(send(new sns.SubscribeCommand({ TopicArn, Protocol: "pigeon", Endpoint: "x" })), sns.InvalidParameterException);
  const PublishBatchRequestEntries = ["a", "a"].map((Id) => ({ Id, Message: "x" }));
  await refused(send(new sns.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries })), sns.BatchEntryIdsNotDistinctException);
  await send(new sns.TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: "a", Value: "1" }] }));
  assert.deepEqual((await send(new sns.ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags, [{ Key: "a", Value: "1" }]);
  await send(new sns.DeleteTopicCommand({ TopicArn }));
}

for (const check of [publishing, fifo, phones, pagesAndRefusals]) await check();
console.log("ok");
