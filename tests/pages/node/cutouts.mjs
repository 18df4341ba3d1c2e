// Pictures dropped on the page that removes backgrounds: node cutouts.mjs URL CHROMIUM PICTURE; prints one JSON object.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, program, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const context = await browser.newContext({ locale: "zh-CN", acceptDownloads: true });
const page = await context.newPage();
const faults = [];
page.on("pageerror", (error) => faults.push(error.message));
await page.goto(`${url}/tools/background-removal`);
await page.waitForSelector("#cutouts.scripted");
const counted = (number) => page.waitForFunction((wanted) => document.getElementById("all").value === wanted, number);

// a real picture beside one that is none
const given = readFileSync(picture).toString("base64");
const drop = () =>
  page.evaluate((text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([bytes], "宇航员 1.png", { type: "image/png" }));
    dropped.items.add(new File(["no picture"], "broken.png", { type: "image/png" }));
    dropped.items.add(new File(["x"], "notes.txt", { type: "text/plain" }));
    document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
  }, given);
await drop();
await counted(2);
const problem = await page.textContent(".cutout .error");

// the alpha of what came back: the face, and the corner above it
const looked = await page.evaluate(async () => {
  const link = document.querySelector(".cutout a[download]");
  const bitmap = await createImageBitmap(await (await fetch(link.href).catch(() => null))?.blob() ?? document.querySelector("canvas.checkered"));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const alpha = (x, y) => context.getImageData(x, y, 1, 1).data[3];
  return { size: [bitmap.width, bitmap.height], face: alpha(220, 110), corner: alpha(480, 20), name: link.download };
});
const waiting = page.waitForEvent("download");
await page.click(".cutout a[download]");
const saved = await waiting;
const head = [...readFileSync(await saved.path()).subarray(0, 4)];

// the handle between before and after moves by keys
const handle = page.locator(".compare input");
await handle.focus();
await page.keyboard.press("End");
const moved = await page.locator(".compare").evaluate((box) => box.style.getPropertyValue("--at"));

// one more, and all of them in one file
await page.setInputFiles("#pick-pictures", picture);
await counted(3);
const [archive] = await Promise.all([page.waitForEvent("download"), page.click("#zip")]);
const status = await page.textContent("#status");
const stop = await page.isVisible("#stop");
process.stdout.write(JSON.stringify({ faults, problem, looked, head, moved, status, stop, zip: await archive.path(), label: await handle.first().getAttribute("aria-label") }) + "\n");
await new Promise((left) => process.stdin.once("data", left)); // the files of a browser go when it closes
await browser.close();
process.exit(0);
