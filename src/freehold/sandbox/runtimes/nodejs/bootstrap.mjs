// The Node.js runtime: takes invocations from the Runtime API, calls the function's handler, gives back what it says.
//
// One idea: one connection, kept; answers come in the order of the requests. It runs inside the function's own process and
// may use Node's own modules alone. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html

import { existsSync, readFileSync, statSync, writeSync } from "node:fs";
import { createRequire, register } from "node:module";
import { createConnection } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

const PATH = "/2018-06-01/runtime/";
const FRAME_TYPE = 0xa55a0003;
const LEVELS = { log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR" };
const EXIT_REJECTION = 128;
const EXIT_EXCEPTION = 129;

const env = process.env;
let requestId;

// The function's voice: each console call is one frame on the telemetry pipe.

const telemetryFd = Number(env._LAMBDA_TELEMETRY_LOG_FD ?? 0);
delete env._LAMBDA_TELEMETRY_LOG_FD;

function event(text) {
  if (!telemetryFd) {
    process.stdout.write(text.replaceAll("\n", "\r") + "\n");
    return;
  }
  const body = Buffer.from(text);
  const frame = Buffer.allocUnsafe(16 + body.length);
  frame.writeUInt32BE(FRAME_TYPE, 0);
  frame.writeUInt32BE(body.length, 4);
  frame.writeBigInt64BE(BigInt(Date.now()) * 1000n, 8);
  body.copy(frame, 16);
  for (let sent = 0; sent < frame.length; ) sent += writeSync(telemetryFd, frame, sent);
}

function log(level, message) {
  event(`${new Date().toISOString()}\t${requestId}\t${level}\t${message}`);
}

for (const [method, level] of Object.entries(LEVELS)) {
  console[method] = (...words) => log(level, format(...words));
}

// The Runtime API.

class RuntimeApi {
  #socket;
  #host;
  #data = Buffer.alloc(0);
  #waiting = [];

  constructor(address) {
    const [host, port] = address.split(":");
    this.#host = address;
    this.#socket = createConnection({ host, port: Number(port), noDelay: true });
    this.#socket.on("data", (data) => this.#receive(data));
    for (const end of ["end", "error"]) this.#socket.on(end, () => process.exit(1)); // the platform is gone
  }

  // The invocation that comes next: {headers, body}. Only this wait keeps the process alive by itself.
  async next() {
    this.#socket.ref();
    const answer = await this.#exchange(`GET ${PATH}invocation/next HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    this.#socket.unref();
    if (answer.status !== 200) throw new Error(`the Runtime API answered ${answer.status}`);
    return answer;
  }

  // Send an answer. One that is refused, say for its size, is known to the platform.
  async post(path, body, errorType) {
    this.#socket.ref();
    const bytes = Buffer.from(body);
    const kind = errorType ? `Lambda-Runtime-Function-Error-Type: ${errorType.replace(/[^ -~]/g, "?")}\r\n` : "";
    const head = `POST ${PATH}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n`;
    return this.#exchange(Buffer.concat([Buffer.from(`${head}${kind}Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
  }

  #exchange(request) {
    this.#socket.write(request);
    return new Promise((heard) => this.#waiting.push(heard));
  }

  #receive(data) {
    this.#data = this.#data.length ? Buffer.concat([this.#data, data]) : data;
    for (let end; (end = this.#data.indexOf("\r\n\r\n")) >= 0; ) {
      const [statusLine, ...lines] = this.#data.toString("latin1", 0, end).split("\r\n");
      const headers = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
      );
      const whole = end + 4 + Number(headers["content-length"] ?? 0);
      if (this.#data.length < whole) return;
      const body = this.#data.toString("utf8", end + 4, whole);
      this.#data = this.#data.subarray(whole);
      this.#waiting.shift()({ status: Number(statusLine.split(" ")[1]), headers, body });
    }
  }
}

// Failures.

class Fault extends Error {
  constructor(kind, message) {
    super(message);
    this.name = kind;
  }
}

function reportOf(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

function tell(title, error) {
  const { trace, ...report } = reportOf(error);
  const own = error instanceof Error ? Object.fromEntries(Object.entries(error).filter(([name]) => name !== "name")) : {};
  log("ERROR", `${title}\t${JSON.stringify({ ...report, ...own, stack: trace })}`);
}

// The function.

function locate(root, name) {
  const folder = resolve(root, dirname(name));
  const [, file, path] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? [];
  if (!path || name.includes("..")) throw new Fault("Runtime.MalformedHandlerName", "Bad handler");
  const found = ["", ".js", ".mjs", ".cjs"].map((tail) => join(folder, file + tail)).find(isFile);
  return { module: join(dirname(name), file), file: found, path: path.split(".") };
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

// Whether Node.js takes a file for an ES module: by its name, else by the nearest package.json.
function isEsm(file) {
  if (!file.endsWith(".js")) return file.endsWith(".mjs");
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const description = join(folder, "package.json");
    if (existsSync(description)) return JSON.parse(readFileSync(description, "utf8")).type === "module";
    if (folder === dirname(folder)) return false;
  }
}

async function importFile(root, { module, file }) {
  const require = createRequire(join(root, "index.js"));
  try {
    if (!file) return require(module); // perhaps a package of a layer
    if (!isEsm(file)) return require(file);
    if (env.NODE_PATH) register("./resolve.mjs", import.meta.url);
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault("Runtime.UserCodeSyntaxError", String(error));
    if (/MODULE_NOT_FOUND$/.test(error?.code)) throw new Fault("Runtime.ImportModuleError", String(error));
    throw error;
  }
}

async function load(root, name) {
  const place = locate(root, name);
  const module = await importFile(root, place);
  const find = (from) => place.path.reduce((value, part) => value?.[part], from);
  const handler = find(module) ?? find(module.default);
  if (handler === undefined) throw new Fault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new Fault("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
function contextOf(headers, finish) {
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
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => Number(headers["lambda-runtime-deadline-ms"]) - Date.now(),
    done: (error, value) => finish(error, value, false),
    succeed: (value) => finish(null, value, false),
    fail: (error) => finish(error ?? "handled", undefined, false),
  };
}

// What the handler says, by promise, callback or context; null when nothing is left that could still say something.
function outcomeOf(handler, { headers, body }) {
  return new Promise((settle, fail) => {
    const silent = () => settle(null);
    const conclude = (error, value) => {
      process.off("beforeExit", silent);
      error ? fail(error) : settle(value);
    };
    const finish = (error, value, patient) => {
      if (!patient) return conclude(error, value);
      process.off("beforeExit", silent);
      process.once("beforeExit", () => conclude(error, value)); // not before all that was begun is done
    };
    const context = contextOf(headers, finish);
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

const api = new RuntimeApi(env.AWS_LAMBDA_RUNTIME_API);

async function postError(title, error) {
  tell(title, error);
  const report = reportOf(error);
  await api.post(requestId ? `invocation/${requestId}/error` : "init/error", JSON.stringify(report), report.errorType);
}

process.on("uncaughtException", async (error) => {
  await postError("Uncaught Exception", error);
  process.exit(EXIT_EXCEPTION);
});

process.on("unhandledRejection", async (reason) => {
  await postError("Unhandled Promise Rejection", new Fault("Runtime.UnhandledPromiseRejection", String(reason)));
  process.exit(EXIT_REJECTION);
});

async function serve(handler) {
  for (;;) {
    const invocation = await api.next();
    requestId = invocation.headers["lambda-runtime-aws-request-id"];
    env._X_AMZN_TRACE_ID = invocation.headers["lambda-runtime-trace-id"] ?? "";
    try {
      await api.post(`invocation/${requestId}/response`, serialize(await outcomeOf(handler, invocation)));
    } catch (error) {
      await postError("Invoke Error", error);
    }
  }
}

async function main() {
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
