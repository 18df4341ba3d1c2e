// Pictures dropped, pasted or chosen go to the hub one by one; each comes back beside what it was.
const here = document.querySelector("script[data-zip]").dataset;
const { gather } = await import(here.gather);
const words = JSON.parse(document.getElementById("cutouts-words").textContent);
const part = (id) => document.getElementById(id);
const form = part("cutouts");
const largest = Number(form.dataset.largest);
const MOST = 2000;
const PATIENCE = 1500;
const LARGEST_SIDE = 1400;
const queue = [];
const made = [];
let counted = 0;
let finished = 0;
let leaving = null;

for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
for (const one of document.querySelectorAll(".without-script")) one.hidden = true;
form.classList.add("scripted");
form.addEventListener("submit", (event) => event.preventDefault());

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function element(name, className, text = "") {
  const found = document.createElement(name);
  found.className = className;
  found.textContent = text;
  return found;
}

// choosing ----------------------------------------------------------------------------------------------------

const isPicture = (file) => file.type.startsWith("image/");

function add(files) {
  const pictures = files.filter(isPicture).slice(0, MOST);
  if (pictures.length < files.length) say(fill(words.skipped, { count: files.length - pictures.length }));
  for (const file of pictures) queue.push(row(file));
  counted += pictures.length;
  if (queue.length && !leaving) work();
}

for (const id of ["pick-pictures", "pick-folder"]) {
  const input = part(id);
  const take = () => {
    add([...input.files]);
    input.value = "";
  };
  input.addEventListener("change", take);
  if (input.files.length) setTimeout(take); // somebody was faster than the script
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
  const { files } = await gather(event.dataTransfer, MOST);
  add(files.map(({ file }) => file));
});
addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (files.length) add(files);
});

// the list ----------------------------------------------------------------------------------------------------

function row(file) {
  const item = element("li", "cutout");
  const head = element("p", "cutout-name");
  const name = element("b", "", file.name);
  name.translate = false;
  const state = element("p", "soft", words.waiting);
  head.append(name);
  item.append(head, state);
  part("list").append(item);
  return { file, item, head, state };
}

function say(text) {
  part("status").textContent = text;
  part("bar").hidden = false;
}

function tell() {
  part("all").max = counted;
  part("all").value = finished;
  say(fill(words.progress, { done: finished, count: counted }));
  part("stop").hidden = !leaving;
  part("zip").hidden = made.length < 2;
}

// work --------------------------------------------------------------------------------------------------------

async function work() {
  leaving = new AbortController();
  tell();
  while (queue.length) {
    const one = queue.shift();
    await cut(one, leaving.signal);
    finished++;
    tell();
  }
  leaving = null;
  tell();
}

async function cut(one, signal) {
  if (signal.aborted) return failed(one, words.stopped);
  if (one.file.size > largest) return failed(one, fill(words.large, { size: largest >> 20 }));
  one.state.className = "soft";
  one.state.textContent = words.sending;
  const slow = setTimeout(() => (one.state.textContent = words.loading), PATIENCE);
  const began = performance.now();
  try {
    const body = new FormData();
    body.append("model", part("model").value);
    body.append("pictures", one.file, one.file.name);
    const answer = await fetch(form.action, { method: "POST", body, signal, headers: { "x-fragment": "cutout" } });
    if (answer.headers.get("content-type") !== "image/png") return failed(one, await reason(answer));
    const blob = await answer.blob();
    await show(one, blob, ((performance.now() - began) / 1000).toFixed(1));
  } catch (error) {
    failed(one, error.name === "AbortError" ? words.stopped : words.lost);
  } finally {
    clearTimeout(slow);
  }
}

async function reason(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("#problem")?.textContent ?? page.querySelector("[role=alert]")?.textContent ?? words.lost;
}

function failed(one, why) {
  one.state.className = "error";
  one.state.setAttribute("role", "alert");
  one.state.textContent = why;
  const again = element("button", "", words.again);
  again.type = "button";
  again.onclick = () => {
    again.remove();
    one.state.removeAttribute("role");
    one.state.className = "soft";
    one.state.textContent = words.waiting;
    queue.push(one);
    finished--;
    if (!leaving) work();
  };
  one.head.append(again);
}

async function show(one, blob, seconds) {
  const name = `${one.file.name.replace(/\.[^.]+$/, "") || "picture"}-cutout.png`;
  made.push({ name, blob });
  const link = element("a", "button", words.download);
  link.href = URL.createObjectURL(blob);
  link.download = name;
  one.head.append(link);
  one.state.textContent = fill(words.done, { seconds });
  const after = await drawn(blob);
  const before = await drawn(one.file).catch(() => null); // a kind that this browser does not show
  one.item.insertBefore(compared(before, after), one.state);
}

async function drawn(blob) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

function compared(before, after) {
  after.className = "checkered";
  if (!before) return after;
  const box = element("div", "compare");
  before.className = "was";
  const handle = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, value: 50 });
  handle.setAttribute("aria-label", words.compare);
  handle.oninput = () => box.style.setProperty("--at", `${handle.value}%`);
  box.append(after, before, handle);
  return box;
}

part("stop").onclick = () => leaving?.abort();
part("zip").onclick = async () => {
  const { zipped } = await import(here.zip);
  const taken = new Map();
  const files = made.map(({ name, blob }) => {
    const seen = (taken.get(name) ?? 0) + 1;
    taken.set(name, seen);
    return { name: seen > 1 ? name.replace(/-cutout\.png$/, `-${seen}-cutout.png`) : name, blob };
  });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await zipped(files)), download: "cutouts.zip" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
