// Looks at diagrams of a card: node diagrams.mjs CHROMIUM URL; prints what became of them.
import { chromium } from "playwright-core";

const [program, url] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const faults = [];
const strangers = [];

async function look(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("dialog", (dialog) => (faults.push(dialog.message()), dialog.dismiss()));
  page.on("request", (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(new URL(url).origin) || strangers.push(request.url()));
  await page.goto(url, { waitUntil: "load" });
  if (options.javaScriptEnabled !== false) await page.waitForSelector("img.drawn", { timeout: 60000 });
  await page.waitForTimeout(1500);
  const counts = { drawn: await page.locator("img.drawn").count(), sources: await page.locator("pre.diagram").count() };
  if (options.javaScriptEnabled === false) return counts;
  const seen = {
    ...counts,
    frames: page.frames().length,
    hurt: await page.evaluate(() => "hurt" in window),
    wide: await page.evaluate(() => [...document.querySelectorAll("img.drawn")].every((one) => one.naturalWidth > 50)),
  };
  await context.close();
  return seen;
}

const whole = await look({});
const plain = await look({ javaScriptEnabled: false });
console.log(JSON.stringify({ whole, plain, faults, strangers }));
await browser.close();
