// First contentful paint on a processor slowed down four times: node first_paint.mjs CHROMIUM URL PATH...; prints JSON.
// Each round loads every page once, in another order, each in a browser profile without a cache; the first round is
// thrown away, because whatever a browser opens first waits for the browser itself. What is told are medians.
import { chromium } from "playwright-core";

const [program, url, ...paths] = process.argv.slice(2);
const ROUNDS = 9;

async function load(browser, path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", (one) => (bytes += one.encodedDataLength));
  await page.goto(url + path, { waitUntil: "load" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await context.close();
  return { paint, bytes };
}

function shuffled(list) {
  return list.map((one) => [Math.random(), one]).sort(([one], [other]) => one - other).map(([, one]) => one);
}

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const found = Object.fromEntries(paths.map((path) => [path, { times: [], bytes: 0 }]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const path of shuffled(paths)) {
    const { paint, bytes } = await load(browser, path);
    found[path].bytes = bytes;
    if (round > 0) found[path].times.push(paint);
  }
}
await browser.close();
const median = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
console.log(
  JSON.stringify(Object.fromEntries(paths.map((path) => [path, { paint: median(found[path].times), bytes: found[path].bytes }]))),
);
