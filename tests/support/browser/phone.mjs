// SPDX-License-Identifier: GPL-3.0-or-later
// A phone in headless Chromium, with JsSIP.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { drive, say } from './driver.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));

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

await drive(['--autoplay-policy=no-user-gesture-required'], async (browser, settings) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.on('console', (message) => say({ log: message.text() }));
  page.on('pageerror', (error) => say({ log: String(error) }));
  await page.exposeFunction('tell', (event, detail) => say({ event, detail }));
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
  await page.evaluate((given) => phone.start(given), settings);
  return { context, perform: (action, parameters) => page.evaluate(([name, values]) => phone[name](...values), [action, parameters]) };
});
