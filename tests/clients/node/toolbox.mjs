// DynamoDB-Toolbox, the most used query builder: entities over one table, conditions, updates and queries of its own making.
import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import {
  $add, DeleteItemCommand, Entity, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand, Table, UpdateItemCommand, item, list,
  number, set, string,
} from "dynamodb-toolbox";

const name = "toolbox";
const client = new DynamoDBClient();
await client.send(new CreateTableCommand({
  TableName: name,
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, { AttributeName: "sk", KeyType: "RANGE" }],
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }, { AttributeName: "sk", AttributeType: "S" }],
  BillingMode: "PAY_PER_REQUEST",
}));
await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: name });

const documentClient = DynamoDBDocumentClient.from(client);
const table = new Table({ documentClient, name, partitionKey: { name: "pk", type: "string" }, sortKey: { name: "sk", type: "string" } });
const Hat = new Entity({
  name: "Hat",
  table,
  schema: item({
    pk: string().key(), sk: string().key(), price: number(), colors: set(string()).optional(), log: list(string()).optional(),
  }),
});
const key = { pk: "shop", sk: "hat#1" };
await Hat.build(PutItemCommand).item({ ...key, price: 10, colors: new Set(["red"]), log: ["made"] }).send();
const again = Hat.build(PutItemCommand).item({ ...key, price: 1 }).options({ condition: { attr: "pk", exists: false } });
await assert.rejects(again.send(), { name: "ConditionalCheckFailedException" });
await Hat.build(UpdateItemCommand).item({ ...key, price: $add(5), colors: $add(new Set(["blue"])) }).send();
const { Item } = await Hat.build(GetItemCommand).key(key).options({ consistent: true }).send();
assert.deepEqual([Item.price, [...Item.colors].sort(), Item.log], [15, ["blue", "red"], ["made"]]);
assert.ok(Item.created < Item.modified);
await Hat.build(PutItemCommand).item({ pk: "shop", sk: "hat#2", price: 20 }).send();
const query = table.build(QueryCommand).query({ partition: "shop", range: { beginsWith: "hat#" } }).entities(Hat);
const dear = await query.options({ filters: { Hat: { attr: "price", gte: 20 } }, reverse: true }).send();
assert.deepEqual(dear.Items.map(({ sk }) => sk), ["hat#2"]);
assert.equal((await table.build(ScanCommand).entities(Hat).options({ maxPages: Infinity, limit: 1 }).send()).Items.length, 2);
await Hat.build(DeleteItemCommand).key(key).options({ condition: { attr: "price", eq: 15 } }).send();
assert.equal((await Hat.build(GetItemCommand).key(key).send()).Item, undefined);
console.log("ok");
