// Filters, orders and pages of a list without loading the page anew; every link and form works by itself too.
const WAIT = 300;
let asking = null;
let timer = 0;

function list() {
  return document.querySelector("[data-list]");
}

async function show(address, { push = true, keep = null } = {}) {
  asking?.abort();
  asking = new AbortController();
  list().classList.add("waiting");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-list]");
    if (!next) return location.assign(address);
    const shut = [...list().querySelectorAll(".facets > details")].map((one) => [one.textContent.split("\n")[0], one.open]);
    const open = new Map(shut);
    for (const one of next.querySelectorAll(".facets > details")) one.open = open.get(one.textContent.split("\n")[0]) ?? one.open;
    list().replaceWith(next);
    document.title = page.title;
    if (push) history.pushState({ list: true }, "", address);
    restore(keep);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

// Whoever typed goes on typing where they were; whoever followed a link finds it again.
function restore(keep) {
  if (!keep) return list().querySelector("h1").scrollIntoView({ block: "nearest" });
  if (keep.id) {
    const field = document.getElementById(keep.id);
    field?.focus();
    field?.setSelectionRange(keep.at, keep.at);
    return;
  }
  const same = [...list().querySelectorAll(".facets a, .chosen a")].find((one) => one.textContent.trim() === keep.text);
  same?.focus();
}

function addressOf(form) {
  const pairs = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return `${form.getAttribute("action")}${pairs.size ? "?" : ""}${pairs}`;
}

addEventListener("click", (event) => {
  const link = event.target.closest("[data-list] a");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.pathname !== location.pathname || link.hash) return;
  if (new URLSearchParams(link.search).has("all")) return;
  event.preventDefault();
  show(link.href, { keep: link.closest(".facets") ? { text: link.textContent.trim() } : null });
});
addEventListener("submit", (event) => {
  if (!event.target.matches("[data-list] form")) return;
  event.preventDefault();
  show(addressOf(event.target));
});
addEventListener("change", (event) => {
  if (event.target.matches("[data-list] select")) show(addressOf(event.target.form));
});
addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-list] input[type=search]") || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => show(addressOf(field.form), { keep: { id: field.id, at: field.selectionStart } }), WAIT);
});
addEventListener("popstate", () => list() && show(location.href, { push: false }));
