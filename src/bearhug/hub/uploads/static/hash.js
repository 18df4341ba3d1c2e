// A worker that computes the sha256 of files piece by piece, so that the page stays quick and memory small.
const PIECE = 4 * 1024 * 1024;
const stopped = new Set();
importScripts(new URL(location.href).searchParams.get("hash"));

onmessage = async ({ data: { id, file, stop } }) => {
  if (stop) return stopped.add(id);
  try {
    const made = await hashwasm.createSHA256();
    for (let at = 0; at < file.size; at += PIECE) {
      made.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
      if (stopped.delete(id)) return postMessage({ id, stopped: true });
      postMessage({ id, at: Math.min(at + PIECE, file.size) });
    }
    postMessage({ id, sha256: made.digest("hex") });
  } catch (error) {
    postMessage({ id, problem: error.name });
  }
};
