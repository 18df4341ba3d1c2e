// A folder goes in through the upload page and is interrupted: node upload.mjs URL CHROMIUM PROFILE FOLDER REPO PASSWORD STEP.
// STEP `close` ends the browser in the middle; `cut` says so when the server may be stopped, and waits for the end.
import { chromium } from "playwright-core";

const [url, program, profile, folder, repo, password, step] = process.argv.slice(2);
const SPEED = 120 * 1024 * 1024;
const options = { executablePath: program, args: ["--no-sandbox"], locale: "en", viewport: { width: 1100, height: 900 } };
const context = await chromium.launchPersistentContext(profile, options);
const page = context.pages()[0] || (await context.newPage());
const faults = [];
const offsets = [];
page.on("pageerror", (error) => faults.push(error.message));
page.on("response", async (answer) => {
  if (answer.request().method() === "HEAD") offsets.push(Number((await answer.allHeaders())["upload-offset"]));
});

if (step === "close") {
  await page.goto(`${url}/login`);
  await page.fill("[name=username]", "ada");
  await page.fill("[name=password]", password);
  await page.click("main button.main");
}
await page.goto(`${url}/${repo}/upload/main/in`);
const network = await context.newCDPSession(page);
const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: SPEED };
await network.send("Network.emulateNetworkConditions", slow);
const notice = await page.locator("#resume").isVisible();
await page.setInputFiles("#pick-folder", folder);
const chosen = await page.textContent("#sum");
await page.fill("[name=summary]", "Bring a folder");
page.on("dialog", (dialog) => dialog.accept());
await page.click("#send");
const share = () => page.evaluate(() => document.getElementById("all").value);
const until = async (least) => {
  while ((await share()) < least) {
    const trouble = await page.textContent("#trouble");
    if (trouble) throw new Error(trouble);
    await new Promise((go) => setTimeout(go, 50));
  }
};

if (step === "close") {
  await until(450);
  await page.click("#pause");
  const paused = await page.textContent("#pause");
  await page.click("#pause");
  await until(500);
  await context.close();
  console.log(JSON.stringify({ chosen, notice, paused, faults, offsets }));
} else {
  await until(700);
  console.log("cut");
  await page.waitForSelector(".state:has-text('no connection')", { timeout: 60_000 });
  console.log("back");
  await network.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  try {
    await page.waitForURL("**/tree/main/in", { timeout: 60_000 });
  } catch (error) {
    throw new Error(`${error.message}\n${await page.textContent("#upload")}`);
  }
  const files = await page.textContent("table.files");
  await context.close();
  console.log(JSON.stringify({ chosen, notice, faults, offsets, files }));
}
