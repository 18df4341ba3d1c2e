// First contentful paint on a processor slowed down four times: node first_paint.mjs CHROMIUM URL PATH...; prints JSON.
// Each round loads every page once, in another order, each in a browser profile without a cache; the first round is
// thrown away, because whatever a browser opens first waits for the browser itself. What is told are medians, and by the
// name "bare" that of a page of one word: what the browser takes by itself. A new window fills two processes of the
// browser's own with work (0.2 s of CPU), so a page is asked for a second later.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

const [program, url, ...paths] = process.argv.slice(2);
const ROUNDS = 9;
const SETTLED_MS = 1000;

async function load(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", (one) => (bytes += one.encodedDataLength));
  await pause(SETTLED_MS);
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await context.close();
  return { paint, bytes };
}

function shuffled(list) {
  return list.map((one) => [Math.random(), one]).sort(([one], [other]) => one - other).map(([, one]) => one);
}

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const bare = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html; charset=utf-8");
  answer.end("<!doctype html><title>.</title><p>word");
});
await new Promise((ready) => bare.listen(0, "127.0.0.1", ready));
const addresses = { bare: `http://127.0.0.1:${bare.address().port}/` };
for (const path of paths) addresses[path] = url + path;
const names = Object.keys(addresses);
const found = Object.fromEntries(names.map((name) => [name, { times: [], bytes: 0 }]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of shuffled(names)) {
    const { paint, bytes } = await load(browser, addresses[name]);
    found[name].bytes = bytes;
    if (round > 0) found[name].times.push(paint);
  }
}
await browser.close();
bare.close();
const median = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
console.log(
  JSON.stringify(Object.fromEntries(names.map((name) => [name, { paint: median(found[name].times), bytes: found[name].bytes }]))),
);
