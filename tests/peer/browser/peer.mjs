// A peer of Chromium's WebRTC: peer.mjs PACKAGES CHROMIUM. It is told by the lines of JSON that tests/peers/go/webrtc/peer has;
// page.js runs in the page.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [packages, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(`${packages}/`)("playwright-core");

const browser = await chromium.launch({
  executablePath,
  // Together with the permission below: otherwise a machine with the loopback alone has no candidate for a connection.
  args: ["--allow-loopback-in-peer-connection"],
});
const page = await browser.newPage({ permissions: ["microphone"] });
page.on("pageerror", (error) => console.error("error on the page:", error.message));
const served = createServer((_, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end("<title>peer</title>");
});
await new Promise((done) => served.listen(0, "127.0.0.1", done));
await page.goto(`http://127.0.0.1:${served.address().port}/`);
await page.exposeFunction("tell", (fields) => console.log(JSON.stringify(fields)));
await page.addScriptTag({ path: new URL("page.js", import.meta.url).pathname });

for await (const line of createInterface({ input: process.stdin })) {
  await page.evaluate((command) => run(command), JSON.parse(line));
}
await browser.close();
served.close();
