// What the scripts share: everything that a paginator finds, and a refusal by its class.
import assert from "node:assert/strict";

/** The members of all pages, and how many pages there were. */
export async function all(pages, member) {
  const found = [];
  let count = 0;
  for await (const page of pages) {
    found.push(...(page[member] ?? []));
    count += 1;
  }
  return { found, count };
}

/** A call is refused with an exception of this class and, if they are given, these words. */
export async function refused(call, kind, words = "") {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof kind, `${error.name} is no ${kind.name}: ${error.message}`);
    assert.ok(error.message.includes(words), error.message);
    assert.ok(error.$metadata.httpStatusCode >= 400 && error.$metadata.requestId);
    return true;
  });
}
