// What script adds to pages that work without it: copy buttons, a key for the search, menus that close.
const words = document.querySelector("script[data-copy]").dataset;

function enrich(root) {
  for (const block of root.querySelectorAll("article.card-text pre:not(.diagram)")) {
    const holder = document.createElement("div");
    holder.className = "snippet";
    block.replaceWith(holder);
    holder.append(block);
    block.dataset.copy = "";
  }
  for (const block of root.querySelectorAll("pre[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await copy(block.innerText);
      button.textContent = words.copied;
      button.classList.add("done-copying");
      setTimeout(() => {
        button.textContent = words.copy;
        button.classList.remove("done-copying");
      }, 1500);
    });
    block.after(button);
  }
}
enrich(document);
document.addEventListener("drawn", (event) => enrich(event.target)); // a piece that a script has put into the page

for (const holder of document.querySelectorAll("[data-copies]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copies";
  button.title = holder.dataset.title;
  button.setAttribute("aria-label", holder.dataset.title);
  button.addEventListener("click", async () => {
    await copy(holder.dataset.copies);
    button.classList.add("done-copying");
    setTimeout(() => button.classList.remove("done-copying"), 1500);
  });
  holder.append(button);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// the search field learns to complete names when somebody turns to it
const find = document.querySelector("form[data-quick]");
find?.addEventListener("focusin", () => import(find.dataset.quick), { once: true });

addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
  if (event.key === "Escape") closeMenus(null);
});

addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== but) menu.open = false;
}

for (const select of document.querySelectorAll(".foot select, select[data-go]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// #L3-L9 marks several lines of a file; a click with the shift key makes such a range.
function markLines() {
  const found = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash);
  for (const row of document.querySelectorAll("tr.marked")) row.classList.remove("marked");
  if (!found) return;
  const first = Number(found[1]);
  const last = Math.min(Number(found[2] || first), first + 5000);
  for (let line = first; line <= last; line++) document.getElementById(`L${line}`)?.classList.add("marked");
  document.getElementById(`L${first}`)?.scrollIntoView({ block: "center" });
}

if (document.querySelector("table.code")) {
  addEventListener("hashchange", markLines);
  markLines();
  document.querySelector("table.code").addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#L']");
    const from = /^#L(\d+)/.exec(location.hash);
    if (!link || !from || !event.shiftKey) return;
    event.preventDefault();
    const [low, high] = [Number(from[1]), Number(link.hash.slice(2))].sort((one, other) => one - other);
    location.hash = `#L${low}-L${high}`;
  });
}
