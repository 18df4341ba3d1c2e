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
  } catch (error) {
    status.textContent = String(error.message);
    widget.removeAttribute("aria-busy");
  } finally {
    clearTimeout(slow);
  }
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
  });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-example]");
  if (!link) return;
  event.preventDefault();
  replace(link.closest(".widget"), link.href, {});
});
