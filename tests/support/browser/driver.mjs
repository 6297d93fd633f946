// SPDX-License-Identifier: GPL-3.0-or-later
// One headless Chromium, which is used again and again, each time with a profile of its own. Lines of JSON come on standard
// input: the first one configures it, {"open": settings} begins a profile, each further one is a command to it
// ({"id": 1, "do": "press", "with": ["Call", "button"]}), "close" among them. Answers and events go out the same way.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');

/// @param args of Chromium, beside those that any of our browsers needs.
/// @param open begins a profile: open(browser, settings) gives {context, perform(action, parameters)}.
export async function drive(args, open) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { browser: executablePath, microphone } = JSON.parse((await lines.next()).value);
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`, '--allow-loopback-in-peer-connection', ...args],
  });
  let opened;
  const obey = async ({ open: settings, do: action, with: parameters = [] }) => {
    if (settings) opened = await open(browser, settings);
    else if (action === 'close') await opened?.context.close();
    else return opened.perform(action, parameters);
  };
  for await (const line of lines) {
    const command = JSON.parse(line);
    try {
      say({ id: command.id, result: (await obey(command)) ?? null });
    } catch (error) {
      say({ id: command.id, error: String(error) });
    }
  }
  await browser.close();
  process.exit(0);
}
