// The first journey and the quick search by keys alone: node keys.mjs URL CHROMIUM NAME LOCALE FILE; prints one JSON object.
import { chromium } from "playwright-core";

const [url, program, name, locale, file] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const page = await browser.newPage({ locale, viewport: { width: 1200, height: 800 } });
const faults = [];
page.on("pageerror", (error) => faults.push(error.message));

// Goes on with Tab until something is reached; every stop on the way must be seen.
async function tabTo(selector) {
  for (let left = 90; left > 0; left -= 1) {
    await page.keyboard.press("Tab");
    const [found, seen] = await page.evaluate((wanted) => {
      const one = document.activeElement;
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      const ringed = one.matches(":focus-visible") && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      return [one.matches(wanted), one === document.body || (ringed && box.width > 0) || one.type === "file"];
    }, selector);
    if (!seen) throw new Error(`no focus is seen on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))}`);
    if (found) return;
  }
  throw new Error(`Tab never reaches ${selector} on ${page.url()}`);
}

async function enter(address) {
  await Promise.all([page.waitForURL(address), page.keyboard.press("Enter")]);
}

await page.goto(`${url}/join`);
await tabTo("[name=username]");
await page.keyboard.type(name);
await tabTo("[name=password]");
await page.keyboard.type("a long enough password");
await enter(`${url}/`);
const home = await page.textContent("h1");

await tabTo(".own details summary");
await page.keyboard.press("Enter");
await tabTo("a[href='/new']");
await enter(`${url}/new`);
if (!(await page.evaluate(() => document.activeElement.name === "name"))) await tabTo("[name=name]");
await page.keyboard.type(`keyed-${name}`);
await enter(`${url}/${name}/keyed-${name}`);

await tabTo(".tabs a[href$='/tree/main']");
await enter("**/tree/main");
await tabTo("details:has(a[href*='/upload/']) > summary");
await page.keyboard.press("Enter");
await tabTo("a[href*='/upload/main']");
await enter("**/upload/main**");
await tabTo("#pick-files");
await page.setInputFiles("#pick-files", file); // the dialog that would open now is the system's
await tabTo("#send");
await enter("**/tree/main");
const files = await page.textContent("table.files");

await page.keyboard.press("/");
const field = page.locator("#search");
const state = () => field.evaluate((one) => [document.activeElement === one, one.getAttribute("aria-expanded"), one.getAttribute("aria-activedescendant")]);
const states = [await state()];
await page.keyboard.type(`keyed-${name}`);
await page.waitForSelector("#quick [role=option]");
states.push(await state());
const said = await page.textContent("form.find [role=status]");
await page.keyboard.press("ArrowDown");
states.push(await state());
const chosen = await page.textContent("#quick [aria-selected=true]");
await page.keyboard.press("Escape");
states.push(await state());
await page.keyboard.press("ArrowUp");
await page.keyboard.press("ArrowDown");
await page.keyboard.press("ArrowDown");
states.push((await state()).slice(0, 2));
await page.keyboard.press("Escape");
await field.fill("");
await page.keyboard.type(`keyed-${name}`);
await page.waitForSelector("#quick:not([hidden]) [role=option]");
await page.keyboard.press("ArrowDown");
await enter(`${url}/${name}/keyed-${name}`);
await browser.close();
console.log(JSON.stringify({ home, files, states, said, chosen, faults }));
