// Puts a PDF's frame into the page of the file and hands it the parts of the file that it asks for, and no other.
const block = document.querySelector(".document");
const { source, frame: address, failed, title, size } = block.dataset;
const LARGEST_PART = 16 * 1024 * 1024;

const frame = document.createElement("iframe");
frame.src = address;
frame.title = title;
addEventListener("message", ({ source: who, data: { ready } }) => {
  if (who !== frame.contentWindow || !ready) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => (data.failed ? fail() : answer(port1, data));
  frame.contentWindow.postMessage({ size: Number(size), theme: document.documentElement.dataset.theme }, "*", [port2]);
});
block.replaceChildren(frame);

async function answer(port, { id, start, end }) {
  if (!(start >= 0 && end > start && end - start <= LARGEST_PART)) return;
  try {
    const found = await fetch(source, { headers: { range: `bytes=${start}-${end - 1}` } });
    if (!found.ok) throw new Error(found.status);
    const bytes = await found.arrayBuffer();
    port.postMessage({ id, bytes }, [bytes]);
  } catch {
    fail();
  }
}

function fail() {
  const words = document.createElement("p");
  words.className = "empty";
  words.setAttribute("role", "alert");
  words.textContent = failed;
  block.replaceChildren(words);
}
