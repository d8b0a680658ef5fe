// A participant with LiveKit's JavaScript SDK in Chromium: browser.mjs PACKAGES CHROMIUM URL TOKEN.
// ../README.md has the lines of JSON that it is told by; page.js runs in the page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
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
// Nothing is served: a page of this origin may use what only secure ones may.
await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "<title>room</title>" }));
await page.goto("http://localhost/");
await page.exposeFunction("tell", (fields) => console.log(JSON.stringify(fields)));
await page.addScriptTag({ path: `${packages}/node_modules/livekit-client/dist/livekit-client.umd.js` });
await page.addScriptTag({ path: new URL("page.js", import.meta.url).pathname });
await page.evaluate(([url, token]) => join(url, token), [url, token]);

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const data = await readFile(command.file, "base64");
  // Not awaited: commands may last.
  page.evaluate(([command, data]) => run(command, data), [command, data]).catch(() => {});
}
await page.evaluate(() => room.disconnect());
await browser.close();
