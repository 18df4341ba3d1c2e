// First contentful paint on a processor slowed down four times: node first_paint.mjs CHROMIUM URL PATH...; prints JSON.
import { chromium } from "playwright-core";

const [program, url, ...paths] = process.argv.slice(2);
const ROUNDS = 5;
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const found = {};
for (const path of paths) {
  const times = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await session.send("Network.enable");
    bytes = 0;
    session.on("Network.loadingFinished", (one) => (bytes += one.encodedDataLength));
    await page.goto(url + path, { waitUntil: "load" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
    await context.close();
  }
  found[path] = { paint: times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)], bytes };
}
await browser.close();
console.log(JSON.stringify(found));
