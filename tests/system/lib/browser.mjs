/// Debian's Chromium, headless. A page fails its test when it writes an error to the console, throws, or asks any other
/// machine for anything.
import assert from 'node:assert/strict';
import { chromium as driver } from 'playwright-core';

import { chromium } from './paths.mjs';

const flags = [
  '--no-sandbox', // the tests run as root in containers
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/// What Chromium itself writes when a server is gone; only tests that take the server away allow it.
export const lostServer = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to .* failed/;

export class Browser {
  #browser;
  #hosts = ['127.0.0.1', 'localhost'];

  /// `names`: further host names that this machine shall have, for pages from a foreign origin.
  static async start({ names = [] } = {}) {
    const browser = new Browser();
    browser.#hosts.push(...names);
    const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join();
    const args = names.length > 0 ? [...flags, `--host-resolver-rules=${rules}`] : flags;
    browser.#browser = await driver.launch({ executablePath: chromium, args });
    return browser;
  }

  /// A page of its own context; `options` are playwright's (locale, colorScheme, viewport…).
  /// `allow`: console errors that are expected.
  async page({ allow, ...options } = {}) {
    const context = await this.#browser.newContext({ locale: 'en-US', ...options });
    const page = await context.newPage();
    const faults = [];
    const requests = [];
    const note = (url) => {
      requests.push(url);
      if (/^(blob|data|about):/.test(url)) return;
      if (!this.#hosts.includes(new URL(url).hostname)) faults.push(`external request: ${url}`);
    };
    page.on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => note(socket.url()));
    page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !allow?.test(message.text())) faults.push(`console: ${message.text()}`);
    });
    return {
      page,
      requests,
      faults,
      /// Throws what the page did wrong.
      close: async () => {
        await context.close();
        assert.deepEqual(faults, [], 'faults of the page');
      },
    };
  }

  async stop() {
    await this.#browser.close();
  }
}
