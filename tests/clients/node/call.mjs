// Calls one function of @huggingface/hub: reads {name, params} from stdin, writes {value} or {error} to stdout.
import * as hub from "@huggingface/hub";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { name, params } = JSON.parse(Buffer.concat(chunks).toString());

// {"$bytes": base64} stands for a Blob on the way in and on the way out.
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if ("$bytes" in value) return new Blob([Buffer.from(value.$bytes, "base64")]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}

async function settle(value) {
  if (value instanceof Blob) return { $bytes: Buffer.from(await value.arrayBuffer()).toString("base64") };
  if (value && typeof value[Symbol.asyncIterator] === "function") {
    const items = [];
    for await (const item of value) items.push(item);
    return items;
  }
  return value;
}

let answer;
try {
  answer = { value: (await settle(await hub[name](revive(params)))) ?? null };
} catch (error) {
  answer = { error: { message: String(error.message), status: error.statusCode ?? null } };
}
process.stdout.write("\n" + JSON.stringify(answer)); // the package itself may have printed before
