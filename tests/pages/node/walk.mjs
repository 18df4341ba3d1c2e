// The first journey in a real browser: node walk.mjs URL CHROMIUM NAME LOCALE; prints one JSON object.
import { chromium } from "playwright-core";

const [url, program, name, locale] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const context = await browser.newContext({ locale, viewport: { width: 1200, height: 800 } });
const page = await context.newPage();
const faults = [];
const strangers = [];
page.on("pageerror", (error) => faults.push(error.message));
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("request", (request) => request.url().startsWith(url) || strangers.push(request.url()));

await page.goto(`${url}/join`);
await page.fill("[name=username]", name);
await page.fill("[name=password]", "a long enough password");
await page.click("main button.main");
const home = await page.textContent("h1");

await page.goto(`${url}/new`);
await page.fill("[name=name]", "first");
await page.click("main button.main");
await page.waitForURL(`${url}/${name}/first`);
const lesson = await page.textContent("main");

const lines = [
  { key: "header", value: { summary: "First files" } },
  { key: "file", value: { path: "README.md", content: "# My bear\n\n<script>window.hurt = 1</script>\n\n[run](run.py)\n" } },
  { key: "file", value: { path: "run.py", content: "print('hello')\n" } },
];
const committed = await page.request.post(`${url}/api/models/${name}/first/commit/main`, {
  data: lines.map((line) => JSON.stringify(line)).join("\n"),
  headers: { "content-type": "application/x-ndjson", origin: url },
});

await page.reload();
const card = await page.textContent(".card-text");
await page.click(".card-text p a");
await page.waitForURL("**/blob/main/run.py");
const source = await page.textContent("table.code");
await page.click("#L1 a");
const marked = await page.locator("tr.marked").count();
await page.click(".tabs a >> nth=1");
const files = await page.textContent("table.files");

// change a file, look at the difference, commit it, find it in the history
await page.click("table.files a[href$='/blob/main/run.py']");
await page.click("main a[href*='/edit/main/run.py']");
await page.fill("[name=text]", "print('hello, bear')\n");
await page.click("[value=look]");
const difference = await page.innerText("main");
await page.fill("[name=summary]", "Greet the bear");
await page.click("[value=commit]");
await page.waitForURL("**/blob/main/run.py");
const changed = await page.textContent("table.code");
await page.click(".tabs a >> nth=2");
await page.click("a:has-text('Greet the bear')");
const commit = await page.innerText("main");

// another name, which the old address leads to; then its end
await page.click(".tabs a[href$='/settings']");
await page.fill("form:has([value=rename]) [name=name]", "second");
await page.click("[value=rename]");
await page.waitForURL("**/second/settings**");
await page.goto(`${url}/${name}/first`);
const moved = page.url();
await page.click(".tabs a[href$='/settings']");
await page.fill("form:has([value=delete]) [name=typed]", `${name}/second`);
await page.click("[value=delete]");
await page.waitForURL(`${url}/${name}?deleted=true`);
await page.waitForSelector("p.done[role=status]");
const gone = (await page.request.get(`${url}/${name}/second`)).status();
await page.selectOption("[name=theme]", "dark");
await page.waitForSelector("[data-theme=dark]");
await page.setViewportSize({ width: 380, height: 800 });
const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const hurt = await page.evaluate(() => "hurt" in window);
await browser.close();
console.log(JSON.stringify({ home, lesson, committed: committed.status(), card, source, marked, files, difference, changed, commit, moved, gone, overflow, hurt, faults, strangers }));
