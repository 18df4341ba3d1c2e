// Keeps people from losing what they typed, and takes them to the difference by Ctrl+Enter.
const form = document.querySelector("form[data-editor]");
const text = form.elements.text;
const path = form.elements.path;
const before = [text?.value, path.value].join("\n");
let sending = false;

form.addEventListener("submit", () => (sending = true));
addEventListener("beforeunload", (event) => {
  if (!sending && [text?.value, path.value].join("\n") !== before) event.preventDefault();
});
addEventListener("pageshow", () => (sending = false));
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.main"));
});
