// Draws diagrams in a frame that can reach nothing: it gets a text and gives back a picture.
const { mermaid } = globalThis;

addEventListener("message", async (event) => {
  const { number, text, dark } = event.data ?? {};
  if (event.source !== parent || typeof text !== "string") return;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: dark ? "dark" : "neutral",
    maxTextSize: 20000,
    maxEdges: 500,
    suppressErrorRendering: true,
  });
  try {
    const { svg } = await mermaid.render(`diagram-${number}`, text);
    const drawn = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
    const [, , width, height] = (drawn.getAttribute("viewBox") ?? "0 0 600 400").split(/[\s,]+/).map(Number);
    drawn.setAttribute("width", width);
    drawn.setAttribute("height", height);
    const picture = new XMLSerializer().serializeToString(drawn);
    parent.postMessage({ number, picture, width, height }, "*");
  } catch (error) {
    parent.postMessage({ number, fault: String(error.message ?? error).slice(0, 300) }, "*");
  }
});
parent.postMessage({ ready: true }, "*");
