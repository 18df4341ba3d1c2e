// Odd choices on the upload page: node choose.mjs URL CHROMIUM FOLDER REPO NAME PASSWORD; prints one JSON object.
import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, program, folder, repo, name, password] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const context = await browser.newContext({ locale: "zh-CN" });
const page = await context.newPage();
const faults = [];
page.on("pageerror", (error) => faults.push(error.message));
page.on("dialog", (dialog) => dialog.accept());
await page.goto(`${url}/login`);
await page.fill("[name=username]", name);
await page.fill("[name=password]", password);
await page.click("main button.main");
const open = async (branch) => {
  await page.goto(`${url}/${repo}/upload/${branch}`);
  await page.waitForSelector("#upload.scripted");
};
const drop = (files) =>
  page.evaluate((given) => {
    const dropped = new DataTransfer();
    for (const [path, text] of given) dropped.items.add(new File([text], path));
    document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
  }, files);
const list = () => page.locator("#files li").allTextContents();

// dropped files: twice the same, one that only a computer needs, one whose name cannot be
await open("main");
await drop([["a.txt", "old"], ["<b>x.txt", "markup"], ["back\\slash", "x"], [".DS_Store", "x"]]);
await page.waitForSelector("#files li");
await drop([["a.txt", "new"]]);
await page.waitForFunction(() => document.querySelectorAll("#files li").length === 3);
const chosen = await list();
const skipped = await page.textContent("#skipped");
await page.click("#send");
await page.waitForFunction(() => document.getElementById("trouble").textContent);
const trouble = await page.textContent("#trouble");
await page.click("#files .failed button");
await page.click("#retry");
await page.waitForURL(`**/${repo}/tree/main`);

// a file that changes after it was chosen
await open("main");
await page.setInputFiles("#pick-files", [`${folder}/changing.bin`]);
writeFileSync(`${folder}/changing.bin`, Buffer.alloc(6_000_000, 9));
await page.click("#send");
await page.waitForFunction(() => document.getElementById("trouble").textContent);
const changed = (await page.textContent("#trouble")) + (await list()).join();

// many files, to another branch than the address names, and the same once more
await open("main");
await page.setInputFiles("#pick-folder", `${folder}/many`);
const many = await page.textContent("#sum");
await page.selectOption("#branch", "side");
const before = Date.now();
await page.click("#send");
await page.waitForURL(`**/${repo}/tree/side`);
const seconds = (Date.now() - before) / 1000;

// without a session
await open("main");
await context.clearCookies();
await drop([["late.txt", "x"]]);
await page.waitForSelector("#files li");
await page.click("#send");
await page.waitForFunction(() => document.getElementById("trouble").textContent);
const late = await page.textContent("#trouble");
await browser.close();
console.log(JSON.stringify({ chosen, skipped, trouble, changed, many, seconds, late, faults }));
