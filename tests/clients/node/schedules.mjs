// EventBridge Scheduler by the AWS SDK for JavaScript v3: groups, schedules, pages, refusals, and a message that a schedule sends.
import assert from "node:assert/strict";
import * as scheduler from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const [RoleArn] = process.argv.slice(2);
const client = new scheduler.SchedulerClient();
const sqs = new SQSClient();
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "due" }));

await client.send(new scheduler.CreateScheduleGroupCommand({ Name: "night", Tags: [{ Key: "a", Value: "1" }] }));
const Target = { Arn: "arn:aws:sqs:us-east-1:000000000000:due", RoleArn, Input: "<aws.scheduler.scheduled-time>" };
const FlexibleTimeWindow = { Mode: "OFF" };
const GroupName = "night";
for (const Name of ["one", "two", "three"]) {
  const schedule = { Name, GroupName, FlexibleTimeWindow, Target, ScheduleExpression: "cron(0 9 * * ? *)" };
  await client.send(new scheduler.CreateScheduleCommand({ ...schedule, StartDate: new Date(Date.now() + 3_600_000) }));
}
const names = [];
for await (const page of scheduler.paginateListSchedules({ client, pageSize: 2 }, { GroupName })) {
  names.push(...page.Schedules.map((one) => one.Name));
}
assert.deepEqual(names, ["one", "three", "two"]);
const groups = [];
for await (const page of scheduler.paginateListScheduleGroups({ client, pageSize: 1 }, {})) {
  groups.push(...page.ScheduleGroups.map((one) => one.Name));
}
assert.deepEqual(groups, ["default", "night"]);
const told = await client.send(new scheduler.GetScheduleCommand({ Name: "one", GroupName }));
assert.ok(told.StartDate instanceof Date && told.CreationDate instanceof Date);
assert.equal(told.ScheduleExpressionTimezone, "UTC");

const lacking = client.send(new scheduler.GetScheduleCommand({ Name: "four", GroupName }));
await assert.rejects(lacking, (error) => error instanceof scheduler.ResourceNotFoundException && error.$metadata.httpStatusCode === 404);

const twice = client.send(new scheduler.CreateScheduleGroupCommand({ Name: "night" }));
await assert.rejects(twice, (error) => error instanceof scheduler.ConflictException && error.$metadata.httpStatusCode === 409);
const wrong = { Name: "five", FlexibleTimeWindow, Target, ScheduleExpression: "every day" };
await assert.rejects(client.send(new scheduler.CreateScheduleCommand(wrong)), scheduler.ValidationException);

const now = new Date().toISOString().slice(0, 19);
await client.send(new scheduler.CreateScheduleCommand({ Name: "now", FlexibleTimeWindow, Target, ScheduleExpression: `at(${now})` }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
assert.equal(Messages[0].Body, `${now}Z`);
await client.send(new scheduler.DeleteScheduleGroupCommand({ Name: "night" }));
console.log("ok");
