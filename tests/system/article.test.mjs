/// docs/examples/article: a page with the article's own client code, from another web server, in a browser.
/// The page has Tagwire's address in it, so this test needs ports 5000 and 8008.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ArticlePage, articlePort, articleTexts } from './lib/article-page.mjs';
import { Browser } from './lib/browser.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const foreign = 'plant.example';

describe("the article's page", () => {
  let tagwire, article, browser;

  before(async () => {
    tagwire = await Tagwire.start({ port: 5000 });
    article = await ArticlePage.start();
    browser = await Browser.start({ names: [foreign] });
  });

  after(async () => {
    await browser?.stop();
    await article?.stop();
    await tagwire?.stop();
  });

  it('shows changing values', async () => {
    const { page, close } = await browser.page();
    await page.goto(`http://127.0.0.1:${articlePort}/`);
    await page.waitForFunction(() => document.querySelector('#divTag').textContent !== '');
    const seen = await articleTexts(page, 2000);
    assert(seen.length >= 5, `Random.Int1 changes ten times a second, seen: ${seen}`);
    for (const text of seen) {
      assert.match(text, /^-?\d+$/);
      assert(Number(text) >= -128 && Number(text) <= 127, text);
    }
    await close();
  });

  it('works under the name localhost, too', async () => {
    const { page, close } = await browser.page();
    await page.goto(`http://localhost:${articlePort}/`);
    await page.waitForFunction(() => /^-?\d+$/.test(document.querySelector('#divTag').textContent));
    await close();
  });

  it('is refused from a foreign origin', async () => {
    const { page, faults, close } = await browser.page();
    const opened = page.waitForEvent('websocket');
    await page.goto(`http://${foreign}:${articlePort}/`);
    assert.equal((await opened).url(), 'ws://127.0.0.1:5000/tagCurValue');
    await eventually('the refusal is on the console', () => faults.some((fault) => /WebSocket.*403/.test(fault)));
    assert.deepEqual(await articleTexts(page, 500), []);
    faults.length = 0; // the refusal was asked for
    await close();
  });
});
