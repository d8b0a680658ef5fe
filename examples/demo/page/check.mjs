// The page in Chromium. check.mjs PACKAGES CHROMIUM URL COUNT PNG
// Prints "joined", "open" when a probe has been received, and "readings JSON" when COUNT readings are on the page and the
// screenshot is saved.
import { createRequire } from "node:module";

const [packages, executablePath, url, count, png] = process.argv.slice(2);
const { chromium } = createRequire(`${packages}/`)("playwright-core");

const browser = await chromium.launch({
  executablePath,
  // Together with the permission below: otherwise a machine with the loopback alone has no candidate for a connection.
  args: ["--allow-loopback-in-peer-connection"],
});
try {
  const page = await browser.newPage({
    viewport: { width: 840, height: 480 },
    deviceScaleFactor: 2,
    permissions: ["microphone"],
  });
  page.on("pageerror", (error) => console.log("error on the page:", error.message));
  await page.goto(url);
  await page.waitForFunction(() => window.room.state === "connected", null, { timeout: 30_000 });
  await page.evaluate(() => {
    window.probed = new Promise((done) =>
      window.room.on("dataReceived", (payload, participant, kind, topic) => topic === "receiver-probe" && done()));
  });
  console.log("joined");
  await page.evaluate(() => window.probed);
  console.log("open");
  await page.waitForFunction((wanted) => window.readings.length >= wanted, Number(count), { timeout: 0 });
  await page.screenshot({ path: png });
  console.log("readings", JSON.stringify(await page.evaluate(() => window.readings)));
} finally {
  await browser.close();
}
