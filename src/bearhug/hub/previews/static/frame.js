// Draws a PDF inside of a frame without an origin: it can reach neither the hub's pages nor anybody's session.
const here = document.querySelector("script[data-pdf]").dataset;
const { getDocument, GlobalWorkerOptions, PDFDataRangeTransport } = await import(here.pdf);
globalThis.pdfjsWorker = await import(here.worker); // a frame without an origin may start no worker; it is a process of its own anyway
GlobalWorkerOptions.workerSrc = here.worker;
const MOST_PAGES = 3000;
const MOST_PIXELS = 16_000_000;
const base = new URL(".", import.meta.url).href;
const pages = document.getElementById("pages");
const place = document.getElementById("place");
let zoom = 1;
let port;
let shown;

addEventListener("message", ({ data, ports }) => {
  if (port || !ports[0]) return;
  port = ports[0];
  document.documentElement.dataset.theme = data.theme;
  open(data.size).catch(() => port.postMessage({ failed: true }));
});

async function open(size) {
  const range = new PDFDataRangeTransport(size, null);
  const waiting = new Map();
  port.onmessage = ({ data: { id, bytes } }) => {
    range.onDataRange(waiting.get(id), new Uint8Array(bytes));
    waiting.delete(id);
  };
  range.requestDataRange = (start, end) => {
    const id = crypto.getRandomValues(new Uint32Array(1))[0];
    waiting.set(id, start);
    port.postMessage({ id, start, end });
  };
  const task = getDocument({
    range, length: size, disableAutoFetch: true, disableStream: true, rangeChunkSize: 1 << 18, enableXfa: false,
    isEvalSupported: false, useWorkerFetch: false, useSystemFonts: true, wasmUrl: base, maxImageSize: MOST_PIXELS * 4,
  });
  shown = await task.promise;
  const first = await shown.getPage(1);
  const { width, height } = first.getViewport({ scale: 1 });
  for (let number = 1; number <= Math.min(shown.numPages, MOST_PAGES); number++) {
    const sheet = document.createElement("section");
    sheet.dataset.number = number;
    sheet.setAttribute("aria-label", `${number} / ${shown.numPages}`);
    sheet.style.aspectRatio = `${width} / ${height}`;
    pages.append(sheet);
    watch.observe(sheet);
  }
  tell(1);
}

const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting, intersectionRatio } of entries) {
    if (isIntersecting) draw(target);
    else if (target.firstChild) wipe(target);
    if (intersectionRatio > 0.4) tell(target.dataset.number);
  }
}, { rootMargin: "300px 0px", threshold: [0, 0.5] });

function tell(number) {
  place.textContent = `${number} / ${shown.numPages}`;
}

function wipe(sheet) {
  sheet.replaceChildren();
}

async function draw(sheet) {
  if (sheet.firstChild) return;
  const canvas = document.createElement("canvas");
  sheet.append(canvas);
  const page = await shown.getPage(Number(sheet.dataset.number));
  const plain = page.getViewport({ scale: 1 });
  sheet.style.aspectRatio = `${plain.width} / ${plain.height}`;
  let scale = (sheet.clientWidth / plain.width) * Math.min(devicePixelRatio, 2);
  scale = Math.min(scale, Math.sqrt(MOST_PIXELS / (plain.width * plain.height)));
  const viewport = page.getViewport({ scale });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
  const words = document.createElement("p"); // for those who listen
  words.className = "words";
  words.textContent = (await page.getTextContent()).items.map((item) => item.str).join(" ");
  if (canvas.isConnected) sheet.append(words);
}

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    zoom = Math.min(3, Math.max(0.5, zoom * Number(button.dataset.zoom)));
    pages.style.width = `${zoom * 100}%`;
    for (const sheet of pages.children) wipe(sheet);
    for (const sheet of pages.children) {
      watch.unobserve(sheet);
      watch.observe(sheet);
    }
  });
}
parent.postMessage({ ready: true }, "*");
