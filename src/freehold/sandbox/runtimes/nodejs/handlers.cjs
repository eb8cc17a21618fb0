// Finding a Node.js function's handler: its file, its module, the function in it.
//
// One idea: what AWS's runtime tries, in its order: CommonJS where Node.js takes a file for that, else an ES module.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html

"use strict";

const { existsSync, readFileSync, statSync } = require("node:fs");
const module_ = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
const INTEGRATION = "application/vnd.awslambda.http-integration-response";
const PRELUDE_END = new Uint8Array(8);

const NO_CALLBACKS =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify " +
  "this function to use a supported handler signature to use Node.js 24 or later. For more information see " +
  "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

class Fault extends Error {
  constructor(kind, message) {
    super(message);
    this.name = `Runtime.${kind}`;
  }
}

// The global `awslambda` by which code says that its handler streams.
const awslambda = {
  streamifyResponse(handler, options) {
    handler[STREAMING] = "response";
    if (typeof options?.highWaterMark === "number") handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
    return handler;
  },
  HttpResponseStream: class HttpResponseStream {
    static from(stream, prelude) {
      stream.setContentType(INTEGRATION);
      stream._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(prelude));
        write(PRELUDE_END);
      };
      return stream;
    }
  },
};

function locate(root, name) {
  const words = `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`;
  if (name.includes("..")) throw new Fault("MalformedHandlerName", words);
  const [, file, path] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? [];
  if (!path) throw new Fault("MalformedHandlerName", "Bad handler");
  const folder = resolve(root, dirname(name));
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

// The folders of NODE_PATH that an ES module in `file` would not find by itself: import does not read NODE_PATH.
function unseen(file) {
  const folders = (process.env.NODE_PATH ?? "").split(":").filter((folder) => folder && existsSync(folder));
  return folders.filter((folder) => basename(folder) !== "node_modules" || !`${file}/`.startsWith(`${dirname(folder)}/`));
}

// Look for packages in those folders too, as if a neighbour of theirs had asked.
function widenImport(folders) {
  const neighbours = folders.map((folder) => pathToFileURL(join(dirname(folder), "neighbour.mjs")).href);
  if (!module_.registerHooks) {
    module_.register("./resolve.mjs", { parentURL: pathToFileURL(__filename).href, data: neighbours });
    return;
  }
  module_.registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (error.code !== "ERR_MODULE_NOT_FOUND" || /^[./]|^\w+:/.test(specifier)) throw error;
        for (const parentURL of neighbours) {
          try {
            return next(specifier, { ...context, parentURL });
          } catch {
            // the next folder may have it; if none has, the first error says so best
          }
        }
        throw error;
      }
    },
  });
}

async function importFile(root, { module, file }) {
  const require = module_.createRequire(join(root, "index.js"));
  try {
    if (!file) return require(module); // perhaps a package of a layer
    if (!isEsm(file)) return require(file);
    const folders = unseen(file);
    if (folders.length) widenImport(folders);
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault("UserCodeSyntaxError", String(error));
    if (error?.code === "MODULE_NOT_FOUND") throw new Fault("ImportModuleError", String(error));
    throw error;
  }
}

// The function that `name` names below `root`. Throws Fault, and what its module throws.
async function load(root, name) {
  globalThis.awslambda = awslambda;
  const place = locate(root, name);
  const module = await importFile(root, place);
  const handler = place.path.reduce((value, part) => value?.[part], module);
  if (!handler) throw new Fault("HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new Fault("HandlerNotFound", `${name} is not a function`);
  const [, version] = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV) ?? [];
  if (version >= 24 && handler.length > 2 && !isStreaming(handler)) throw new Fault("CallbackHandlerDeprecated", NO_CALLBACKS);
  return handler;
}

function isStreaming(handler) {
  return handler[STREAMING] === "response";
}

module.exports = {
  Fault,
  isStreaming,
  load,
  highWaterMark: (handler) => handler[HIGH_WATER_MARK],
};
