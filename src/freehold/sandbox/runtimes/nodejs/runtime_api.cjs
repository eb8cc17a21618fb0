// The client's side of the Runtime API, over one connection that is kept.
//
// One idea: answers come in the order of the requests. A streamed answer is a request whose body goes out in chunks; how
// it ended stands in its trailers. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

"use strict";

const { createConnection } = require("node:net");
const { Writable } = require("node:stream");
const { reportOf } = require("./voice.cjs");

const PATH = "/2018-06-01/runtime/";
const ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
const ERROR_BODY = "Lambda-Runtime-Function-Error-Body";

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
    this.#socket.write(`GET ${PATH}invocation/next HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    const answer = await this.#answer();
    this.#socket.unref();
    if (answer.status !== 200) throw new Error(`the Runtime API answered ${answer.status}`);
    return answer;
  }

  // Send an answer. One that is refused, say for its size, is known to the platform.
  async post(path, body, errorType) {
    this.#socket.ref();
    const bytes = Buffer.from(body);
    const kind = errorType ? `${ERROR_TYPE}: ${printable(errorType)}\r\n` : "";
    const head = `${this.#head(path, "application/json")}${kind}Content-Length: ${bytes.length}\r\n\r\n`;
    this.#socket.write(Buffer.concat([Buffer.from(head), bytes]));
    return this.#answer();
  }

  // Begin an answer that comes in pieces.
  begin(path, contentType) {
    const mode = "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n";
    this.#socket.write(`${this.#head(path, contentType)}${mode}Trailer: ${ERROR_TYPE}, ${ERROR_BODY}\r\n\r\n`);
  }

  // Send a piece; `sent` is called when the platform can take more.
  piece(bytes, sent) {
    this.#socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]), sent);
  }

  // End an answer that came in pieces, with the report of what broke it off, if anything did.
  finish(report) {
    const body = report && Buffer.from(JSON.stringify(report)).toString("base64");
    const trailers = report ? `${ERROR_TYPE}: ${printable(report.errorType)}\r\n${ERROR_BODY}: ${body}\r\n` : "";
    this.#socket.ref();
    this.#socket.write(`0\r\n${trailers}\r\n`);
    return this.#answer();
  }

  #head(path, contentType) {
    return `POST ${PATH}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${printable(contentType)}\r\n`;
  }

  #answer() {
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
      this.#waiting.shift()?.({ status: Number(statusLine.split(" ")[1]), headers, body });
    }
  }
}

function printable(text) {
  return String(text).replace(/[^ -~]/g, "?");
}

// What a streaming handler writes to. Nothing is sent before the first write, so that its content type can be set.
class ResponseStream extends Writable {
  #api;
  #path;
  #begun = false;
  #closed = false;
  #contentType = "application/octet-stream";
  #report;
  #heard;

  constructor(api, path, highWaterMark) {
    super({ highWaterMark, decodeStrings: true });
    this.#api = api;
    this.#path = path;
    this.answered = new Promise((heard) => (this.#heard = heard));
    this.on("error", () => {}); // the caller hears of it
  }

  setContentType(contentType) {
    if (this.#begun) throw streamingError("Cannot set content-type, too late.");
    this.#contentType = contentType;
  }

  write(chunk, ...rest) {
    this.#prelude();
    const plain = typeof chunk === "string" || chunk instanceof Uint8Array;
    return super.write(plain ? chunk : JSON.stringify(chunk), ...rest);
  }

  end(...rest) {
    this.#prelude();
    return super.end(...rest);
  }

  // End here, with an error for the caller. Too late for one that has ended already.
  fail(report) {
    if (!this.writableEnded && !this.destroyed) {
      this.#report = report;
      this._onBeforeFirstWrite = undefined;
      super.end();
    }
    return this.answered;
  }

  #prelude() {
    const before = this._onBeforeFirstWrite;
    this._onBeforeFirstWrite = undefined;
    before?.((chunk) => super.write(chunk));
  }

  #open() {
    if (!this.#begun) this.#api.begin(this.#path, this.#contentType);
    this.#begun = true;
  }

  async #close(report) {
    if (this.#closed) return;
    this.#closed = true;
    this.#open();
    this.#heard(await this.#api.finish(report));
  }

  _write(chunk, encoding, sent) {
    this.#open();
    if (chunk.length) this.#api.piece(chunk, sent);
    else sent(); // an empty piece would be the end
  }

  _final(done) {
    this.#close(this.#report).then(done, done);
  }

  _destroy(error, done) {
    this.#close(reportOf(error ?? "Response stream is not finished."));
    done(error);
  }
}

function streamingError(message) {
  return Object.assign(new Error(message), { name: "Runtime.InvalidStreamingOperation" });
}

module.exports = { ResponseStream, RuntimeApi };
