// The conversation without leaving the page: answers stream in, and can be stopped, asked for anew, and led elsewhere.
const form = document.querySelector("form[data-chat]");
const { Stage, drawn, tellTokens, wishes } = await import(form.dataset.speech);
const { model, mode, ...words } = form.dataset;
const stage = new Stage(form, words);
const [draft, send, stop, anew, again] = ["draft", "send", "stop", "new", "again"].map((name) => form.querySelector(`[data-${name}]`));
let talking = null;
let before = draft.value;

form.querySelector("[data-keys]").hidden = false;
form.querySelector(".turn:last-child")?.scrollIntoView({ block: "nearest" });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [verb, place] = (event.submitter?.value || "send").split(":");
  ({ send: say, again: answerAgain, edit, new: begin })[verb](Number(place));
});
stop.addEventListener("click", () => talking?.abort());
again?.addEventListener("click", () => { draft.value = before; say(); });
addEventListener("keydown", (event) => { if (event.key === "Escape") talking?.abort(); });
draft.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || mode === "text") return;
  event.preventDefault();
  if (!talking) form.requestSubmit(send);
});

function busy(control) {
  talking = control;
  stop.hidden = !control;
  send.disabled = Boolean(control);
  if (again) again.hidden = Boolean(control);
  for (const button of stage.turns.querySelectorAll("button")) button.disabled = Boolean(control);
  anew.hidden = Boolean(control) || !stage.turns.children.length;
}

async function say() {
  const text = draft.value.replace(/\r\n/g, "\n");
  if (talking || !text.trim()) return draft.focus();
  form.querySelector("[data-hint]")?.remove();
  if (mode === "text") return goOn(text);
  draft.value = "";
  await add("user", { by: "user", text });
  await answer();
}

// The form is sent by itself where no script runs; here the same turns become messages.
function messages() {
  const system = form.elements.system.value;
  const said = [...stage.turns.querySelectorAll("[name=said]")].map((one, at) => ({ role: at % 2 ? "assistant" : "user", content: one.value }));
  return [...(system.trim() ? [{ role: "system", content: system }] : []), ...said];
}

async function add(kind, said) {
  const nodes = await drawn("turn", { ...said, place: stage.turns.children.length });
  stage.turns.append(...nodes);
  nodes[0].scrollIntoView({ block: "nearest" });
}

async function answer() {
  const growing = grower("li");
  const control = new AbortController();
  busy(control);
  const asked = { messages: messages() };
  const found = await stage.ask(model, asked, wishes(form), control.signal, growing.show);
  growing.item.remove();
  if (found.trouble || (found.finish === "stopped" && !found.text)) giveBack();
  else await add("assistant", found);
  done();
}

// A turn that nobody answered goes back into the field.
function giveBack() {
  const last = stage.turns.lastElementChild;
  draft.value ||= last.querySelector("[name=said]").value;
  last.remove();
}

async function goOn(text) {
  before = text;
  const growing = grower("section", text);
  const control = new AbortController();
  busy(control);
  const found = await stage.ask(model, { prompt: text }, wishes(form), control.signal, growing.show);
  growing.item.remove();
  if (!found.trouble && found.text) {
    stage.turns.replaceChildren(...(await drawn("went_on", { ...found, before: text })));
    draft.value = text + found.text;
  }
  done();
}

function done() {
  busy(null);
  tellTokens(stage.turns.lastElementChild ?? form);
  refreshCode();
  draft.focus({ preventScroll: true });
}

// The answer while it grows: plain text, not announced piece by piece.
function grower(tag, text = "") {
  const item = document.createElement(tag);
  item.className = "turn assistant growing";
  const name = document.createElement("h3");
  name.className = "turn-by";
  name.textContent = words.it;
  const said = document.createElement("p");
  said.className = "turn-said user-text";
  said.translate = false;
  const start = document.createElement("span");
  start.className = "soft";
  start.textContent = text;
  const rest = document.createElement("span");
  said.append(start, rest);
  item.append(name, said);
  item.setAttribute("aria-hidden", "true");
  if (tag === "section") stage.turns.replaceChildren(item);
  else stage.turns.append(item);
  const show = (more) => {
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
    rest.textContent = more;
    if (atEnd) item.scrollIntoView({ block: "end", behavior: "instant" });
  };
  return { item, show };
}

function cut(place) {
  while (stage.turns.children.length > place) stage.turns.lastElementChild.remove();
}

function answerAgain(place) {
  if (talking) return;
  cut(place);
  answer();
}

function edit(place) {
  if (talking) return;
  draft.value = stage.turns.children[place].querySelector("[name=said]").value;
  cut(place);
  busy(null);
  draft.focus();
}

function begin() {
  stage.turns.replaceChildren();
  stage.trouble.replaceChildren();
  draft.value = "";
  busy(null);
  draft.focus();
}

// The code follows the fields.
let soon;
async function refreshCode() {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "said"));
  const said = [...stage.turns.querySelectorAll("[data-turn=user] [name=said]")].at(-1)?.value;
  if (said && mode === "chat" && !fields.text) fields.text = said;
  const nodes = await drawn("code", { form: fields }).catch(() => []);
  const fresh = nodes.flatMap((node) => [...node.querySelectorAll("pre code")]);
  const shown = document.querySelectorAll("[data-code] pre code");
  if (fresh.length === shown.length) fresh.forEach((code, at) => shown[at].replaceChildren(...code.childNodes));
}
form.addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(refreshCode, 600);
});
