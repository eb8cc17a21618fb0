// What a Node.js function says: each console call is one frame on the telemetry pipe.
//
// One idea: a frame is one log event, whatever line ends it has, and carries its level. Text and JSON forms follow
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html

"use strict";

const { writeSync } = require("node:fs");
const { format, types } = require("node:util");

const FRAME_TYPE = 0xa55a0002;
const TEXT_BIT = 1;
const LEVEL_BITS = 2;
const LEVELS = ["NONE", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]; // the place is the rank
const METHODS = { trace: 1, debug: 2, info: 3, log: 3, warn: 4, error: 5, fatal: 6 };

const env = process.env;
const telemetryFd = Number(env._LAMBDA_TELEMETRY_LOG_FD);
delete env._LAMBDA_TELEMETRY_LOG_FD;
const json = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON";

let requestId;

function frame(text, rank) {
  const body = Buffer.from(text);
  const whole = Buffer.allocUnsafe(16 + body.length);
  whole.writeUInt32BE((FRAME_TYPE | (rank << LEVEL_BITS) | (json ? 0 : TEXT_BIT)) >>> 0, 0);
  whole.writeUInt32BE(body.length, 4);
  whole.writeBigInt64BE(BigInt(Date.now()) * 1000n, 8);
  body.copy(whole, 16);
  for (let sent = 0; sent < whole.length; ) sent += writeSync(telemetryFd, whole, sent);
}

function log(rank, words) {
  const timestamp = new Date().toISOString();
  if (!json) return frame(`${timestamp}\t${requestId}\t${LEVELS[rank]}\t${format(...words)}`, rank);
  return frame(jsonForm({ timestamp, level: LEVELS[rank], requestId }, words), rank);
}

// One value is the message as it is; several are formatted, and the first error among them is told beside.
function jsonForm(head, words) {
  if (words.length === 1) {
    try {
      return JSON.stringify({ ...head, message: words[0] }, (_, value) => (isError(value) ? errorMembers(value) : value));
    } catch {
      return JSON.stringify({ ...head, message: format(words[0]) }); // a circle, or a bigint
    }
  }
  const error = words.find(isError);
  return JSON.stringify({ ...head, message: format(...words), ...(error ? errorMembers(error) : {}) });
}

function isError(value) {
  return value instanceof Error || types.isNativeError(value);
}

function errorMembers(error) {
  const told = { errorType: error.constructor?.name ?? "UnknownError", errorMessage: error.message };
  return { ...told, stackTrace: String(error.stack ?? "").split("\n"), ...error };
}

// An error as the caller sees it.
function reportOf(error) {
  if (!isError(error) && !(error?.name && error?.message && error?.stack)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") };
}

// Log a failure.
function tell(title, reason) {
  const error = isError(reason) ? reason : new Error(reason);
  if (json) return log(METHODS.error, [error]);
  const told = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  return log(METHODS.error, [title, `\t${JSON.stringify({ ...told, name: undefined, stack: error.stack?.split("\n") })}`]);
}

function takeConsole() {
  const least = Math.max(LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()), 0);
  for (const [method, rank] of Object.entries(METHODS)) {
    console[method] = rank < least ? () => {} : (...words) => log(rank, words);
  }
}

module.exports = {
  reportOf,
  takeConsole,
  tell,
  speakFor: (id) => {
    requestId = id;
  },
};
