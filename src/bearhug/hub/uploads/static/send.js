// How a file travels: hashed in a worker, offered to the hub, sent in pieces that survive a broken connection.
const SLICE = 64 * 1024 * 1024;
const LONGEST_WAIT = 30;

export class Problem extends Error {
  constructor(word, facts = {}) {
    super(word);
    this.word = word;
    this.facts = facts;
  }
}

export class Stopped extends Error {}

/** Asks the hub; network failures throw TypeError, refusals a Problem with what to do. */
export async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { accept: "application/json", ...options.headers } });
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    throw refusal(answer.status, said.error || said.message || "");
  }
  return answer.json();
}

export function refusal(status, said) {
  const words = { 401: "signedout", 403: "refused", 404: "gone", 413: "large", 507: "full" };
  const word = words[status] || (said && status < 500 ? "commitfailed" : "trouble");
  return new Problem(word, { status, reason: said });
}

/** The sha256 of files, one after another. */
export class Hasher {
  constructor(address, library) {
    this.worker = new Worker(`${address}?hash=${encodeURIComponent(library)}`);
    this.waiting = new Map();
    this.next = 0;
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = () => {
      for (const { reject } of this.waiting.values()) reject(new Problem("trouble", { status: "worker" }));
    };
  }

  hear({ id, at, sha256, problem, stopped }) {
    const { resolve, reject, tell } = this.waiting.get(id) || {};
    if (!resolve) return;
    if (at !== undefined) return tell(at);
    this.waiting.delete(id);
    if (sha256) resolve(sha256);
    else if (stopped) reject(new Stopped());
    else reject(new Problem(problem === "NotReadableError" ? "changed" : "unreadable"));
  }

  hash(file, tell, signal) {
    const id = this.next++;
    signal.addEventListener("abort", () => this.worker.postMessage({ id, stop: true }));
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, tell });
      this.worker.postMessage({ id, file });
    });
  }
}

/** Sends what is missing of a large file; `tell(bytes)` says how far it is, `wait(seconds)` that the network is away. */
export async function sendLarge(batch, file, oid, { tell, wait, signal }) {
  for (let failures = 0; ; ) {
    try {
      return await attempt(batch, file, oid, (at) => {
        failures = 0;
        tell(at);
      }, signal);
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      const again = error instanceof TypeError || (error.word === "trouble" && failures < 5);
      if (!again) throw error;
      const seconds = Math.min(LONGEST_WAIT, 2 ** failures++);
      wait(seconds);
      await pause(seconds, signal);
    }
  }
}

async function attempt(batch, file, oid, tell, signal) {
  const wanted = { operation: "upload", transfers: ["tus"], hash_algo: "sha256", objects: [{ oid, size: file.size }] };
  const headers = { "content-type": "application/vnd.git-lfs+json" };
  const found = await ask(batch, { method: "POST", headers, body: JSON.stringify(wanted), signal });
  const [offer] = found.objects;
  if (offer.error) throw refusal(offer.error.code, offer.error.message);
  if (!offer.actions) return "present";
  const { pathname, search } = new URL(offer.actions.upload.href);
  const address = pathname + search; // the hub may know itself by another name than the browser does
  let at = await offset(address, signal);
  tell(at);
  while (at < file.size || file.size === 0) {
    at = await piece(address, file.slice(at, at + SLICE), at, tell, signal);
    if (file.size === 0) break;
  }
  return "sent";
}

async function offset(address, signal) {
  const answer = await fetch(address, { method: "HEAD", signal, headers: { "tus-resumable": "1.0.0" } });
  if (!answer.ok) throw refusal(answer.status, "");
  return Number(answer.headers.get("upload-offset"));
}

/** One PATCH; XMLHttpRequest, because fetch does not tell how far a body is. */
function piece(address, blob, at, tell, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.open("PATCH", address);
    request.setRequestHeader("content-type", "application/offset+octet-stream");
    request.setRequestHeader("upload-offset", String(at));
    request.setRequestHeader("tus-resumable", "1.0.0");
    request.upload.onprogress = ({ loaded }) => tell(at + loaded);
    request.onabort = () => reject(new Stopped());
    request.onerror = () => lost(blob).then(reject);
    request.onload = () => {
      signal.removeEventListener("abort", stop);
      if (request.status < 300) resolve(Number(request.getResponseHeader("upload-offset")));
      else reject(request.status === 422 ? new Problem("mismatch") : request.status === 409 ? new TypeError("offset") : refusal(request.status, ""));
    };
    request.send(blob);
  });
}

/** Why a piece did not go: a file that changed looks like a broken connection. */
async function lost(blob) {
  try {
    await blob.slice(0, 1).arrayBuffer();
    return new TypeError("network");
  } catch {
    return new Problem("changed");
  }
}

export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(end, seconds * 1000);
    addEventListener("online", end, { once: true });
    signal.addEventListener("abort", stop, { once: true });
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(new Stopped());
    }
  });
}

/** A commit as lines; contents are encoded one at a time into blobs, which the browser keeps outside of the page. */
export async function commit(api, rev, header, files, signal) {
  const line = (key, value) => `${JSON.stringify({ key, value })}\n`;
  const parts = [line("header", header)];
  for (const { path, file, mode, sha256 } of files) {
    if (mode === "lfs") parts.push(line("lfsFile", { path, algo: "sha256", oid: sha256, size: file.size }));
    else parts.push(new Blob([line("file", { path, content: await base64(file, path), encoding: "base64" })]));
  }
  const headers = { "content-type": "application/x-ndjson" };
  return ask(`${api}/commit/${encodeURIComponent(rev)}`, { method: "POST", headers, body: new Blob(parts), signal });
}

/** `path` is named where the file cannot be read any more. */
export async function base64(blob, path = "") {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Problem("changed", { reason: path }));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(",") + 1);
}
