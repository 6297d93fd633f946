// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a page in headless Chromium and tells what stands there: node look.mjs <JSON>, with
//   browser, url
//   steps   in order: {click: selector}, {type: [selector, text]}, {choose: [selector, label]}, {texts: selector}
// Prints {texts: [[...], ...], problems: [...]}; problems are what the page or the browser complains of.
import { chromium } from 'playwright-core';

const { browser: executablePath, url, steps } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const result = { texts: [], problems: [] };
try {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  page.on('console', (message) => message.type() === 'error' && result.problems.push(message.text()));
  page.on('pageerror', (error) => result.problems.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith('data:'))
      result.problems.push(`asks ${request.url()}`);
  });
  await page.goto(url);
  for (const step of steps) {
    if (step.click) await page.locator(step.click).first().click();
    if (step.type) await page.locator(step.type[0]).first().fill(step.type[1]);
    if (step.choose) await page.locator(step.choose[0]).selectOption({ label: step.choose[1] });
    if (step.texts) {
      await page.locator(step.texts).first().waitFor();
      result.texts.push(await page.locator(step.texts).allInnerTexts());
    }
  }
} catch (error) {
  result.problems.push(String(error));
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
