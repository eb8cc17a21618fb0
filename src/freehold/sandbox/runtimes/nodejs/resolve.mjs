// Where an ES module finds packages it did not bring, for versions of Node.js whose hooks live in a thread of their own
// (before 22.15). `neighbours` are URLs of files that stand beside folders named node_modules; see handlers.cjs.

let neighbours = [];

export function initialize(data) {
  neighbours = data;
}

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
