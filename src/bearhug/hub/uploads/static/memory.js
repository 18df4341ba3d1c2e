// What the browser remembers of an upload that may be cut off: which file has which hash, so that nothing is read twice.
const LEAST = 4 * 1024 * 1024;
const MOST = 2_000;
const LASTS = 7 * 24 * 3600 * 1000;

export function memoryOf(key) {
  const load = () => {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && Date.now() - found.at < LASTS ? found : { at: Date.now(), open: false, hashes: {} };
    } catch {
      return { at: Date.now(), open: false, hashes: {} };
    }
  };
  const save = (change) => {
    const state = load();
    change(state);
    try {
      localStorage.setItem(key, JSON.stringify({ ...state, at: Date.now() }));
    } catch {
      localStorage.removeItem(key); // it is full: then files are read once more
    }
  };
  const name = ({ path, file }) => `${path}|${file.size}|${file.lastModified}`;
  return {
    isOpen: () => load().open,
    open: () => save((state) => (state.open = true)),
    clear: () => localStorage.removeItem(key),
    recall: (item) => load().hashes[name(item)] || "",
    keep(item, sha256) {
      if (item.file.size < LEAST) return;
      save((state) => Object.keys(state.hashes).length < MOST && (state.hashes[name(item)] = sha256));
    },
    forget: (item) => save((state) => delete state.hashes[name(item)]),
  };
}
