// The Node.js runtime: takes invocations from the Runtime API, calls the function's handler, gives back what it says.
//
// One idea: an invocation is one promise, whichever way the handler speaks: by return value, promise, callback, context or
// stream. It runs inside the function's own process, by any Node.js from 18 on, and may use Node's own modules alone.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html

"use strict";

const { Fault, highWaterMark, isStreaming, load } = require("./handlers.cjs");
const { ResponseStream, RuntimeApi } = require("./runtime_api.cjs");
const { reportOf, speakFor, takeConsole, tell } = require("./voice.cjs");

const EXIT_REJECTION = 128;
const EXIT_EXCEPTION = 129;
const NEVER_SETTLED =
  "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was " +
  "never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes";

const env = process.env;
const api = new RuntimeApi(env.AWS_LAMBDA_RUNTIME_API);
let requestId;
let stream; // that of a streaming handler at work

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
function contextOf(headers) {
  const told = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: told("lambda-runtime-client-context"),
    identity: told("lambda-runtime-cognito-identity"),
    tenantId: headers["lambda-runtime-aws-tenant-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => Number(headers["lambda-runtime-deadline-ms"]) - Date.now(),
  };
}

// What the handler says, by promise, callback or context. When nothing is left that could still say something, an async
// handler has failed, and any other has said null.
function outcomeOf(handler, { headers, body }) {
  return new Promise((settle, fail) => {
    const isAsync = handler.constructor?.name === "AsyncFunction";
    const silent = () => (isAsync ? fail(new Fault("NodeJsExit", NEVER_SETTLED)) : settle(null));
    const conclude = (error, value) => {
      process.off("beforeExit", silent);
      error ? fail(error) : settle(value);
    };
    const finish = (error, value, patient) => {
      if (!patient) return conclude(error, value);
      process.off("beforeExit", silent);
      process.once("beforeExit", () => conclude(error, value)); // not before all that was begun is done
    };
    const context = Object.assign(contextOf(headers), {
      done: (error, value) => finish(error, value, false),
      succeed: (value) => finish(null, value, false),
      fail: (error) => finish(error ?? "handled", undefined, false),
    });
    const callback = (error, value) => finish(error, value, context.callbackWaitsForEmptyEventLoop);
    process.once("beforeExit", silent);
    try {
      const value = handler(JSON.parse(body), context, callback);
      if (typeof value?.then === "function") value.then((done) => conclude(null, done), (error) => conclude(error ?? "null"));
    } catch (error) {
      conclude(error ?? "null");
    }
  });
}

function serialize(value) {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

// Let a streaming handler write its answer; over when the answer was taken.
async function streamed(handler, { headers, body }) {
  stream = new ResponseStream(api, `invocation/${requestId}/response`, highWaterMark(handler));
  try {
    const going = handler(JSON.parse(body), stream, contextOf(headers));
    if (typeof going?.then !== "function") throw "Streaming does not support non-async handlers.";
    const value = await whileAlive(going, new Fault("NodeJsExit", NEVER_SETTLED));
    if (value !== undefined) console.warn("Streaming handlers ignore return values.");
    await whileAlive(stream.answered, "Response stream is not finished.");
  } catch (error) {
    tell("Invoke Error", error);
    await stream.fail(reportOf(error));
  }
  stream = undefined;
}

// A promise, or `reason` to fail when nothing is left that could still settle it.
function whileAlive(promise, reason) {
  return new Promise((settle, fail) => {
    const over = () => fail(reason);
    process.once("beforeExit", over);
    promise.then(settle, fail).finally(() => process.off("beforeExit", over));
  });
}

async function postError(title, error) {
  tell(title, error);
  const report = reportOf(error);
  if (stream) return stream.fail(report);
  return api.post(requestId ? `invocation/${requestId}/error` : "init/error", JSON.stringify(report), report.errorType);
}

process.on("uncaughtException", async (error) => {
  await postError("Uncaught Exception", error);
  process.exit(EXIT_EXCEPTION);
});

process.on("unhandledRejection", async (reason) => {
  await postError("Unhandled Promise Rejection", new Fault("UnhandledPromiseRejection", String(reason)));
  process.exit(EXIT_REJECTION);
});

async function serve(handler) {
  for (;;) {
    const invocation = await api.next();
    requestId = invocation.headers["lambda-runtime-aws-request-id"];
    speakFor(requestId);
    env._X_AMZN_TRACE_ID = invocation.headers["lambda-runtime-trace-id"] ?? "";
    try {
      if (isStreaming(handler)) await streamed(handler, invocation);
      else await api.post(`invocation/${requestId}/response`, serialize(await outcomeOf(handler, invocation)));
    } catch (error) {
      await postError("Invoke Error", error);
    }
  }
}

async function main() {
  takeConsole();
  let handler;
  try {
    handler = await load(env.LAMBDA_TASK_ROOT, env._HANDLER);
  } catch (error) {
    await postError("Init Error", error);
    process.exit(1);
  }
  await serve(handler);
}

main();
