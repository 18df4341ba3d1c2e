// Files out of what was dropped on the page, folders with all that is in them.

export async function gather(dropped, most) {
  const files = [];
  const entries = [...dropped.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() || item.getAsFile());
  let skipped = 0;
  const open = entries.filter(Boolean).map((entry) => ["", entry]);
  while (open.length && files.length < most) {
    const [above, entry] = open.pop();
    if (entry instanceof File) files.push({ path: entry.name, file: entry });
    else if (entry.isFile) {
      try {
        files.push({ path: above + entry.name, file: await new Promise((found, failed) => entry.file(found, failed)) });
      } catch {
        skipped++;
      }
    } else if (entry.name === ".git") skipped++;
    else for (const child of await children(entry)) open.push([`${above}${entry.name}/`, child]);
  }
  return { files: files.sort((one, other) => (one.path < other.path ? -1 : 1)), skipped };
}

/** Browsers hand over a hundred at a time. */
async function children(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
}
