// The widget without leaving the page: the same form, its answer put in the place of the old one.
const PATIENCE = 1500;

async function replace(widget, address, options) {
  const status = widget.querySelector("[role=status]");
  status.textContent = status.dataset.busy;
  const slow = setTimeout(() => { status.textContent = status.dataset.loading; }, PATIENCE);
  widget.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...options, headers: { "x-fragment": "widget", accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#widget");
    if (!fresh) throw new Error(answer.statusText);
    widget.replaceWith(fresh);
    fresh.dispatchEvent(new Event("drawn", { bubbles: true }));
  } catch {
    status.textContent = status.dataset.lost;
    widget.removeAttribute("aria-busy");
  } finally {
    clearTimeout(slow);
  }
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function address(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(file);
  });
}

// What was found, marked on the picture that was sent.
async function outline() {
  const list = document.querySelector("#widget [data-boxes]");
  const file = document.querySelector("#widget input[type=file]")?.files[0];
  const source = file ? await address(file) : document.querySelector("#widget form img.widget-picture")?.src;
  if (!list || !source) return;
  const picture = new Image();
  picture.src = source;
  try { await picture.decode(); } catch { return; } // TIFF and others that no browser shows
  const [width, height] = [picture.naturalWidth, picture.naturalHeight];
  const marked = drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: "widget-marked", "aria-hidden": "true" });
  marked.append(drawn("image", { href: source, width, height }));
  for (const chip of list.children) {
    const [left, top, right, bottom] = chip.dataset.box.split(" ").map(Number);
    const box = drawn("rect", { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) });
    const title = drawn("title", {});
    title.textContent = chip.textContent;
    box.append(title);
    marked.append(box);
  }
  list.before(marked);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-widget]");
  if (!form) return;
  event.preventDefault();
  const file = form.querySelector("input[type=file]");
  const kept = file && file.files;
  replace(form.closest(".widget"), form.action, { method: "POST", body: new FormData(form) }).then(() => {
    const again = document.querySelector("#widget input[type=file]");
    if (again && kept) again.files = kept;
    outline();
  });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-example]");
  if (!link) return;
  event.preventDefault();
  replace(link.closest(".widget"), link.href, {});
});
