// DynamoDB by the document client of the AWS SDK for JavaScript v3, its paginators and transactions, and its streams.
import assert from "node:assert/strict";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";
import * as lib from "@aws-sdk/lib-dynamodb";
import { all, refused } from "./common.mjs";

const TableName = "hats";
const low = new dynamodb.DynamoDBClient();
const client = lib.DynamoDBDocumentClient.from(low, { marshallOptions: { removeUndefinedValues: true } });
const send = (command) => client.send(command);
const key = (n) => ({ shop: "a", n });

async function table() {
  const made = await send(new dynamodb.CreateTableCommand({
    TableName,
    KeySchema: [{ AttributeName: "shop", KeyType: "HASH" }, { AttributeName: "n", KeyType: "RANGE" }],
    AttributeDefinitions: [{ AttributeName: "shop", AttributeType: "S" }, { AttributeName: "n", AttributeType: "N" }],
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  }));
  await dynamodb.waitUntilTableExists({ client: low, maxWaitTime: 30, minDelay: 1 }, { TableName });
  return made.TableDescription.LatestStreamArn;
}

async function items() {
  const Item = {
    ...key(1), text: "ü", bytes: new Uint8Array([0, 255]), set: new Set(["x", "y"]), numbers: new Set([1, 2.5]),
    list: [1, null, true, { deep: "" }], empty: {}, gone: undefined, exact: lib.NumberValue.from("1234567890.12345678901234567890"),
  };
  await send(new lib.PutCommand({ TableName, Item }));
  const own = new dynamodb.DynamoDBClient(); // the options of a document client are seen by all others of its client
  const precise = lib.DynamoDBDocumentClient.from(own, { unmarshallOptions: { wrapNumbers: lib.NumberValue.from } });
  const exact = (await precise.send(new lib.GetCommand({ TableName, Key: key(1) }))).Item.exact;
  assert.equal(exact.toString(), "1234567890.1234567890123456789");
  const { gone, exact: _, ...rest } = Item;
  const read = (await send(new lib.GetCommand({ TableName, Key: key(1), ConsistentRead: true }))).Item;
  delete read.exact;
  assert.deepEqual(read, rest);
  const told = await send(new lib.UpdateCommand({
    TableName, Key: key(1), UpdateExpression: "SET price = :p, #l[4] = :x REMOVE #e DELETE #s :y",
    ExpressionAttributeNames: { "#l": "list", "#s": "set", "#e": "empty" },
    ExpressionAttributeValues: { ":p": 9.5, ":x": "new", ":y": new Set(["y"]) }, ReturnValues: "ALL_NEW",
  }));
  assert.deepEqual([told.Attributes.price, told.Attributes.list[4], told.Attributes.set], [9.5, "new", new Set(["x"])]);
  const refusal = send(new lib.PutCommand({
    TableName, Item: key(1), ConditionExpression: "attribute_not_exists(n)", ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }));
  await refused(refusal, dynamodb.ConditionalCheckFailedException, "The conditional request failed");
  await refusal.catch(({ Item }) => assert.deepEqual(Item.text, { S: "ü" }));
  const old = await send(new lib.DeleteCommand({ TableName, Key: key(1), ReturnValues: "ALL_OLD" }));
  assert.equal(old.Attributes.price, 9.5);
  await refused(send(new lib.GetCommand({ TableName, Key: { shop: "a" } })), dynamodb.DynamoDBServiceException, "schema");
}

