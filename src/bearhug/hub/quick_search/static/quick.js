// The search field of every page as a combobox: what begins with the letters so far, by kind; arrows, Enter, Escape.
const form = document.querySelector("form[data-quick]");
const field = form.querySelector("input");
const say = form.dataset;
const kinds = { models: "/", datasets: "/datasets/", spaces: "/spaces/", orgs: "/", users: "/" };
const WAIT = 120;
const list = document.createElement("div");
const status = document.createElement("p");
let timer = 0;
let asking = null;
let asked = "";

list.id = "quick";
list.className = "quick";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", say.found);
status.className = "spoken";
status.setAttribute("role", "status");
form.append(list, status);
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "quick", "aria-expanded": "false" })) {
  field.setAttribute(name, value);
}
field.autocomplete = "off";

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function show(open) {
  list.hidden = !open;
  field.setAttribute("aria-expanded", String(open));
  if (open) return;
  field.removeAttribute("aria-activedescendant");
  for (const one of options()) one.setAttribute("aria-selected", "false");
}

function option(href, text, picture) {
  const link = document.createElement("a");
  link.href = href;
  link.tabIndex = -1;
  link.id = `quick-${options().length}`;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  if (picture) {
    const image = Object.assign(document.createElement("img"), { src: picture, alt: "", width: 18, height: 18, className: "avatar" });
    link.append(image);
  }
  link.append(text);
  return link;
}

function path(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}

function draw(found) {
  list.replaceChildren();
  for (const [kind, prefix] of Object.entries(kinds)) {
    if (!found[kind].length) continue;
    const group = document.createElement("div");
    const title = Object.assign(document.createElement("b"), { textContent: say[kind], id: `quick-${kind}` });
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", title.id);
    group.append(title);
    list.append(group);
    for (const one of found[kind]) {
      const name = one.id ?? one.user ?? one.name;
      const owner = name.split("/")[0];
      const link = option(prefix + path(name), name, `/avatars/${encodeURIComponent(owner)}`);
      link.translate = false;
      group.append(link);
    }
  }
  const count = options().length;
  list.append(option(`/search?q=${encodeURIComponent(asked)}`, say.all.replace("…", asked)));
  status.textContent = count ? say.count.replace("…", count) : say.none;
  show(true);
}

async function ask() {
  const words = field.value.trim();
  if (words === asked) return words && list.childElementCount ? show(true) : undefined; // put away, and typed again
  asked = words;
  asking?.abort();
  if (!words) return show(false);
  asking = new AbortController();
  try {
    const answer = await fetch(`/api/quicksearch?q=${encodeURIComponent(words)}`, { signal: asking.signal });
    if (answer.ok) draw(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") show(false); // the form itself still works
  }
}

function move(step) {
  const all = options();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = at < 0 && step < 0 ? all.length - 1 : at + step;
  all[at]?.setAttribute("aria-selected", "false");
  const chosen = all[next];
  if (!chosen) return field.removeAttribute("aria-activedescendant");
  chosen.setAttribute("aria-selected", "true");
  chosen.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", chosen.id);
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});
field.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // letters of an input method are not chosen yet
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    show(false);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden && list.childElementCount) show(true);
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !list.hidden) {
    const chosen = list.querySelector("[aria-selected=true]");
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  }
});
form.addEventListener("focusout", (event) => {
  if (!form.contains(event.relatedTarget)) show(false);
});
list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
if (field.value !== field.defaultValue) ask(); // typed before this script was there
