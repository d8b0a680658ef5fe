// The page in Chromium. check.mjs PACKAGES CHROMIUM URL COUNT PNG
// Prints "joined", "open" when a probe has been received; when COUNT readings are on the page, "answered VALUE" as the device in
// the room has answered and its log on the page says so; and "readings JSON" when the screenshot is saved.
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
    viewport: { width: 840, height: 750 },
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
  const readings = await page.evaluate(() => window.readings);

  // A reading more after that, and none while its answer is compared.
  await page.fill("#interval", "10000");
  await page.click("#set");
  await logged(page, String.raw`${await identity(page)} calls set_interval\n[^]* reading \d+ sent\n`);
  await page.click("#read");
  await logged(page, `${await identity(page)} calls read\n`);
  await page.waitForFunction(() => document.getElementById("answer").textContent !== "–");
  console.log("answered", await page.textContent("#answer"));
  await page.screenshot({ path: png });
  console.log("readings", JSON.stringify(readings));
} finally {
  await browser.close();
}

function identity(page) {
  return page.evaluate(() => window.room.localParticipant.identity);
}

// Waits until the log on the page has this.
function logged(page, pattern) {
  return page.waitForFunction((it) => new RegExp(it).test(document.getElementById("log").textContent), pattern);
}
