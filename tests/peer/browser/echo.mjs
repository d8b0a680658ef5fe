// The page of peer/examples/echo, as a visitor uses it: echo.mjs PACKAGES CHROMIUM URL.
import { createRequire } from "node:module";

const [packages, executablePath, url] = process.argv.slice(2);
const { chromium } = createRequire(`${packages}/`)("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--allow-loopback-in-peer-connection"] });
const page = await browser.newPage();
const shows = (text) =>
  page.waitForFunction((text) => document.getElementById("log").textContent.includes(text), text, { timeout: 20_000 });
await page.goto(url);
await shows("hello: back after");
await page.fill("#text", "21.5 °C");
await page.click("button");
await shows("21.5 °C: back after");
console.log(await page.textContent("#log"));
await browser.close();
