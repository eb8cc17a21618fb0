// EventBridge by the AWS SDK for JavaScript v3. Its client has no paginators; the tokens are handed on by hand.
import assert from "node:assert/strict";
import * as events from "@aws-sdk/client-eventbridge";
import * as sqs from "@aws-sdk/client-sqs";
import { refused } from "./common.mjs";

const client = new events.EventBridgeClient();
const queues = new sqs.SQSClient();
const send = (command) => client.send(command);

async function pages(Command, request, member, Limit = 2) {
  const found = [];
  let count = 0;
  let NextToken;
  do {
    const page = await send(new Command({ ...request, Limit, NextToken }));
    found.push(...page[member]);
    count += 1;
    NextToken = page.NextToken;
  } while (NextToken);
  return { found, count };
}

async function rulesAndTargets() {
  const EventBusName = "town";
  await send(new events.CreateEventBusCommand({ Name: EventBusName, Description: "a town" }));
  const Arn = "arn:aws:sqs:us-east-1:000000000000:heard";
  const Statement = [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: Arn }];
  const Attributes = { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) };
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName: "heard", Attributes }));
  const EventPattern = JSON.stringify({ source: ["shop"], detail: { price: [{ numeric: [">", 10] }] } });
  for (const Name of ["r-1", "r-2", "r-3"]) await send(new events.PutRuleCommand({ Name, EventBusName, EventPattern }));
  const InputTransformer = { InputPathsMap: { hat: "$.detail.hat" }, InputTemplate: '{"sold": <hat>}' };
  const Targets = [{ Id: "q", Arn, InputTransformer }];
  assert.equal((await send(new events.PutTargetsCommand({ Rule: "r-1", EventBusName, Targets }))).FailedEntryCount, 0);
  const entry = { Source: "shop", DetailType: "sold", EventBusName, Time: new Date("2026-03-01T10:00:00Z") };
  const Entries = [
    { ...entry, Detail: JSON.stringify({ hat: "straw", price: 12 }) },
    { ...entry, Detail: JSON.stringify({ hat: "felt", price: 1 }) },
    { ...entry, Detail: "no JSON" },
  ];
  const put = await send(new events.PutEventsCommand({ Entries }));
  assert.deepEqual([put.FailedEntryCount, put.Entries[2].ErrorCode], [1, "MalformedDetail"]);
  const { Messages } = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
  assert.deepEqual(Messages.map(({ Body }) => JSON.parse(Body)), [{ sold: "straw" }]);

  const rules = await pages(events.ListRulesCommand, { EventBusName }, "Rules");
  assert.deepEqual([rules.found.map(({ Name }) => Name), rules.count], [["r-1", "r-2", "r-3"], 2]);
  const named = await send(new events.ListRuleNamesByTargetCommand({ EventBusName, TargetArn: Arn }));
  assert.deepEqual(named.RuleNames, ["r-1"]);
  await send(new events.DisableRuleCommand({ Name: "r-1", EventBusName }));
  assert.equal((await send(new events.DescribeRuleCommand({ Name: "r-1", EventBusName }))).State, "DISABLED");
  await refused(send(new events.DeleteRuleCommand({ Name: "r-1", EventBusName })), events.EventBridgeServiceException, "targets");
  await send(new events.RemoveTargetsCommand({ Rule: "r-1", EventBusName, Ids: ["q"] }));
  for (const Name of ["r-1", "r-2", "r-3"]) await send(new events.DeleteRuleCommand({ Name, EventBusName }));
  await send(new events.DeleteEventBusCommand({ Name: EventBusName }));
}

async function connections() {
  const AuthParameters = { ApiKeyAuthParameters: { ApiKeyName: "x-key", ApiKeyValue: "k" } };
  const { ConnectionArn } = await send(new events.CreateConnectionCommand({ Name: "c", AuthorizationType: "API_KEY", AuthParameters }));
  const told = await send(new events.DescribeConnectionCommand({ Name: "c" }));
  assert.deepEqual(told.AuthParameters, { ApiKeyAuthParameters: { ApiKeyName: "x-key" } });
  assert.ok(told.CreationTime instanceof Date);
  const destination = { ConnectionArn, HttpMethod: "POST", InvocationEndpoint: "https://example.com/in" };
  await send(new events.CreateApiDestinationCommand({ Name: "d", ...destination }));
  assert.equal((await send(new events.ListApiDestinationsCommand({}))).ApiDestinations[0].Name, "d");
  await refused(send(new events.CreateApiDestinationCommand({ Name: "d", ...destination })), events.ResourceAlreadyExistsException);
  await send(new events.DeleteApiDestinationCommand({ Name: "d" }));
  await send(new events.DeleteConnectionCommand({ Name: "c" }));
}

async function archivesAndPartners() {
  const EventSourceArn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  await send(new events.CreateArchiveCommand({ ArchiveName: "a", EventSourceArn, RetentionDays: 3 }));
  assert.equal((await send(new events.DescribeArchiveCommand({ ArchiveName: "a" }))).RetentionDays, 3);
  await send(new events.DeleteArchiveCommand({ ArchiveName: "a" }));
  const Name = "aws.partner/example.com/shop";
  await send(new events.CreatePartnerEventSourceCommand({ Name, Account: "000000000000" }));
  assert.equal((await send(new events.DescribeEventSourceCommand({ Name }))).State, "PENDING");
  await send(new events.CreateEventBusCommand({ Name, EventSourceName: Name }));
  const Entries = [{ Source: Name, DetailType: "sold", Detail: "{}" }, { Source: `${Name}/other`, DetailType: "sold", Detail: "{}" }];
  const put = await send(new events.PutPartnerEventsCommand({ Entries }));
  assert.deepEqual([put.FailedEntryCount, put.Entries[1].ErrorCode], [1, "ResourceNotFoundException"]);
}

async function patternsAndRefusals() {
  const event = { id: "1", account: "1", source: "shop", time: "2026-03-01T10:00:00Z", region: "r", resources: [], "detail-type": "t", detail: {} };
  const test = (pattern) => send(new events.TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify(event) }));
  assert.equal((await test('{"source": [{"prefix": "sh"}]}')).Result, true);
  assert.equal((await test('{"source": [{"anything-but": "shop"}]}')).Result, false);
  await refused(test('{"source": "shop"}'), events.InvalidEventPatternException);
  await refused(send(new events.DescribeRuleCommand({ Name: "none" })), events.ResourceNotFoundException, "Rule none does not exist");
  await refused(send(new events.DescribeEventBusCommand({ Name: "none" })), events.ResourceNotFoundException);
  await send(new events.CreateEventBusCommand({ Name: "twice" }));
  await refused(send(new events.CreateEventBusCommand({ Name: "twice" })), events.ResourceAlreadyExistsException);
}

for (const check of [rulesAndTargets, connections, archivesAndPartners, patternsAndRefusals]) await check();
console.log("ok");
