// The page that takes files in: choosing, the list, progress, pause, and one commit at the end.
const here = document.querySelector("script[data-send]").dataset;
const [tools, { Item, Queue, use }] = await Promise.all([import(here.send), import(here.queue)]);
const { memoryOf } = await import(here.memory);
const { gather } = await import(here.gather);
use(tools);

const words = JSON.parse(document.getElementById("upload-words").textContent);
const form = document.getElementById("upload");
const part = (id) => document.getElementById(id);
const { api, batch, folder, home, repo } = form.dataset;
const MOST_FILES = 20_000;
const MOST_ROWS = 1_000;
const memory = memoryOf(`bearhug-upload:${repo}:${folder}`);
const queue = new Queue({ api, batch, memory, changed: note, hasher: new tools.Hasher(form.dataset.worker, form.dataset.hash) });
const rows = new Map();
const started = { at: 0, bytes: 0, sent: 0 };
let running = false;
let paused = false;
let finished = false;
let said = -1;

for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
for (const one of document.querySelectorAll(".without-script")) one.hidden = true;
form.classList.add("scripted");
part("branch").disabled = false;
part("resume").hidden = !memory.isOpen();
part("forget").onclick = () => {
  memory.clear();
  part("resume").hidden = true;
};

// choosing ----------------------------------------------------------------------------------------------------

for (const id of ["pick-files", "pick-folder"]) {
  const take = () => {
    add([...part(id).files].map((file) => ({ path: file.webkitRelativePath || file.name, file })), 0);
    part(id).value = "";
  };
  part(id).addEventListener("change", take);
  if (part(id).files.length) setTimeout(take); // somebody was faster than the script
}

for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    part("drop").classList.add("over");
  });
}
addEventListener("dragleave", (event) => event.relatedTarget || part("drop").classList.remove("over"));
addEventListener("drop", async (event) => {
  event.preventDefault();
  part("drop").classList.remove("over");
  if (running) return;
  const { files, skipped } = await gather(event.dataTransfer, MOST_FILES);
  add(files, skipped);
});

function add(files, skipped) {
  if (running) return;
  tell("trouble", "");
  for (const { path, file } of files) {
    if (isPrivate(path)) skipped++;
    else if (queue.items.size >= MOST_FILES) tell("trouble", "toomany", { count: MOST_FILES });
    else put(folder ? `${folder}/${path}` : path, file);
  }
  if (skipped) tell("skipped", "skipped", { count: skipped });
  part("skipped").hidden = !skipped;
  sum();
}

function put(path, file) {
  drop(path);
  const item = new Item(path, file);
  if (!isPossible(path)) Object.assign(item, { state: "failed", problem: new tools.Problem("badname") });
  queue.items.set(path, item);
  if (rows.size < MOST_ROWS) rows.set(path, row(item));
}

/** Files that systems and editors keep for themselves. */
function isPrivate(path) {
  return /(^|\/)(\.git|\.hg|\.svn|__pycache__|\.ipynb_checkpoints)\//.test(path) || /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(path);
}

function isPossible(path) {
  const isName = (name) => name && name !== "." && name !== ".." && !/^\.git$/i.test(name) && name === name.trim() && !name.endsWith(".");
  return path.length <= 2000 && !/[\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069\\]/.test(path) && path.isWellFormed() && path.split("/").every(isName);
}

function drop(path) {
  queue.items.delete(path);
  rows.get(path)?.line.remove();
  rows.delete(path);
}

part("clear").onclick = () => {
  for (const path of [...queue.items.keys()]) drop(path);
  sum();
};

// the list ----------------------------------------------------------------------------------------------------

function row(item) {
  const line = document.createElement("li");
  const [name, size, state] = ["name", "size", "state"].map((kind) => {
    const cell = document.createElement("span");
    cell.className = kind;
    line.append(cell);
    return cell;
  });
  const text = document.createElement("span");
  const bar = document.createElement("progress");
  bar.hidden = true;
  bar.setAttribute("aria-label", item.path);
  state.append(text, bar);
  name.textContent = folder ? item.path.slice(folder.length + 1) : item.path;
  size.textContent = bytes(item.file.size);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", fill(words.remove, { name: item.path }));
  remove.onclick = () => {
    drop(item.path);
    sum();
  };
  line.append(remove);
  part("files").append(line);
  const made = { line, text, bar, remove };
  draw(item, made);
  return made;
}

const waiting = new Set();

function note(item) {
  if (!waiting.size) requestAnimationFrame(() => {
    for (const one of waiting) if (rows.has(one.path)) draw(one, rows.get(one.path));
    waiting.clear();
    overall();
  });
  waiting.add(item);
  if (item.state === "failed" && !rows.has(item.path)) rows.set(item.path, row(item));
}

function draw(item, { line, text, bar, remove }) {
  const part = item.file.size ? Math.floor((item.at * 100) / item.file.size) : 0;
  const facts = { percent: `${part} %`, size: bytes(item.file.size), ...item.facts };
  let word = paused && item.state === "waiting" && item.at ? "paused" : item.state;
  if (finished && item.isOver && word === "regular") word = "done";
  text.textContent = item.problem ? explain(item.problem) : fill(words[word], facts);
  if (item.replaces && ["waiting", "regular"].includes(item.state)) text.textContent = words.replaces;
  bar.hidden = !["hashing", "sending", "offline"].includes(item.state);
  bar.max = item.file.size || 1;
  bar.value = item.at;
  line.classList.toggle("failed", item.state === "failed");
  line.classList.toggle("finished", item.isOver);
  remove.hidden = running;
}