async function batchesAndPages() {
  const RequestItems = { [TableName]: Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: { ...key(n), even: n % 2 === 0 } } })) };
  assert.deepEqual((await send(new lib.BatchWriteCommand({ RequestItems }))).UnprocessedItems, {});
  const got = await send(new lib.BatchGetCommand({ RequestItems: { [TableName]: { Keys: [key(3), key(4), key(99)] } } }));
  assert.equal(got.Responses[TableName].length, 2);
  const query = {
    TableName, KeyConditionExpression: "shop = :s and n between :low and :high", FilterExpression: "even = :yes",
    ExpressionAttributeValues: { ":s": "a", ":low": 2, ":high": 20, ":yes": true }, ScanIndexForward: false,
  };
  const queried = await all(lib.paginateQuery({ client, pageSize: 4 }, query), "Items");
  assert.deepEqual(queried.found.map(({ n }) => n), [20, 18, 16, 14, 12, 10, 8, 6, 4, 2]);
  assert.equal(queried.count, 5);
  const scanned = await all(lib.paginateScan({ client, pageSize: 10 }, { TableName }), "Items");
  assert.deepEqual([scanned.found.length, scanned.count], [25, 3]);
}

async function transactions() {
  const Put = { TableName, Item: { shop: "t", n: 1, name: "first" } };
  const ConditionCheck = { TableName, Key: key(0), ConditionExpression: "even = :no", ExpressionAttributeValues: { ":no": false } };
  const never = send(new lib.TransactWriteCommand({ TransactItems: [{ Put }, { ConditionCheck }] }));
  await refused(never, dynamodb.TransactionCanceledException, "[None, ConditionalCheckFailed]");
  await never.catch(({ CancellationReasons }) => assert.equal(CancellationReasons[1].Code, "ConditionalCheckFailed"));
  await send(new lib.TransactWriteCommand({ TransactItems: [{ Put }, { Delete: { TableName, Key: key(0) } }] }));
  const Get = { TableName, Key: { shop: "t", n: 1 } };
  const read = await send(new lib.TransactGetCommand({ TransactItems: [{ Get }, { Get: { TableName, Key: key(0) } }] }));
  assert.deepEqual(read.Responses.map(({ Item }) => Item?.name), ["first", undefined]);
}

async function statements() {
  const Statement = `INSERT INTO "${TableName}" VALUE {'shop': ?, 'n': ?, 'list': ?}`;
  for (const n of [1, 2, 3]) await send(new lib.ExecuteStatementCommand({ Statement, Parameters: ["p", n, ["x", { n }]] }));
  const select = { Statement: `SELECT n FROM "${TableName}" WHERE shop = ? AND n > ?`, Parameters: ["p", 1] };
  const found = await send(new lib.ExecuteStatementCommand(select));
  assert.deepEqual(found.Items.map(({ n }) => n), [2, 3]);
  const update = (n) => ({ Statement: `UPDATE "${TableName}" SET sold = ? WHERE shop = ? AND n = ?`, Parameters: [true, "p", n] });
  await send(new lib.ExecuteTransactionCommand({ TransactStatements: [update(1), update(2)] }));
  const batch = await send(new lib.BatchExecuteStatementCommand({ Statements: [update(3), update(99)] }));
  assert.deepEqual(batch.Responses.map(({ Error }) => Error?.Code), [undefined, "ConditionalCheckFailed"]);
}

async function changes(StreamArn) {
  const reader = new streams.DynamoDBStreamsClient();
  const { StreamDescription } = await reader.send(new streams.DescribeStreamCommand({ StreamArn }));
  const [{ ShardId }] = StreamDescription.Shards;
  const place = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  const { ShardIterator } = await reader.send(new streams.GetShardIteratorCommand(place));
  const { Records } = await reader.send(new streams.GetRecordsCommand({ ShardIterator }));
  assert.deepEqual(Records.slice(0, 3).map(({ eventName }) => eventName), ["INSERT", "MODIFY", "REMOVE"]);
  assert.deepEqual(Records[0].dynamodb.NewImage.bytes.B, new Uint8Array([0, 255]));
  assert.ok(Records[0].dynamodb.ApproximateCreationDateTime instanceof Date);
}

const StreamArn = await table();
await items();
await batchesAndPages();
await transactions();
await statements();
await changes(StreamArn);
await send(new dynamodb.DeleteTableCommand({ TableName }));
await dynamodb.waitUntilTableNotExists({ client: low, maxWaitTime: 30, minDelay: 1 }, { TableName });
console.log("ok");
