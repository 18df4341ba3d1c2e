// What script adds to pages about files: copying, filters in place, ranges of lines, a few keys.
import "./lines.js";

for (const button of document.querySelectorAll("[data-takes]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(button.dataset.takes);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  });
}

for (const field of document.querySelectorAll("input[data-filters]")) {
  const items = [...field.closest(".ref-menu").querySelectorAll("li")];
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
  field.closest("details").addEventListener("toggle", (event) => event.target.open && field.focus());
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// the list of found files follows what is typed
const finder = document.querySelector("form[data-finder]");
if (finder) {
  const field = finder.elements.words;
  let asked = 0;
  let pause;
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(`${finder.action}?${new URLSearchParams({ words: field.value })}`);
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("found").replaceChildren(...page.getElementById("found").childNodes);
  };
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, 120);
  });
  finder.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    document.querySelector("#found a")?.focus();
  });
  document.getElementById("found").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...document.querySelectorAll("#found a")];
    const next = links.indexOf(document.activeElement) + step;
    (next < 0 ? field : links[Math.min(next, links.length - 1)]).focus();
  });
}
