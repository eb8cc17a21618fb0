// KMS by the AWS SDK for JavaScript v3; what it signs and derives is checked by node's own cryptography.
import assert from "node:assert/strict";
import { constants, createHash, createPublicKey, createVerify, publicEncrypt, verify } from "node:crypto";
import * as kms from "@aws-sdk/client-kms";
import { all, refused } from "./common.mjs";

const client = new kms.KMSClient();
const send = (command) => client.send(command);
const create = async (more = {}) => (await send(new kms.CreateKeyCommand(more))).KeyMetadata;
const bytes = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

async function symmetric() {
  const { KeyId, Arn, CreationDate } = await create({ Description: "mine", Tags: [{ TagKey: "a", TagValue: "1" }] });
  assert.ok(CreationDate instanceof Date && Arn.endsWith(`key/${KeyId}`));
  const EncryptionContext = { purpose: "test" };
  const { CiphertextBlob } = await send(new kms.EncryptCommand({ KeyId, Plaintext: bytes("secret"), EncryptionContext }));
  const back = await send(new kms.DecryptCommand({ CiphertextBlob, EncryptionContext }));
  assert.deepEqual([text(back.Plaintext), back.KeyId], ["secret", Arn]);
  await refused(send(new kms.DecryptCommand({ CiphertextBlob })), kms.InvalidCiphertextException);
  const data = await send(new kms.GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
  assert.equal(data.Plaintext.length, 32);
  assert.deepEqual((await send(new kms.DecryptCommand({ CiphertextBlob: data.CiphertextBlob }))).Plaintext, data.Plaintext);
  const other = await create();
  const again = await send(new kms.ReEncryptCommand({ CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: other.KeyId }));
  assert.equal(text((await send(new kms.DecryptCommand({ CiphertextBlob: again.CiphertextBlob }))).Plaintext), "secret");
  assert.equal((await send(new kms.GenerateRandomCommand({ NumberOfBytes: 48 }))).Plaintext.length, 48);
}

async function asymmetric() {
  const Message = bytes("a contract");
  const { KeyId } = await create({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const published = await send(new kms.GetPublicKeyCommand({ KeyId }));
  const key = createPublicKey({ key: Buffer.from(published.PublicKey), format: "der", type: "spki" });
  const SigningAlgorithm = "ECDSA_SHA_256";
  const { Signature } = await send(new kms.SignCommand({ KeyId, Message, SigningAlgorithm }));
  assert.ok(createVerify("sha256").update(Message).verify(key, Signature));
  assert.ok((await send(new kms.VerifyCommand({ KeyId, Message, Signature, SigningAlgorithm }))).SignatureValid);
  const digest = createHash("sha256").update(Message).digest();
  const byDigest = await send(new kms.SignCommand({ KeyId, Message: digest, MessageType: "DIGEST", SigningAlgorithm }));
  assert.ok(createVerify("sha256").update(Message).verify(key, byDigest.Signature));
  const other = { KeyId, Message: bytes("another"), Signature, SigningAlgorithm };
  await refused(send(new kms.VerifyCommand(other)), kms.KMSInvalidSignatureException);

  const rsa = await create({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
  const signed = await send(new kms.SignCommand({ KeyId: rsa.KeyId, Message, SigningAlgorithm: "RSASSA_PSS_SHA_256" }));
  const its = createPublicKey({ key: Buffer.from((await send(new kms.GetPublicKeyCommand({ KeyId: rsa.KeyId }))).PublicKey), format: "der", type: "spki" });
  assert.ok(verify("sha256", Message, { key: its, padding: constants.RSA_PKCS1_PSS_PADDING }, signed.Signature));

  const box = await create({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
  const lid = createPublicKey({ key: Buffer.from((await send(new kms.GetPublicKeyCommand({ KeyId: box.KeyId }))).PublicKey), format: "der", type: "spki" });
  const CiphertextBlob = publicEncrypt({ key: lid, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, Message);
  const opened = await send(new kms.DecryptCommand({ KeyId: box.KeyId, CiphertextBlob, EncryptionAlgorithm: "RSAES_OAEP_SHA_256" }));
  assert.equal(text(opened.Plaintext), "a contract");

  const mac = await create({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const MacAlgorithm = "HMAC_SHA_256";
  const { Mac } = await send(new kms.GenerateMacCommand({ KeyId: mac.KeyId, Message, MacAlgorithm }));
  assert.ok((await send(new kms.VerifyMacCommand({ KeyId: mac.KeyId, Message, Mac, MacAlgorithm }))).MacValid);
}

async function livesOfKeys() {
  const { KeyId, Arn } = await create();
  await send(new kms.CreateAliasCommand({ AliasName: "alias/mine", TargetKeyId: KeyId }));
  assert.equal((await send(new kms.DescribeKeyCommand({ KeyId: "alias/mine" }))).KeyMetadata.Arn, Arn);
  await refused(send(new kms.CreateAliasCommand({ AliasName: "alias/mine", TargetKeyId: KeyId })), kms.AlreadyExistsException);
  await send(new kms.DisableKeyCommand({ KeyId }));
  await refused(send(new kms.EncryptCommand({ KeyId, Plaintext: bytes("x") })), kms.DisabledException, "is disabled");
  await send(new kms.EnableKeyCommand({ KeyId }));
  await send(new kms.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
  assert.equal((await send(new kms.GetKeyRotationStatusCommand({ KeyId }))).RotationPeriodInDays, 180);
  const { DeletionDate } = await send(new kms.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  assert.ok(DeletionDate > new Date());
  await refused(send(new kms.EncryptCommand({ KeyId, Plaintext: bytes("x") })), kms.KMSInvalidStateException, "is pending deletion");
  await send(new kms.CancelKeyDeletionCommand({ KeyId }));
  assert.equal((await send(new kms.DescribeKeyCommand({ KeyId }))).KeyMetadata.KeyState, "Disabled");
}

async function pages() {
  const { KeyId } = await create();
  const keys = await all(kms.paginateListKeys({ client, pageSize: 3 }, {}), "Keys");
  assert.ok(keys.found.some((one) => one.KeyId === KeyId) && keys.count > 1);
  for (const name of ["p-1", "p-2", "p-3"]) await send(new kms.CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: KeyId }));
  const aliases = await all(kms.paginateListAliases({ client, pageSize: 2 }, { KeyId }), "Aliases");
  assert.deepEqual([aliases.found.map((one) => one.AliasName), aliases.count], [["alias/p-1", "alias/p-2", "alias/p-3"], 2]);
  const GranteePrincipal = "arn:aws:iam::000000000000:root";
  for (const Name of ["a", "b", "c"]) await send(new kms.CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ["Decrypt"], Name }));
  const grants = await all(kms.paginateListGrants({ client, pageSize: 2 }, { KeyId }), "Grants");
  assert.deepEqual([grants.found.map((one) => one.Name).sort(), grants.count], [["a", "b", "c"], 2]);
  await send(new kms.TagResourceCommand({ KeyId, Tags: ["x", "y", "z"].map((TagKey) => ({ TagKey, TagValue: "1" })) }));
  const tags = await all(kms.paginateListResourceTags({ client, pageSize: 2 }, { KeyId }), "Tags");
  assert.deepEqual([tags.found.length, tags.count], [3, 2]);
  assert.deepEqual((await all(kms.paginateListKeyPolicies({ client }, { KeyId }), "PolicyNames")).found, ["default"]);
  await refused(send(new kms.DescribeKeyCommand({ KeyId: "alias/nothing" })), kms.NotFoundException, "alias/nothing is not found");
}

for (const check of [symmetric, asymmetric, livesOfKeys, pages]) await check();
console.log("ok");
