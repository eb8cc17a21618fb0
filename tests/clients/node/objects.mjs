// S3 by the AWS SDK for JavaScript v3: its default checksums, streams and parts, presigned links and forms, paginators.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import * as s3 from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { all, refused } from "./common.mjs";

const MB = 1024 * 1024;
const Bucket = `node-${Date.now()}`;
const client = new s3.S3Client({ forcePathStyle: true });
const send = (command) => client.send(command);
const put = (Key, Body, more) => send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key, more) => send(new s3.GetObjectCommand({ Bucket, Key, ...more }));

async function checksums() {
  assert.ok((await put("text", "content")).ChecksumCRC32);
  const stream = Readable.from([Buffer.alloc(70_000, "a"), Buffer.alloc(70_000, "b")]);
  const streamed = await put("stream", stream, { ContentLength: 140_000 });
  assert.ok(streamed.ChecksumCRC32, "a stream has its checksum in a trailer");
  const told = await get("stream", { ChecksumMode: "ENABLED" });
  assert.equal(told.ChecksumCRC32, streamed.ChecksumCRC32);
  assert.equal(told.ContentEncoding, undefined);
  assert.equal((await told.Body.transformToByteArray()).length, 140_000);
  for (const ChecksumAlgorithm of ["CRC32C", "CRC64NVME", "SHA1", "SHA256"]) {
    const made = await put(ChecksumAlgorithm, "content", { ChecksumAlgorithm });
    assert.ok(made[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
    assert.equal(await (await get(ChecksumAlgorithm)).Body.transformToString(), "content");
  }
  const wrong = put("wrong", "content", { ChecksumSHA256: createHash("sha256").update("other").digest("base64") });
  await refused(wrong, s3.S3ServiceException, "checksum");
  await refused(get("wrong"), s3.NoSuchKey, "The specified key does not exist.");
}

async function streamsAndRanges() {
  const whole = randomBytes(12 * MB);
  const Body = Readable.from((function* () {
    for (let at = 0; at < whole.length; at += 100_000) yield whole.subarray(at, at + 100_000);
  })());
  const upload = new Upload({ client, params: { Bucket, Key: "big", Body, Metadata: { a: "b" } }, partSize: 5 * MB, queueSize: 3 });
  let loaded = 0;
  upload.on("httpUploadProgress", (progress) => { loaded = Math.max(loaded, progress.loaded); });
  const done = await upload.done();
  assert.ok(done.ETag.endsWith('-3"') && done.Location.endsWith("/big"), done.Location);
  assert.equal(loaded, whole.length);
  const hash = createHash("md5");
  for await (const chunk of (await get("big")).Body) hash.update(chunk);
  assert.equal(hash.digest("hex"), createHash("md5").update(whole).digest("hex"));
  const part = await get("big", { Range: "bytes=5242870-5242889" });
  assert.deepEqual([part.$metadata.httpStatusCode, part.ContentRange], [206, `bytes 5242870-5242889/${whole.length}`]);
  assert.deepEqual(Buffer.from(await part.Body.transformToByteArray()), whole.subarray(5242870, 5242890));
  await refused(get("big", { Range: "bytes=99999999-" }), s3.S3ServiceException, "not satisfiable");
  const small = await new Upload({ client, params: { Bucket, Key: "small", Body: "s" } }).done();
  assert.equal(small.ETag, '"03c7c0ace395d80182db07ae2c30f034"');
  const given = new Upload({ client, params: { Bucket, Key: "never", Body: Readable.from([randomBytes(6 * MB), randomBytes(6 * MB)]) } });
  given.on("httpUploadProgress", () => given.abort());
  await assert.rejects(given.done(), { name: "AbortError" });
  const left = async () => (await send(new s3.ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
  for (let tries = 0; tries < 100 && (await left()); tries += 1) await setTimeout(100); // it says no when parts have ended
  assert.equal(await left(), 0);
}

async function linksAndForms() {
  const link = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: "a b/ü.txt" }), { expiresIn: 60 });
  assert.equal((await fetch(link, { method: "PUT", body: "linked" })).status, 200);
  const read = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket, Key: "a b/ü.txt", ResponseContentType: "text/x-own" }));
  const answer = await fetch(read);
  assert.deepEqual([await answer.text(), answer.headers.get("content-type")], ["linked", "text/x-own"]);
  const Conditions = [["content-length-range", 1, 10], { acl: "private" }];
  const form = await createPresignedPost(client, { Bucket, Key: "form", Conditions, Fields: { acl: "private" }, Expires: 60 });
  const post = (text) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append("file", new Blob([text]), "f.txt");
    return fetch(form.url, { method: "POST", body });
  };
  assert.equal((await post("posted")).status, 204);
  assert.equal(await (await get("form")).Body.transformToString(), "posted");
  const long = await post("much too long");
  assert.equal(long.status, 400);
  assert.match(await long.text(), /EntityTooLarge/);
}

async function listings() {
  await s3.waitUntilObjectExists({ client, maxWaitTime: 30, minDelay: 1 }, { Bucket, Key: "big" });
  const pages = s3.paginateListObjectsV2({ client, pageSize: 3 }, { Bucket });
  const { found, count } = await all(pages, "Contents");
  assert.equal(count, Math.ceil(found.length / 3));
  assert.ok(found.every(({ LastModified }) => LastModified instanceof Date));
  const deleted = await send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: found.map(({ Key }) => ({ Key })) } }));
  assert.equal(deleted.Deleted.length, found.length);
  await send(new s3.DeleteBucketCommand({ Bucket }));
  await s3.waitUntilBucketNotExists({ client, maxWaitTime: 30, minDelay: 1 }, { Bucket });
  await refused(send(new s3.ListObjectsV2Command({ Bucket })), s3.NoSuchBucket, "The specified bucket does not exist");
}

await send(new s3.CreateBucketCommand({ Bucket }));
await s3.waitUntilBucketExists({ client, maxWaitTime: 30, minDelay: 1 }, { Bucket });
await checksums();
await streamsAndRanges();
await linksAndForms();
await listings();
console.log("ok");
