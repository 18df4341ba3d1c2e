// Asks models through @huggingface/inference: reads {token, asked: [{method, url, params}]} from stdin and writes a list of
// {value} or {error} to stdout, in the order of the questions. What streams is given as a list.
import { InferenceClient } from "@huggingface/inference";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { token, asked } = JSON.parse(Buffer.concat(chunks).toString());

// {"$bytes": base64} stands for a Blob on the way in and on the way out.
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if ("$bytes" in value) return new Blob([Buffer.from(value.$bytes, "base64")]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}

async function settle(found) {
  if (found && typeof found[Symbol.asyncIterator] === "function") {
    const items = [];
    for await (const item of found) items.push(item);
    return items;
  }
  const value = await found;
  if (value instanceof Blob) return { $bytes: Buffer.from(await value.arrayBuffer()).toString("base64"), type: value.type };
  return value;
}

// The client as it is; what came over the wire is kept beside it, to be told when the client does not like it.
async function ask({ method, url, params }) {
  let came = "";
  const fetched = async (...request) => {
    const answer = await fetch(...request);
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) came = (await answer.clone().text()).slice(0, 2000);
    return answer;
  };
  try {
    const client = new InferenceClient(token, { endpointUrl: url, fetch: fetched });
    return { value: await settle(client[method](revive(params))) };
  } catch (error) {
    return { error: String(error.message), status: error.httpResponse?.status ?? null, came };
  }
}

const answers = [];
for (const question of asked) answers.push(await ask(question));
process.stdout.write(JSON.stringify(answers));
