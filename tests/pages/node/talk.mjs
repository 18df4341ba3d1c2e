// Talks to a model in a real browser: node talk.mjs URL CHROMIUM MODEL NAME PASSWORD LOCALE; prints one JSON object.
import { chromium } from "playwright-core";

const [url, program, model, name, password, locale] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const faults = [];
const strangers = [];
const patience = { timeout: 120000 };

async function open(options) {
  const context = await browser.newContext({ locale, viewport: { width: 1200, height: 800 }, ...options });
  await context.request.post(`${url}/login`, { form: { username: name, password }, maxRedirects: 0 });
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("422") && faults.push(message.text()));
  page.on("request", (request) => request.url().startsWith(url) || strangers.push(request.url()));
  return page;
}
const answered = ".turn.assistant:not(.growing) .facts";

// by keyboard: say something, stop while the model is loaded, say it again, look at the tokens
const page = await open({});
await page.goto(`${url}/${model}/chat?max_tokens=6&temperature=0`);
await page.waitForSelector("[data-keys]:not([hidden])");
await page.check("[name=logprobs]");
await page.focus("[data-draft]");
await page.keyboard.type("hello");
await page.keyboard.press("Enter");
await page.waitForSelector(".growing");
const stopShown = await page.isVisible("[data-stop]");
await page.keyboard.press("Escape");
await page.waitForFunction(() => !document.querySelector(".growing"), null, patience);
const givenBack = await page.inputValue("[data-draft]");
await page.focus("[data-draft]");
await page.keyboard.press("Enter");
await page.waitForSelector(answered, patience);
const figures = await page.textContent(answered);
const spoken = await page.textContent("[data-spoken]");
await page.click(".likely summary");
await page.focus("[data-tokens]");
await page.keyboard.press("ArrowRight");
const told = await page.textContent("[data-told]");
const tokens = await page.locator("[data-tokens] span").count();

// by mouse: another answer, another message, another turn, the code beside it
await page.click("button[value='again:1']");
await page.waitForSelector(".growing").catch(() => {});
await page.waitForSelector(`${answered}`, patience);
const afterAgain = await page.locator(".turn").count();
await page.fill("[data-draft]", "more");
await page.click("[data-send]");
await page.waitForFunction(() => document.querySelectorAll(".turn.assistant:not(.growing) .facts").length === 2, null, patience);
const afterMore = await page.locator(".turn").count();
await page.click("button[value='edit:2']");
const edited = [await page.inputValue("[data-draft]"), await page.locator(".turn").count()];
await page.fill("[name=temperature]", "0.25");
await page.waitForFunction(() => document.querySelector("[data-code]").textContent.includes("0.25"), null, patience);
await page.click("label[for=talk-code-2]");
const code = await page.locator("[data-code] .snippet:visible").innerText();
await page.click("[data-new]");
const afterNew = await page.locator(".turn").count();

// two side by side
const pair = await open({ viewport: { width: 390, height: 800 } });
await pair.goto(`${url}/chat/compare?model=${model}&prompt=hello`);
await pair.locator("[name=model]").nth(1).fill(`${model}@main`);
await pair.click(".compare-more summary");
await pair.fill("[name=max_tokens]", "5");
await pair.click("[data-send]");
await pair.waitForFunction(() => document.querySelectorAll("[data-side] .turn .facts").length === 2, null, patience);
const sides = await pair.locator("[data-side] .facts").allTextContents();
const link = pair.url();
const overflow = await pair.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// without script
const plain = await open({ javaScriptEnabled: false });
await plain.goto(`${url}/${model}/chat?max_tokens=4`);
await plain.fill("[name=text]", "hello");
await plain.click(".composer button.main");
await plain.fill("[name=text]", "again");
await plain.click(".composer button.main");
const turns = await plain.locator(".turn").count();
await browser.close();
console.log(JSON.stringify({ stopShown, givenBack, figures, spoken, told, tokens, afterAgain, afterMore, edited, code, afterNew, sides, link, overflow, turns, faults, strangers }));