function sum() {
  const items = [...queue.items.values()];
  const size = bytes(items.reduce((all, item) => all + item.file.size, 0));
  part("queue").hidden = !items.length;
  part("sum").textContent = fill(items.length === 1 ? words.totalone : words.total, { files: items.length, size });
  if (items.length > rows.size) part("sum").textContent += ` · ${fill(words.more, { count: items.length - rows.size })}`;
}

function overall() {
  const items = [...queue.items.values()];
  const weight = (item) => item.file.size + 2000;
  const size = items.reduce((all, item) => all + weight(item), 0);
  const done = items.reduce((all, item) => all + weight(item) * item.done, 0);
  const share = size ? done / size : 0;
  part("all").value = share * 1000;
  const seconds = (performance.now() - started.at) / 1000;
  const speed = (done - started.bytes) / Math.max(seconds, 0.5);
  const sent = items.reduce((all, item) => all + item.sent, 0);
  const whole = items.reduce((all, item) => all + item.file.size, 0);
  const rate = Math.max(sent - started.sent, 0) / Math.max(seconds, 0.5);
  const facts = { done: bytes(sent), size: bytes(whole), speed: bytes(rate) };
  part("overall").textContent = running && !paused ? fill(words.overall, facts) : "";
  if (running && speed > 0 && seconds > 5 && share < 1) {
    part("overall").textContent += ` · ${fill(words.time, { time: span((size - done) / speed) })}`;
  }
  const step = Math.floor(share * 10);
  if (running && !paused && step !== said) tell("news", "working", {}, ` ${(said = step) * 10} %`);
}

// sending -----------------------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go();
});
part("retry").onclick = () => go();
part("pause").onclick = () => (paused ? go() : hold());
part("cancel").onclick = () => stop();

async function go() {
  if (running && !paused) return;
  if (!queue.items.size) return tell("trouble", "empty");
  begin();
  try {
    await work(part("branch").value);
  } catch (error) {
    if (!(error instanceof tools.Stopped)) fail(error);
  }
}

function begin() {
  running = true;
  paused = false;
  said = -1;
  memory.open();
  for (const item of queue.items.values()) {
    if (item.state === "failed" && item.problem.word !== "badname") Object.assign(item, { state: "waiting", problem: null });
  }
  started.at = performance.now();
  started.bytes = [...queue.items.values()].reduce((all, item) => all + item.file.size * item.done, 0);
  started.sent = [...queue.items.values()].reduce((all, item) => all + item.sent, 0);
  show();
  tell("trouble", "");
}

async function work(rev) {
  const items = await queue.bring(rev);
  const failed = [...queue.items.values()].filter((item) => item.state === "failed");
  if (failed.length) return fail(new tools.Problem("somefailed", { count: failed.length }));
  if (!items.length) return fail(new tools.Problem("nothing"));
  tell("news", "committing");
  const names = items.map((item) => item.path);
  const plain = names.length === 1 ? fill(words.summaryone, { name: names[0] }) : fill(words.summarymany, { count: names.length });
  const header = { summary: form.summary.value.trim() || plain, description: form.description.value.trim() };
  await queue.steadily(() => queue.commit(rev, header, items));
  finished = true;
  running = false;
  memory.clear();
  tell("news", "finished");
  for (const [path, made] of rows) draw(queue.items.get(path), made);
  part("all").value = 1000;
  const place = [encodeURIComponent(rev), ...folder.split("/").filter(Boolean).map(encodeURIComponent)].join("/");
  location.assign(`${home}/tree/${place}`);
}

function hold() {
  paused = true;
  queue.stop();
  tell("news", "paused");
  show();
}

function stop() {
  queue.stop();
  running = paused = false;
  tell("news", "stopped");
  show();
  part("progress").hidden = true;
}

function fail(error) {
  running = paused = false;
  tell("news", "");
  part("trouble").textContent = explain(error instanceof tools.Problem ? error : new tools.Problem("trouble", { status: error.message }));
  show();
  part("retry").hidden = false;
  part("trouble").scrollIntoView({ block: "nearest" });
}

function show() {
  part("progress").hidden = false;
  part("pause").hidden = part("cancel").hidden = !running;
  part("pause").textContent = paused ? part("pause").dataset.go : part("pause").dataset.hold;
  part("pause").setAttribute("aria-pressed", String(paused));
  part("retry").hidden = true;
  part("send").disabled = part("branch").disabled = part("clear").disabled = running;
  for (const id of ["pick-files", "pick-folder"]) part(id).disabled = running;
  for (const [path, made] of rows) draw(queue.items.get(path), made);
  overall();
}

addEventListener("beforeunload", (event) => running && event.preventDefault());

// words -------------------------------------------------------------------------------------------------------

function tell(id, word, facts = {}, more = "") {
  part(id).textContent = word ? fill(words[word], facts) + more : "";
}

function explain(problem) {
  const text = fill(words[problem.word] || words.trouble, problem.facts);
  const { reason } = problem.facts;
  return reason && !text.includes(reason) ? `${text} (${reason})` : text;
}

function fill(text, facts) {
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let step = 0;
  for (; count >= 1000 && step < 4; step++) count /= 1000;
  return `${step && count < 100 ? count.toFixed(1) : Math.round(count)} ${units[step]}`;
}

function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes > 59 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : minutes ? `${minutes} min` : `${Math.ceil(seconds)} s`;
}
