// Evaluates expressions with the reference implementation. In: {data, texts}. Out: a list of {value}, {} for undefined,
// {function: true} or {code}, where the code is null for an error that is not JSONata's own.
const jsonata = require("jsonata");

const isFunction = (value) => typeof value === "function" || (value && (value._jsonata_lambda || value._jsonata_function));

async function outcome(text, data) {
  try {
    const value = await jsonata(text, { timeout: 5000, stack: 500 }).evaluate(structuredClone(data));
    if (isFunction(value)) return { function: true };
    let odd = false;
    const plain = JSON.stringify(value, (_, each) => {
      if (isFunction(each) || (typeof each === "number" && !Number.isFinite(each))) odd = true;
      return each;
    });
    if (odd) return { function: true };
    return value === undefined ? {} : { value: JSON.parse(plain) };
  } catch (error) {
    return { code: error.code ?? null };
  }
}

(async () => {
  const { data, texts } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const outcomes = [];
  for (const text of texts) outcomes.push(await outcome(text, data));
  process.stdout.write(JSON.stringify(outcomes));
})();
