// #L3-L9 marks lines of a file: a click marks one, a click with the shift key carries the mark on to another.
const table = document.querySelector("table.code[data-lines]");

if (table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "line-copy";
  button.textContent = button.title = table.dataset.lines;
  button.hidden = true;
  table.parentElement.before(button);
  const show = () => (button.hidden = !/^#L\d+(-L\d+)?$/.test(location.hash));
  addEventListener("hashchange", show);
  show();
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(table.dataset.page + location.hash);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  });
}
