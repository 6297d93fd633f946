// SPDX-License-Identifier: GPL-3.0-or-later
// Windows with Almon's page in headless Chromium.
import { readFileSync } from 'node:fs';
import { drive, say } from './driver.mjs';

const kPatience = 20_000;

/// An ear on whatever the page receives, and a microphone that leaves tones alone, which a browser takes for noise.
function listen_in() {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  media.getUserMedia = ({ audio }) => ask({ audio: typeof audio === 'object' ? { ...audio, ...plain } : plain });
  const ear = { heard: [], rate: 48000, sinks: {}, unplugged: new Set() };
  // Fake devices cannot be pulled out.
  const enumerate = media.enumerateDevices.bind(media);
  media.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !ear.unplugged.has(label));
  for (const [what, { prototype }] of [['element', HTMLMediaElement], ['context', AudioContext]]) {
    const set = prototype.setSinkId;
    prototype.setSinkId = async function (id) {
      await set.call(this, id);
      ear.sinks[what] = (await enumerate()).find(({ kind, deviceId }) => kind === 'audiooutput' && deviceId === id)?.label ?? '';
    };
  }
  window.ear = ear;
  const hear = (stream) => {
    const audio = new AudioContext();
    void audio.resume();
    ear.rate = audio.sampleRate;
    const node = audio.createScriptProcessor(4096, 1, 1);
    node.onaudioprocess = (sound) => ear.heard.push(sound.inputBuffer.getChannelData(0).slice());
    audio.createMediaStreamSource(stream).connect(node);
    node.connect(audio.destination);
    ear.node = node;
    return audio;
  };
  // Files sound through elements, one at a time: what is paused or over would be heard as silence beside the next one.
  let played;
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = async function () {
    await play.call(this);
    if (!this.src || this === played) return;
    played = this;
    void ear.file?.close();
    ear.file = hear(this.captureStream());
  };
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      ear.connection = this;
      this.addEventListener('track', (event) => {
        // Told again when a hold ends; it is still heard.
        if (ear.track === event.track.id) return;
        ear.track = event.track.id;
        hear(new MediaStream([event.track]));
      });
    }
  };
}

