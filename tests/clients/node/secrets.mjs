// Secrets Manager and SSM Parameter Store by the AWS SDK for JavaScript v3.
import assert from "node:assert/strict";
import * as secrets from "@aws-sdk/client-secrets-manager";
import * as ssm from "@aws-sdk/client-ssm";
import { all, refused } from "./common.mjs";

const manager = new secrets.SecretsManagerClient();
const store = new ssm.SSMClient();

async function versionsOfSecrets() {
  const send = (command) => manager.send(command);
  const { ARN, VersionId } = await send(new secrets.CreateSecretCommand({ Name: "app/db", SecretString: '{"password":"1"}' }));
  assert.match(ARN, /:secret:app\/db-\w{6}$/);
  const second = await send(new secrets.PutSecretValueCommand({ SecretId: "app/db", SecretString: '{"password":"2"}' }));
  assert.deepEqual(second.VersionStages, ["AWSCURRENT"]);
  const old = await send(new secrets.GetSecretValueCommand({ SecretId: ARN, VersionStage: "AWSPREVIOUS" }));
  assert.deepEqual([old.SecretString, old.VersionId], ['{"password":"1"}', VersionId]);
  const SecretBinary = new Uint8Array([0, 255, 1]);
  await send(new secrets.CreateSecretCommand({ Name: "app/bytes", SecretBinary }));
  assert.deepEqual((await send(new secrets.GetSecretValueCommand({ SecretId: "app/bytes" }))).SecretBinary, SecretBinary);
  await send(new secrets.PutSecretValueCommand({ SecretId: "app/db", SecretString: "3" }));
  const pages = secrets.paginateListSecretVersionIds({ client: manager, pageSize: 1 }, { SecretId: "app/db", IncludeDeprecated: true });
  assert.equal((await all(pages, "Versions")).found.length, 3);
  assert.equal((await send(new secrets.GetRandomPasswordCommand({ PasswordLength: 20 }))).RandomPassword.length, 20);
}

async function listsAndRefusalsOfSecrets() {
  const send = (command) => manager.send(command);
  for (const Name of ["p/1", "p/2", "p/3"]) await send(new secrets.CreateSecretCommand({ Name, SecretString: Name }));
  const Filters = [{ Key: "name", Values: ["p/"] }];
  const listed = await all(secrets.paginateListSecrets({ client: manager, pageSize: 2 }, { Filters }), "SecretList");
  assert.deepEqual([listed.found.map((one) => one.Name).sort(), listed.count], [["p/1", "p/2", "p/3"], 2]);
  const batch = await all(secrets.paginateBatchGetSecretValue({ client: manager }, { SecretIdList: ["p/1", "p/2", "none"] }), "SecretValues");
  assert.deepEqual(batch.found.map((one) => one.SecretString).sort(), ["p/1", "p/2"]);
  await refused(send(new secrets.GetSecretValueCommand({ SecretId: "none" })), secrets.ResourceNotFoundException);
  await refused(send(new secrets.CreateSecretCommand({ Name: "p/1", SecretString: "x" })), secrets.ResourceExistsException);
  const { DeletionDate } = await send(new secrets.DeleteSecretCommand({ SecretId: "p/1", RecoveryWindowInDays: 7 }));
  assert.ok(DeletionDate instanceof Date);
  await refused(send(new secrets.GetSecretValueCommand({ SecretId: "p/1" })), secrets.InvalidRequestException);
  await send(new secrets.RestoreSecretCommand({ SecretId: "p/1" }));
  assert.equal((await send(new secrets.GetSecretValueCommand({ SecretId: "p/1" }))).SecretString, "p/1");
}

async function parameters() {
  const send = (command) => store.send(command);
  const put = (Name, Value, more = {}) => send(new ssm.PutParameterCommand({ Name, Value, Type: "String", ...more }));
  for (const name of ["a", "b", "c/d"]) await put(`/app/${name}`, name);
  await put("/app/word", "secret", { Type: "SecureString" });
  await put("/app/list", "1,2", { Type: "StringList" });
  const query = { Path: "/app", Recursive: true, WithDecryption: true };
  const found = await all(ssm.paginateGetParametersByPath({ client: store, pageSize: 2 }, query), "Parameters");
  assert.deepEqual(found.found.map((one) => one.Name).sort(), ["/app/a", "/app/b", "/app/c/d", "/app/list", "/app/word"]);
  assert.equal(found.count, 3);
  const sealed = await send(new ssm.GetParameterCommand({ Name: "/app/word" }));
  const open = await send(new ssm.GetParameterCommand({ Name: "/app/word", WithDecryption: true }));
  assert.ok(sealed.Parameter.Value !== "secret" && open.Parameter.Value === "secret");
  for (const value of ["2", "3"]) await put("/app/a", value, { Overwrite: true });
  const history = await all(ssm.paginateGetParameterHistory({ client: store, pageSize: 2 }, { Name: "/app/a" }), "Parameters");
  assert.deepEqual(history.found.map((one) => [one.Version, one.Value]), [[1, "a"], [2, "2"], [3, "3"]]);
  assert.ok(history.found[0].LastModifiedDate instanceof Date);
  await send(new ssm.LabelParameterVersionCommand({ Name: "/app/a", ParameterVersion: 2, Labels: ["live"] }));
  assert.equal((await send(new ssm.GetParameterCommand({ Name: "/app/a:live" }))).Parameter.Value, "2");
  const several = await send(new ssm.GetParametersCommand({ Names: ["/app/b", "/none"] }));
  assert.deepEqual([several.Parameters.length, several.InvalidParameters], [1, ["/none"]]);
  const ParameterFilters = [{ Key: "Type", Values: ["String"] }];
  const described = await all(ssm.paginateDescribeParameters({ client: store, pageSize: 1 }, { ParameterFilters }), "Parameters");
  assert.ok(described.found.length >= 3 && described.found.every((one) => one.Type === "String"));
  await refused(put("/app/a", "4"), ssm.ParameterAlreadyExists);
  await refused(send(new ssm.GetParameterCommand({ Name: "/none" })), ssm.ParameterNotFound);
  await refused(send(new ssm.GetParameterCommand({ Name: "/app/a:9" })), ssm.ParameterVersionNotFound);
  await refused(put("/app/x", "x", { Type: "SecureString", KeyId: "alias/nothing" }), ssm.InvalidKeyId);
  await refused(put("/app/x", "x", { Type: "Nothing" }), ssm.SSMServiceException);
  assert.deepEqual((await send(new ssm.DeleteParametersCommand({ Names: ["/app/b", "/none"] }))).InvalidParameters, ["/none"]);
}

for (const check of [versionsOfSecrets, listsAndRefusalsOfSecrets, parameters]) await check();
console.log("ok");
