// Two models answer the same at the same time, side by side.
const form = document.querySelector("form[data-compare-form]");
const { Stage, drawn, standing, tellTokens, wishes } = await import(form.dataset.speech);
const sides = [...form.querySelectorAll("[data-side]")];
const stages = sides.map((side) => new Stage(side, form.dataset));
const [send, stop] = ["send", "stop"].map((name) => form.querySelector(`[data-${name}]`));
const draft = form.querySelector("[data-draft]");
let asking = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (asking) return;
  asking = new AbortController();
  stop.hidden = false;
  send.disabled = true;
  const names = [...form.querySelectorAll("[name=model]")].map((one) => one.value.trim());
  remember(names);
  await Promise.all(names.map((name, at) => ask(name, at)));
  asking = null;
  stop.hidden = true;
  send.disabled = false;
});
stop.addEventListener("click", () => asking?.abort());
addEventListener("keydown", (event) => { if (event.key === "Escape") asking?.abort(); });
draft.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit(send);
});

// The address leads here again, with both names and the message.
function remember(names) {
  const query = new URLSearchParams(names.map((name) => ["model", name]));
  query.set("prompt", draft.value.slice(0, 1500));
  history.replaceState(null, "", `?${query}`);
}

async function ask(name, at) {
  const [side, stage] = [sides[at], stages[at]];
  side.querySelector("[data-name]").textContent = name;
  side.querySelector("[data-hint]")?.remove();
  const said = document.createElement("p");
  said.className = "turn-said user-text";
  said.translate = false;
  said.setAttribute("aria-hidden", "true");
  stage.turns.replaceChildren(said);
  const system = form.elements.system.value;
  const known = await standing(name).catch(() => null);
  const messages = [...(system.trim() ? [{ role: "system", content: system }] : []), { role: "user", content: draft.value }];
  const asked = known?.mode === "text" ? { prompt: draft.value } : { messages };
  const found = await stage.ask(name, asked, wishes(form), asking.signal, (text) => { said.textContent = text; });
  said.remove();
  if (!found.trouble) stage.turns.replaceChildren(...(await drawn("answer", found)));
  tellTokens(stage.turns);
}
