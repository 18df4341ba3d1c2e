// Figures of deployments, fetched again every few seconds while somebody looks.
const EVERY = 3000;
const place = document.querySelector("[data-live]");

async function refresh() {
  if (document.hidden || place.contains(document.activeElement) || String(document.getSelection())) return;
  const answer = await fetch(location.href, { headers: { "x-fragment": "live", accept: "text/html" } });
  if (!answer.ok) return;
  const folds = new Map([...place.querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
  const log = place.querySelector("pre.log");
  const atEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  const across = place.querySelector(".scroll")?.scrollLeft ?? 0;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
  for (const [id, open] of folds) {
    const fold = document.getElementById(id);
    if (fold) fold.open = open;
  }
  const fresh = place.querySelector("pre.log");
  if (fresh) fresh.scrollTop = atEnd ? fresh.scrollHeight : log.scrollTop;
  const table = place.querySelector(".scroll");
  if (table) table.scrollLeft = across;
}

if (place) {
  const log = place.querySelector("pre.log");
  if (log) log.scrollTop = log.scrollHeight;
  setInterval(() => refresh().catch(() => {}), EVERY);
}
