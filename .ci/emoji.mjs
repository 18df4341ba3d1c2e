// The short names of emoji, as data: node .ci/emoji.mjs FOLDER_OF_GEMOJI
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { gemoji } = await import(pathToFileURL(resolve(process.argv[2], "index.js")));
const names = gemoji.flatMap((one) => one.names.map((name) => [name, one.emoji]));
names.push(["hugs", "🤗"]);
const known = Object.fromEntries(names.sort(([one], [other]) => (one < other ? -1 : 1)));
process.stdout.write(`{${Object.entries(known).map((entry) => entry.map((word) => JSON.stringify(word)).join(":")).join(",\n")}}\n`);
