// Where an ES module finds packages it did not bring: Node.js reads NODE_PATH for require() only, so this hook reads it
// for import. Each entry is a folder named node_modules; a package is looked for as if its neighbour had asked.

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const neighbours = (process.env.NODE_PATH ?? "")
  .split(":")
  .filter(Boolean)
  .map((folder) => pathToFileURL(join(dirname(folder), "neighbour.mjs")).href);

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND" || /^[./]|^\w+:/.test(specifier)) throw error;
    for (const parentURL of neighbours) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch {
        // the next folder may have it; if none has, the first error says so best
      }
    }
    throw error;
  }
}
