// Asks the hub's own OpenAI API and hears the answer as it comes. Used by the pages of conversations.
const ONE_MOMENT = 1200;
const NUMBERS = ["temperature", "max_tokens", "top_p", "top_k", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed"];

const shy = new Set(); // models whose engine tells nothing of the tokens that it did not choose

// The fields of the API that stand in a form.
export function wishes(form) {
  const found = {};
  for (const name of NUMBERS) if (form.elements[name]?.value.trim()) found[name] = Number(form.elements[name].value);
  const stop = form.elements.stop.value.split("\n").filter(Boolean);
  if (stop.length) found.stop = stop;
  if (form.elements.logprobs.checked) found.logprobs = true;
  return found;
}

// The request for a conversation (`messages`) or a text that goes on (`prompt`).
export function request(model, asked, wanted, others = true) {
  const body = { model, ...asked, ...wanted, stream: true, stream_options: { include_usage: true } };
  if (wanted.logprobs && asked.messages && others) body.top_logprobs = 5;
  if (wanted.logprobs && !asked.messages) body.logprobs = others ? 5 : 1;
  return body;
}

// A piece of the page as the server draws it.
export async function drawn(kind, said) {
  const answer = await fetch("/chat/shown", {
    method: "POST", body: JSON.stringify(said), headers: { "content-type": "application/json", "x-fragment": kind },
  });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.body.childNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE);
}

export async function standing(model) {
  const answer = await fetch(`/chat/standing?model=${encodeURIComponent(model)}`, { headers: { accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

// Speaks once. `heard(text)` is told every piece; gives {text, tokens, finish, prompt, completion, seconds, first} or {trouble}.
export async function speak(model, asked, wanted, { heard, stood, words, signal }) {
  const began = performance.now();
  const found = { text: "", tokens: [], finish: "", prompt: 0, completion: 0, seconds: 0, first: null };
  const watching = watch(model, stood, words, () => found.first !== null, signal);
  try {
    let answer = await send(request(model, asked, wanted, !shy.has(model)), asked, signal);
    if (answer.status === 422 && wanted.logprobs && !shy.has(model)) {
      shy.add(model);
      answer = await send(request(model, asked, wanted, false), asked, signal);
    }
    if (!answer.ok) return { ...found, trouble: await refused(answer) };
    for await (const event of events(answer.body)) {
      if (event.error) return { ...found, trouble: { message: event.error.message, status: 500 } };
      hear(found, event, began, heard);
    }
  } catch (error) {
    if (error.name !== "AbortError") return { ...found, trouble: { message: words.lost, status: 0 } };
    found.finish = "stopped";
    found.completion ||= found.tokens.length || found.pieces;
  } finally {
    clearTimeout(watching.timer);
    watching.over = true;
  }
  found.seconds = (performance.now() - began) / 1000;
  return found;
}

function send(body, asked, signal) {
  const address = asked.messages ? "/v1/chat/completions" : "/v1/completions";
  return fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" }, signal });
}

async function refused(answer) {
  const said = await answer.json().catch(() => ({}));
  const wait = Number.parseInt(answer.headers.get("retry-after") ?? said.error?.estimated_time, 10);
  return { message: said.error?.message ?? answer.statusText, status: answer.status, ...(wait > 0 ? { wait } : {}) };
}

function hear(found, event, began, heard) {
  if (event.usage) [found.prompt, found.completion] = [event.usage.prompt_tokens, event.usage.completion_tokens];
  const choice = event.choices?.[0];
  if (!choice) return;
  const text = choice.delta ? choice.delta.content ?? "" : choice.text;
  if (text || choice.logprobs) found.first ??= (performance.now() - began) / 1000;
  if (text) found.pieces = (found.pieces ?? 0) + 1;
  found.text += text;
  found.finish = choice.finish_reason ?? found.finish;
  if (choice.logprobs) found.tokens.push(...likely(choice.logprobs));
  heard(found.text);
}

function likely(logprobs) {
  if (logprobs.content) return logprobs.content;
  return logprobs.tokens.map((token, at) => ({
    token, logprob: logprobs.token_logprobs[at],
    top: Object.entries(logprobs.top_logprobs[at] ?? {}).map(([other, logprob]) => ({ token: other, logprob })),
  }));
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const parts = held.split("\n\n");
    held = parts.pop();
    for (const part of parts) {
      const data = part.replace(/^data: /, "");
      if (data && data !== "[DONE]") yield JSON.parse(data);
    }
  }
}

// Says what is waited for until the first word comes.
function watch(model, stood, words, begun, signal) {
  const watching = { over: false };
  const look = async () => {
    if (watching.over || begun() || signal.aborted) return;
    const found = await standing(model).catch(() => null);
    if (watching.over || begun()) return;
    if (found?.state === "loading") stood("loading", words.loading.replace("{n}", Math.max(found.seconds, 1)));
    else if (found?.state === "ready" && found.before) stood("before", words.before.replace("{n}", found.before));
    else stood(found?.state ?? "cold", found?.state === "ready" ? words.writing : words.starting);
    watching.timer = setTimeout(look, ONE_MOMENT);
  };
  watching.timer = setTimeout(look, ONE_MOMENT / 3);
  return watching;
}

// Arrow keys and the mouse go over the tokens; what is known of one stands below.
export function tellTokens(root) {
  for (const list of root.querySelectorAll("[data-tokens]")) {
    const told = list.parentElement.querySelector("[data-told]");
    let at = -1;
    const show = (place) => {
      const token = list.children[place];
      if (!token) return;
      list.querySelector(".here")?.classList.remove("here");
      token.classList.add("here");
      at = place;
      told.textContent = `${token.textContent.trim() || "␣"}: ${token.title}`;
    };
    list.addEventListener("mouseover", (event) => {
      if (event.target !== list) show([...list.children].indexOf(event.target));
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show(Math.max(0, Math.min(list.children.length - 1, at + step)));
    });
  }
}

// One place on a page where a model speaks: what it is doing, what it says, and what went wrong.
export class Stage {
  constructor(root, words) {
    this.words = words;
    this.turns = root.querySelector("[data-turns]");
    this.state = root.querySelector("[data-state]");
    this.spoken = root.querySelector("[data-spoken]");
    this.trouble = root.querySelector("[data-trouble]");
    this.known = "";
    tellTokens(root);
  }

  say(kind, text) {
    this.state.textContent = text;
    if (kind !== this.known) this.spoken.textContent = text; // listeners hear of a change once, not of every second
    this.known = kind;
  }

  // `grown(text)` shows the answer while it grows.
  async ask(model, asked, wanted, signal, grown) {
    this.trouble.replaceChildren();
    this.say("starting", this.words.starting);
    const heard = (text) => {
      if (text) this.say("writing", this.words.writing);
      grown(text);
    };
    const stood = (kind, text) => this.say(kind, text);
    const found = await speak(model, asked, wanted, { heard, stood, words: this.words, signal });
    this.say("end", "");
    if (found.trouble) this.trouble.replaceChildren(...(await drawn("trouble", found.trouble)));
    else this.spoken.textContent = `${found.finish === "stopped" ? this.words.stopped : this.words.answered}: ${found.text.slice(0, 3000)}`;
    return found;
  }
}
