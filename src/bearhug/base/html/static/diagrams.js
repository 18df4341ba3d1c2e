// Shows diagrams instead of their source: a frame without any rights draws them, here they are only pictures.
const own = document.querySelector("script[data-diagrams]").dataset;
const sources = [...document.querySelectorAll("pre.diagram")];
const MOST = 4000;

const frame = document.createElement("iframe");
frame.setAttribute("sandbox", "allow-scripts");
frame.setAttribute("aria-hidden", "true");
frame.tabIndex = -1;
frame.className = "drawing-frame";
frame.src = own.frame;

const chosen = document.documentElement.dataset.theme;
const dark = chosen === "dark" || (chosen === "system" && matchMedia("(prefers-color-scheme: dark)").matches);

addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow) return;
  const { ready, number, picture, width, height } = event.data ?? {};
  if (ready) sources.forEach((block, at) => frame.contentWindow.postMessage({ number: at, text: block.textContent, dark }, "*"));
  else if (typeof picture === "string" && sources[number]) show(sources[number], picture, width, height);
});

function show(block, picture, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  image.alt = own.label;
  image.width = Math.min(Number(width) || 600, MOST);
  image.height = Math.min(Number(height) || 400, MOST);
  image.className = "drawn";
  const source = document.createElement("details");
  const head = document.createElement("summary");
  head.textContent = own.source;
  block.replaceWith(image, source);
  source.append(head, block);
}

if (sources.length) document.body.append(frame);
