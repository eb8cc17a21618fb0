// Step Functions by the AWS SDK for JavaScript v3: machines, executions, histories, activities; the role's ARN comes as an argument.
import assert from "node:assert/strict";
import http from "node:http";
import * as sfn from "@aws-sdk/client-sfn";

const [roleArn] = process.argv.slice(2);
const client = new sfn.SFNClient();
const machine = (States, StartAt = Object.keys(States)[0]) => JSON.stringify({ StartAt, States });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function create(name, States, type = "STANDARD") {
  return (await client.send(new sfn.CreateStateMachineCommand({ name, roleArn, type, definition: machine(States) }))).stateMachineArn;
}

async function ended(executionArn) {
  for (;;) {
    const told = await client.send(new sfn.DescribeExecutionCommand({ executionArn }));
    if (told.status !== "RUNNING") return told;
    await pause(20);
  }
}

async function all(pages, member) {
  const found = [];
  let count = 0;
  for await (const page of pages) {
    found.push(...page[member]);
    count += 1;
  }
  return { found, count };
}

async function standard() {
  const stateMachineArn = await create("standard", {
    First: { Type: "Pass", Result: { n: 1 }, ResultPath: "$.made", Next: "Second" },
    Second: { Type: "Pass", Parameters: { "text.$": "States.Format('{} of {}', $.made.n, $.all)" }, End: true },
  });
  const start = new sfn.StartExecutionCommand({ stateMachineArn, name: "one", input: '{"all":2}' });
  const { executionArn, startDate } = await client.send(start);
  assert.ok(startDate instanceof Date);
  const told = await ended(executionArn);
  assert.deepEqual([told.status, JSON.parse(told.output)], ["SUCCEEDED", { text: "1 of 2" }]);
  await assert.rejects(client.send(start), sfn.ExecutionAlreadyExists);

  const history = await all(sfn.paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn }), "events");
  assert.deepEqual(history.found.map(({ type }) => type), [
    "ExecutionStarted", "PassStateEntered", "PassStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
  ]);
  assert.equal(history.count, 3);
  assert.ok(history.found.every(({ timestamp }) => timestamp instanceof Date));

  for (const name of ["two", "three"]) await ended((await client.send(new sfn.StartExecutionCommand({ stateMachineArn, name }))).executionArn);
  const listed = await all(sfn.paginateListExecutions({ client, pageSize: 1 }, { stateMachineArn }), "executions");
  assert.deepEqual(listed.found.map(({ name }) => name), ["three", "two", "one"]);
}

async function express() {
  const stateMachineArn = await create("express", { Only: { Type: "Pass", End: true } }, "EXPRESS");
  const command = () => new sfn.StartSyncExecutionCommand({ stateMachineArn, input: '{"a":1}' });
  const plain = await new sfn.SFNClient({ disableHostPrefix: true }).send(command());
  // With the operation's prefix before the host, as at AWS: sync-127.0.0.1 must only be resolved.
  const lookup = (host, options, tell) => tell(null, options.all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
  const prefixed = await new sfn.SFNClient({ requestHandler: { httpAgent: new http.Agent({ lookup }) } }).send(command());
  for (const told of [plain, prefixed]) {
    assert.deepEqual([told.status, told.output], ["SUCCEEDED", '{"a":1}']);
    assert.deepEqual(told.billingDetails, { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 });
  }
}

async function activity() {
  const { activityArn } = await client.send(new sfn.CreateActivityCommand({ name: "hands" }));
  const stateMachineArn = await create("by-hand", { Work: { Type: "Task", Resource: activityArn, End: true } });
  const { executionArn } = await client.send(new sfn.StartExecutionCommand({ stateMachineArn, input: '{"piece":7}' }));
  const { taskToken, input } = await client.send(new sfn.GetActivityTaskCommand({ activityArn, workerName: "node" }));
  assert.deepEqual(JSON.parse(input), { piece: 7 });
  await client.send(new sfn.SendTaskHeartbeatCommand({ taskToken }));
  await client.send(new sfn.SendTaskSuccessCommand({ taskToken, output: '"done"' }));
  assert.equal((await ended(executionArn)).output, '"done"');
  await assert.rejects(client.send(new sfn.SendTaskSuccessCommand({ taskToken, output: "1" })), sfn.TaskTimedOut);
}

async function refusals() {
  const stateMachineArn = await create("waits", { Long: { Type: "Wait", Seconds: 1000, End: true } });
  const { executionArn } = await client.send(new sfn.StartExecutionCommand({ stateMachineArn }));
  await client.send(new sfn.StopExecutionCommand({ executionArn, error: "Enough", cause: "it is late" }));
  const told = await ended(executionArn);
  assert.deepEqual([told.status, told.error, told.cause], ["ABORTED", "Enough", "it is late"]);
  const unknown = new sfn.DescribeExecutionCommand({ executionArn: `${executionArn}x` });
  await assert.rejects(client.send(unknown), sfn.ExecutionDoesNotExist);
  const broken = { name: "broken", roleArn, definition: machine({ A: { Type: "Pass", Next: "B" } }) };
  await assert.rejects(client.send(new sfn.CreateStateMachineCommand(broken)), sfn.InvalidDefinition);
}

for (const check of [standard, express, activity, refusals]) await check();
console.log("ok");
