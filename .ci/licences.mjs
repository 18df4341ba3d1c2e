// The licences of what a package brings along, each text once: node .ci/licences.mjs FOLDER/node_modules
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const found = (root) =>
  readdirSync(root).filter((name) => !name.startsWith(".") && name !== "@types").flatMap((name) => {
    const folder = join(root, name);
    if (name.startsWith("@")) return found(folder);
    return [folder, ...(existsSync(join(folder, "node_modules")) ? found(join(folder, "node_modules")) : [])];
  });
const texts = new Map();
for (const folder of found(process.argv[2])) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const lines = file ? readFileSync(join(folder, file), "utf-8").split(/\r?\n/).map((line) => line.trim()) : [];
  const claims = lines.filter((line) => /^copyright (\(c\)|\d|©)|^\(c\)|^©/i.test(line) && !line.includes("[yyyy]"));
  const text = lines.filter((line) => !claims.includes(line)).join("\n").replace(/\n{2,}/g, "\n\n").trim() || `(${license ?? "MIT"}, as its package says)`;
  const key = text.replace(/\W+/g, " ").replace(/^ ?(The )?(MIT|ISC) License( MIT)? ?|^ ?(MIT|ISC) ?/i, "").toLowerCase().trim();
  const known = texts.get(key) ?? texts.set(key, { text, of: [] }).get(key);
  known.of.push([`${name} ${version}`, ...claims.map((claim) => `    ${claim}`)].join("\n"));
}
for (const { text, of } of texts.values()) process.stdout.write(`== ${of.join("\n   ")}\n\n${text}\n\n`);
