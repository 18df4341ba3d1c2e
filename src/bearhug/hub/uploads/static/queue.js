// The files of an upload and what becomes of each: asked about, hashed, sent; then one commit for all.
const ASKED_AT_ONCE = 200;
const SAMPLE = 512;
const AT_ONCE = 3;

let Problem, Stopped, ask, base64, commit, pause, sendLarge;
export const SHARE_OF_HASHING = 0.25;

export function use(tools) {
  ({ Problem, Stopped, ask, base64, commit, pause, sendLarge } = tools);
}

/** One file: `state` is waiting, hashing, sending, offline, regular, same, ignored, present, sent or failed. */
export class Item {
  constructor(path, file) {
    this.path = path;
    this.file = file;
    this.state = "waiting";
    this.mode = "";
    this.at = 0;
    this.sha256 = "";
    this.problem = null;
    this.replaces = false;
  }

  get isOver() {
    return ["regular", "same", "ignored", "present", "sent"].includes(this.state);
  }

  /** Bytes that are on the hub. */
  get sent() {
    return this.isOver ? this.file.size : ["sending", "offline"].includes(this.state) ? this.at : 0;
  }

  /** Between 0 and 1: reading a file counts too. */
  get done() {
    if (this.isOver) return 1;
    const part = this.file.size ? this.at / this.file.size : 0;
    if (this.state === "hashing") return part * SHARE_OF_HASHING;
    return ["sending", "offline"].includes(this.state) ? SHARE_OF_HASHING + part * (1 - SHARE_OF_HASHING) : 0;
  }
}

/** Every folder that one of the paths lies in. */
function foldersOf(paths) {
  const found = new Set();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0 && !found.has(path.slice(0, end)); end = path.lastIndexOf("/", end - 1)) {
      found.add(path.slice(0, end));
    }
  }
  return found;
}

export class Queue {
  constructor({ api, batch, hasher, memory, changed }) {
    Object.assign(this, { api, batch, hasher, memory, changed });
    this.items = new Map();
    this.control = new AbortController();
    this.hashing = Promise.resolve();
  }

  /** Brings every file that is not there yet; gives the items that go into the commit. Throws Stopped or a Problem. */
  async bring(rev) {
    this.control = new AbortController();
    const open = [...this.items.values()].filter((item) => !item.isOver && item.state !== "failed");
    for (let at = 0; at < open.length; at += ASKED_AT_ONCE) await this.classify(rev, open.slice(at, at + ASKED_AT_ONCE));
    const large = open.filter((item) => item.mode === "lfs" && !item.isOver);
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      for (let item = large.shift(); item; item = large.shift()) await this.large(item);
    });
    await Promise.all(lanes);
    if (this.control.signal.aborted) throw new Stopped();
    return [...this.items.values()].filter((item) => ["regular", "present", "sent"].includes(item.state));
  }

  async classify(rev, items) {
    const files = [];
    for (const { path, file } of items) {
      files.push({ path, size: file.size, sample: file.size ? await base64(file.slice(0, SAMPLE), path) : "" });
    }
    const { signal } = this.control;
    const address = `${this.api}/preupload/${encodeURIComponent(rev)}`;
    const headers = { "content-type": "application/json" };
    const found = await this.steadily(() => ask(address, { method: "POST", headers, body: JSON.stringify({ files }), signal }));
    const answers = new Map(found.files.map((answer) => [answer.path, answer]));
    const folders = foldersOf(this.items.keys());
    for (const item of items) {
      const answer = answers.get(item.path);
      const name = answer.blockedBy || (folders.has(item.path) ? item.path : "");
      if (name) {
        this.move(item, "failed", 0, null, new Problem("inway", { name }));
        continue;
      }
      item.mode = answer.uploadMode;
      item.present = answer.oid || "";
      item.replaces = Boolean(answer.oid);
      this.move(item, answer.shouldIgnore ? "ignored" : item.mode === "regular" ? "regular" : "waiting");
    }
  }

  /** Tries again for as long as only the network is to blame. */
  async steadily(act) {
    for (let failures = 0; ; failures++) {
      try {
        return await act();
      } catch (error) {
        if (this.control.signal.aborted) throw new Stopped();
        if (!(error instanceof TypeError)) throw error;
        await pause(Math.min(30, 2 ** failures), this.control.signal);
      }
    }
  }

  async large(item) {
    const { signal } = this.control;
    try {
      if (signal.aborted) return;
      item.sha256 ||= await this.hash(item);
      if (item.sha256 === item.present) return this.move(item, "same");
      const how = {
        signal,
        tell: (at) => this.move(item, "sending", at),
        wait: (seconds) => this.move(item, "offline", item.at, { seconds }),
      };
      this.move(item, await sendLarge(this.batch, item.file, item.sha256, how));
    } catch (error) {
      if (error instanceof Stopped || signal.aborted) return this.move(item, "waiting");
      const problem = error instanceof Problem ? error : new Problem("trouble", { status: error.message });
      if (["mismatch", "changed"].includes(problem.word)) {
        await this.memory.forget(item);
        item.sha256 = "";
      }
      this.move(item, "failed", 0, null, problem);
    }
  }

  /** One file is hashed at a time: the disk is the narrow place. */
  hash(item) {
    const made = this.hashing.then(async () => {
      const known = await this.memory.recall(item);
      if (known) return known;
      const found = await this.hasher.hash(item.file, (at) => this.move(item, "hashing", at), this.control.signal);
      await this.memory.keep(item, found);
      return found;
    });
    this.hashing = made.catch(() => {});
    return made;
  }

  commit(rev, header, items) {
    return commit(this.api, rev, header, items, this.control.signal);
  }

  move(item, state, at = 0, facts = null, problem = null) {
    Object.assign(item, { state, at, facts, problem });
    this.changed(item);
  }

  stop() {
    this.control.abort();
  }
}
