// Looks at pages as people see them: node survey.mjs CHROMIUM < {url, readers, pages, pictures}; prints one JSON line a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { HtmlValidate } from "html-validate";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const html = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // matters of taste, not of validity
    "no-trailing-whitespace": "off", "no-inline-style": "error", "long-title": "off", "void-style": "off",
    "attribute-boolean-style": "off", "doctype-style": "off", "no-implicit-button-type": "off", "prefer-native-element": "off",
    "attr-quotes": "off", "no-raw-characters": "off", "valid-id": ["error", { relaxed: true }], "prefer-tbody": "off",
    "tel-non-breaking": "off", "no-implicit-input-type": "off", "unique-landmark": "off",
  },
});
const { url, readers, pages, pictures, theirs } = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });

const signedIn = {};
for (const [name, password] of Object.entries(readers)) {
  const context = await browser.newContext();
  if (password) {
    const answer = await context.request.post(`${url}/login`, { form: { username: name, password }, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`${name} cannot sign in: ${answer.status()}`);
  }
  signedIn[name] = await context.storageState();
  await context.close();
}

// What people read on a page that the hub itself says: text and spoken labels, without code and what users wrote.
function sentences() {
  const foreign = "script, style, code, pre, kbd, .mono, [lang]:not(html), [translate=no], .card-text, .user-text, option[lang], select[name=licence], select[name=license], table.code";
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(foreign)) found.push(walker.currentNode.data);
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], img[alt]")) {
    if (one.closest(foreign)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push(one.getAttribute(name) ?? "");
  }
  return found.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
}

async function open(address, options, use) {
  const context = await browser.newContext({ storageState: signedIn[address.reader], ...options });
  const page = await context.newPage();
  const seen = { faults: [], strangers: [], bytes: 0 };
  page.on("pageerror", (error) => seen.faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && !isStatus(message, address) && seen.faults.push(message.text()));
  page.on("request", (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(url) || seen.strangers.push(request.url()));
  page.on("response", async (answer) => { seen.bytes += Number((await answer.allHeaders())["content-length"] ?? 0); });
  let answer = await page.goto(url + address.path, { waitUntil: "load" });
  for (const [field, text] of address.fill) await page.fill(field, text);
  if (address.press) [answer] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(address.press)]);
  await page.waitForTimeout(30);
  try {
    return { ...seen, status: answer.status(), ...(await use(page, answer)) };
  } finally {
    await context.close();
  }
}

// Chromium writes a line about the page's own status; the test looks at that by itself.
function isStatus(message, address) {
  return address.status >= 400 && message.text().includes("Failed to load resource") && message.location().url.startsWith(url + address.path.split("?")[0]);
}

async function hurdles(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

async function picture(page, address, name) {
  if (!pictures) return;
  const file = `${address.name.replace(/[^a-z0-9]+/gi, "-")}-${name}.png`;
  await page.screenshot({ path: `${pictures}/${file}`, fullPage: true });
}

const overflow = () => document.documentElement.scrollWidth - innerWidth;

async function survey(address) {
  const wide = await open(address, { locale: "en", viewport: { width: 1280, height: 800 } }, async (page, answer) => {
    const report = await html.validateString(await answer.text());
    const faults = report.results.flatMap((one) => one.messages).map((one) => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`);
    const looked = { html: faults, hurdles: await hurdles(page), said: await page.evaluate(sentences), overflow: await page.evaluate(overflow) };
    await picture(page, address, "wide");
    return looked;
  });
  const phone = await open(address, { locale: "zh-CN", colorScheme: "dark", viewport: { width: 390, height: 800 } }, async (page) => {
    const looked = { hurdles: await hurdles(page), said: await page.evaluate(sentences), overflow: await page.evaluate(overflow) };
    await picture(page, address, "phone");
    return looked;
  });
  const plain = await open(address, { locale: "en", javaScriptEnabled: false }, async (page) => ({
    headings: (await page.locator("h1, h2").allTextContents()).length, words: (await page.textContent("main")).trim().length,
  }));
  const english = new Set(wide.said);
  const own = (text) => theirs.reduce((left, one) => left.replaceAll(one, ""), text); // what people wrote stays as it is
  const raw = phone.said.filter((text) => english.has(text) && /[a-z]{2,}[ ,.:'’]+(?:[a-zA-Z]+[ ,.:'’]+)*[a-z]{2,}/.test(own(text)));
  return { wide: { ...wide, said: 0 }, phone: { ...phone, said: 0 }, plain, raw: [...new Set(raw)] };
}

for (const address of pages) {
  let found;
  try {
    found = await survey(address);
  } catch (error) {
    found = { broken: String(error) };
  }
  console.log(JSON.stringify({ name: address.name, ...found }));
}
await browser.close();