await drive(['--ignore-certificate-errors'], async (browser, settings) => {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, locale: settings.language, colorScheme: settings.dark ? 'dark' : 'light',
    viewport: { width: settings.width, height: settings.height }, reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(kPatience);

  await context.addInitScript(listen_in);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    say({ log: message.text() });
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    say({ log: String(error) });
    complaints.push(String(error));
  });
  page.on('dialog', (dialog) => void dialog.accept());
  const pending = new Set();
  page.on('request', (request) => pending.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => pending.delete(request));

  const field = (label) => page.getByLabel(label, { exact: true }).or(page.getByRole('textbox', { name: label, exact: true })).first();
  // What it is for may be told with its name.
  const switch_or_box = (label) => page.getByRole('switch', { name: label }).or(page.getByRole('checkbox', { name: label })).first();
  const actions = {
    go: (path) => page.goto(settings.url + path),
    /// Goes to another view as a link does, and waits until all that it asks for is there.
    async visit(path) {
      await page.evaluate((to) => {
        // What the page's router notes of a place.
        history.pushState({ usr: null, key: String(Math.random()), idx: (history.state?.idx ?? 0) + 1 }, '', to);
        dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
      }, path);
      let quiet = 0;
      while ((quiet = pending.size === 0 ? quiet + 1 : 0) < 3) await page.waitForTimeout(20);
      await page.getByRole('heading', { level: 1 }).or(page.getByText('There is nothing here')).first().waitFor();
    },
    reload: () => page.reload(),
    choose: (name) => page.getByText(name, { exact: true }).click(),
    fill: (label, text) => field(label).fill(text),
    /// A switch or a box, which may be drawn by something else than its field.
    async check(label, wanted) {
      const box = switch_or_box(label);
      if ((await box.isChecked()) !== wanted) await box.evaluate((input) => input.click());
    },
    async is_checked(label, wanted) {
      const box = switch_or_box(label);
      await box.waitFor({ state: 'attached' });
      while ((await box.isChecked()) !== wanted) await page.waitForTimeout(20);
    },
    menu: () => page.locator('[role^="menuitem"]').evaluateAll((items) => items.map((item) => [item.textContent, !item.disabled])),
    value_in: (group, label) => page.getByRole('group', { name: group }).first().getByLabel(label, { exact: true }).inputValue(),
    value: (label) => field(label).inputValue(),
    press_in: (region, name) => page.getByRole('region', { name: region }).or(page.getByRole('group', { name: region })).getByRole('button', { name, exact: true }).first().click(),
    press: (name, role) => page.getByRole(role, { name, exact: true }).first().click(),
    async select(label, choice) {
      await page.getByRole('textbox', { name: label, exact: true }).or(page.getByRole('combobox', { name: label, exact: true })).first().click();
      await page.getByRole('option', { name: choice }).first().click();
    },
    /// Of the first field for files.
    file: (path) => page.locator('input[type="file"]').first().setInputFiles(path),
    async look(dark, width) {
      const scheme = dark ? 'dark' : 'light';
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: settings.height });
      // The page hears of it later, on a busy machine.
      await page.waitForFunction((wanted) => document.documentElement.dataset.mantineColorScheme === wanted, scheme);
      // Colours fade into each other for a moment.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations !== Infinity).map((each) => each.finished)));
    },
    /// By how many pixels the view is wider than the window.
    overflow: () => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth)),
    see: (text) => page.getByText(text).filter({ visible: true }).first().waitFor(),
    see_button: (name) => page.getByRole('button', { name, exact: true }).first().waitFor(),
    see_link: (name) => page.getByRole('link', { name, exact: true }).first().waitFor(),
    miss: (text) => page.getByText(text).first().waitFor({ state: 'hidden' }),
    count: (text) => page.getByText(text).count(),
    state: (id, attribute, wanted) => page.locator(`[data-testid="${id}"][${attribute}="${wanted}"]`).first().waitFor(),
    confirm: (name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click(),
    /// A view has its heading, and nothing is being loaded.
    async settled() {
      await page.getByRole('heading', { level: 1 }).or(page.getByText('There is nothing here')).first().waitFor();
      await page.waitForLoadState('networkidle');
    },
    // What pictures in any language need: fields and buttons by what they are, not by what they are called.
    async sign_in(backend, username, password) {
      await page.locator(`input[value="${backend}"]`).evaluate((input) => input.click());
      await page.locator('input[name="username"]').fill(username);
      await page.locator('input[name="password"]').fill(password);
      await page.locator('button[type="submit"]').click();
      await page.locator('header').waitFor();
    },
    async dial(number) {
      await page.locator('input[inputmode="tel"]').first().fill(number);
      await page.keyboard.press('Enter');
    },
    answer: () => page.locator('[data-testid="call"] button').first().click(),
    focus: () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''),
    key: (name) => page.keyboard.press(name),
    type: (text) => page.keyboard.type(text),
    picture: (path, whole) => page.screenshot({ path, fullPage: whole }),
    complaints: () => complaints,
    /// @param rules all, where none is given. @param part of the page, by a selector.
    async axe(rules, part) {
      if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(readFileSync(settings.axe, 'utf8'));
      const run_only = rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      // What stands behind a modal dialog cannot be reached, nor what the head of a scrolled page covers.
      await page.evaluate(() => window.scrollTo(0, 0));
      const { violations } = await page.evaluate(([only, where]) => window.axe.run(where ?? document.querySelector('[role="dialog"][aria-modal="true"]') ?? document, { runOnly: only, resultTypes: ['violations'] }), [run_only, part]);
      return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
    },
    /// Waits until the last call sends what this microphone hears. Empty: whatever the system's own is.
    async sends(label) {
      await page.waitForFunction((wanted) => window.ear.connection.getSenders().some(({ track }) => track?.readyState === 'live' && track.label === wanted), label);
    },
    /// Waits until an 'element' or a 'context' sounds through this device. Empty: the system's own.
    async sounds_through(what, label) {
      await page.waitForFunction(([of, wanted]) => window.ear.sinks[of] === wanted, [what, label]);
    },
    /// Also plugs it in again.
    unplug: (label, out) => page.evaluate(([which, is_out]) => {
      window.ear.unplugged[is_out ? 'add' : 'delete'](which);
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }, [label, out]),
    async level_above(least) {
      await page.waitForFunction((wanted) => Number(document.querySelector('[role="meter"]')?.getAttribute('aria-valuenow')) > wanted, least);
    },
    forget_heard: () => page.evaluate(() => { window.ear.heard = []; }),
    heard_seconds: () => page.evaluate(() => window.ear.heard.length * 4096 / window.ear.rate),
    heard: () => page.evaluate(() => {
      const { heard, rate } = window.ear;
      const samples = new Int16Array(heard.length * 4096);
      heard.forEach((part, index) => part.forEach((value, at) => { samples[index * 4096 + at] = Math.max(-32768, Math.min(32767, Math.round(value * 32767))); }));
      let text = '';
      for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
      return { rate, samples: btoa(text) };
    }),
  };
  const perform = async (action, parameters) => {
    const result = await actions[action](...parameters);
    return typeof result === 'object' && !Array.isArray(result) && action !== 'heard' ? null : result;
  };
  return { context, perform };
});
