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

const kept = new Map();

// A window of a reader, without a cache, so that every load is a first one. Windows cost seconds: they are kept.
async function windowOf(address, options) {
  const key = JSON.stringify([address.reader, options]);
  if (!address.press && kept.has(key)) return kept.get(key);
  const context = await browser.newContext({ storageState: signedIn[address.reader], ...options });
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send("Network.setCacheDisabled", { cacheDisabled: true });
  const found = { context, page, seen: null };
  page.on("pageerror", (error) => found.seen.faults.push({ text: error.message, at: "" }));
  page.on("console", (message) => message.type() === "error" && found.seen.faults.push({ text: message.text(), at: message.location().url }));
  page.on("request", (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(url) || found.seen.strangers.push(request.url()));
  page.on("response", async (answer) => {
    const { seen } = found;
    seen.bytes += Number((await answer.allHeaders())["content-length"] ?? 0);
  });
  if (!address.press) kept.set(key, found);
  return found;
}

async function open(address, options, use) {
  const found = await windowOf(address, options);
  const { page } = found;
  const seen = { faults: [], strangers: [], bytes: 0 };
  found.seen = seen;
  try {
    let answer = await page.goto(url + address.path, { waitUntil: "load" });
    for (const [field, text] of address.fill) await page.fill(field, text);
    if (address.press) [answer] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(address.press)]);
    await page.waitForTimeout(30);
    const looked = await use(page, answer);
    const faults = seen.faults.filter((one) => !isStatus(one, address, page.url())).map((one) => one.text);
    return { ...seen, faults, status: answer.status(), ...looked };
  } finally {
    if (address.press) await found.context.close();
  }
}

// Chromium writes a line about the page's own status; the test looks at that by itself.
function isStatus(fault, address, itself) {
  return address.status >= 400 && fault.at === itself && fault.text.includes(`status of ${address.status}`);
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

async function lookWide(address) {
  return open(address, { locale: "en", viewport: { width: 1280, height: 800 } }, async (page, answer) => {
    const report = await html.validateString(await answer.text());
    const faults = report.results.flatMap((one) => one.messages).map((one) => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`);
    const looked = { html: faults, hurdles: await hurdles(page), said: await page.evaluate(sentences), overflow: await page.evaluate(overflow) };
    await picture(page, address, "wide");
    return looked;
  });
}

async function lookOnPhone(address) {
  return open(address, { locale: "zh-CN", colorScheme: "dark", viewport: { width: 390, height: 800 } }, async (page) => {
    const looked = { hurdles: await hurdles(page), said: await page.evaluate(sentences), overflow: await page.evaluate(overflow) };
    await picture(page, address, "phone");
    return looked;
  });
}

async function lookWithoutScript(address) {
  return open(address, { locale: "en", javaScriptEnabled: false }, async (page) => ({
    headings: (await page.locator("h1, h2").allTextContents()).length, words: (await page.textContent("main")).trim().length,
  }));
}

async function oneByOne(looks, address) {
  const found = [];
  for (const look of looks) found.push(await look(address));
  return found;
}

// Looks side by side, but where a button is pressed: then each look sees what the one before left.
async function survey(address) {
  const looks = [lookWide, lookOnPhone, lookWithoutScript];
  const [wide, phone, plain] = address.press ? await oneByOne(looks, address) : await Promise.all(looks.map((look) => look(address)));
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
