/// docs/examples/article: a page with the article's own client code, from another web server, in a browser.
/// The page has Tagwire's address in it, so this test needs ports 5000 and 8008.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { get } from './lib/http.mjs';
import { root } from './lib/paths.mjs';
import { Program } from './lib/program.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const pagePort = 8008;
const foreign = 'plant.example';
const jquery = path.join(path.dirname(createRequire(import.meta.url).resolve('jquery')), 'jquery.min.js');

describe("the article's page", () => {
  let tagwire, folder, web, browser;

  before(async () => {
    tagwire = await Tagwire.start({ port: 5000 });
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-article-'));
    await copyFile(path.join(root, 'docs/examples/article/index.html'), path.join(folder, 'index.html'));
    await copyFile(jquery, path.join(folder, 'jquery.min.js'));
    const server = ['-m', 'http.server', String(pagePort), '--bind', '127.0.0.1', '--directory', folder];
    web = new Program(spawn('python3', server, { stdio: ['ignore', 'pipe', 'pipe'] }), 'python3 -m http.server');
    await eventually('the static web server answers', async () => {
      assert(web.running, web.output);
      return (await get({ port: pagePort }, '/')).status === 200;
    });
    browser = await Browser.start({ names: [foreign] });
  });

  after(async () => {
    await browser?.stop();
    await web?.kill();
    await tagwire?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  /// The different texts #divTag has shown within `ms`.
  async function texts(page, ms) {
    return page.evaluate(async (duration) => {
      const seen = new Set();
      const until = performance.now() + duration;
      while (performance.now() < until) {
        const text = document.querySelector('#divTag').textContent;
        if (text !== '') seen.add(text);
        await new Promise(requestAnimationFrame);
      }
      return [...seen];
    }, ms);
  }

  it('shows changing values', async () => {
    const { page, close } = await browser.page();
    await page.goto(`http://127.0.0.1:${pagePort}/`);
    await page.waitForFunction(() => document.querySelector('#divTag').textContent !== '');
    const seen = await texts(page, 2000);
    assert(seen.length >= 5, `Random.Int1 changes ten times a second, seen: ${seen}`);
    for (const text of seen) {
      assert.match(text, /^-?\d+$/);
      assert(Number(text) >= -128 && Number(text) <= 127, text);
    }
    await close();
  });

  it('works under the name localhost, too', async () => {
    const { page, close } = await browser.page();
    await page.goto(`http://localhost:${pagePort}/`);
    await page.waitForFunction(() => /^-?\d+$/.test(document.querySelector('#divTag').textContent));
    await close();
  });

  it('is refused from a foreign origin', async () => {
    const { page, faults, close } = await browser.page();
    const opened = page.waitForEvent('websocket');
    await page.goto(`http://${foreign}:${pagePort}/`);
    assert.equal((await opened).url(), 'ws://127.0.0.1:5000/tagCurValue');
    await eventually('the refusal is on the console', () => faults.some((fault) => /WebSocket.*403/.test(fault)));
    assert.deepEqual(await texts(page, 500), []);
    faults.length = 0; // the refusal was asked for
    await close();
  });
});
