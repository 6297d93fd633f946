// SPDX-License-Identifier: GPL-3.0-or-later
// A phone in headless Chromium, with JsSIP. One line of JSON on standard input configures it, each further one is
// a command ({"id": 1, "do": "dial", "with": ["1002"]}); answers and events go out the same way.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';

const folder = path.dirname(fileURLToPath(import.meta.url));
const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');

const bundle = buildSync({
  entryPoints: [path.join(folder, 'page.js')], bundle: true, format: 'iife', globalName: 'phone', write: false,
}).outputFiles[0].text;

// A microphone is given to pages of a secure context alone, which the loopback is.
const pages = createServer((request, response) => {
  response.setHeader('Content-Type', request.url === '/page.js' ? 'text/javascript' : 'text/html');
  response.end(request.url === '/page.js' ? bundle
    : '<!doctype html><meta charset="utf-8"><body><script src="/page.js"></script>');
});
await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const settings = JSON.parse((await lines.next()).value);
const browser = await chromium.launch({
  executablePath: settings.browser,
  headless: true,
  args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${settings.microphone}`, '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection'],
});
const context = await browser.newContext({ ignoreHTTPSErrors: true });
const page = await context.newPage();
page.on('console', (message) => say({ log: message.text() }));
page.on('pageerror', (error) => say({ log: String(error) }));
await page.exposeFunction('tell', (event, detail) => say({ event, detail }));
await page.goto(`http://127.0.0.1:${pages.address().port}/`);
await page.evaluate((given) => phone.start(given), settings);

for await (const line of lines) {
  const { id, do: action, with: parameters } = JSON.parse(line);
  if (action === 'quit') break;
  try {
    const result = await page.evaluate(([name, values]) => phone[name](...values), [action, parameters ?? []]);
    say({ id, result: result ?? null });
  } catch (error) {
    say({ id, error: String(error) });
  }
}
await browser.close();
process.exit(0);
