// A participant with LiveKit's JavaScript SDK in Chromium: browser.mjs PACKAGES CHROMIUM URL TOKEN.
// ../README.md has the lines of JSON that it is told by; page.js runs in the page.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { createInterface } from "node:readline";

const [packages, executablePath, url, token] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require("playwright-core");

const browser = await chromium.launch({
  executablePath,
  // Together with the permission below: otherwise a machine with the loopback alone has no candidate for a connection.
  args: ["--allow-loopback-in-peer-connection"],
});
const page = await browser.newPage({ permissions: ["microphone"] });
page.on("pageerror", (error) => console.error("error on the page:", error.message));
// A page of the loopback may use what only secure ones may, and connect to the loopback.
const sdk = `${packages}/node_modules/livekit-client/dist`;
const served = createServer(async ({ url }, response) => {
  const isWorker = url === "/worker.js";
  response.setHeader("Content-Type", isWorker ? "text/javascript" : "text/html");
  response.end(isWorker ? await readFile(`${sdk}/livekit-client.e2ee.worker.js`) : "<title>room</title>");
});
await new Promise((done) => served.listen(0, "127.0.0.1", done));
await page.goto(`http://127.0.0.1:${served.address().port}/`);
await page.exposeFunction("tell", (fields) => console.log(JSON.stringify(fields)));
await page.addScriptTag({ path: `${sdk}/livekit-client.umd.js` });
await page.addScriptTag({ path: new URL("page.js", import.meta.url).pathname });
await page.evaluate(([url, token, passphrase]) => join(url, token, passphrase), [url, token, process.env.PASSPHRASE]);

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const data = command.file ? await readFile(command.file, "base64") : "";
  command.attachments = command.attachments && await Promise.all(
    command.attachments.map(async (path) => ({ name: basename(path), data: await readFile(path, "base64") })));
  // Not awaited: commands may last.
  page.evaluate(([command, data]) => run(command, data), [command, data]).catch(() => {});
}
await page.evaluate(() => room.disconnect());
await browser.close();
served.close();
