/// What the pages may cost a browser: memory stays what it is however many changes come, and a page is not heavier
/// than its budget. bench/pages measures the same with medians.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { request } from './lib/http.mjs';
import { PageCost, tables } from './lib/page-cost.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const cells = 2000;
const rate = 10;
/// An hour of a page whose 200 tags change once a second.
const changes = 720_000;
const megabyte = 1e6;

describe('what a page costs', () => {
  let tagwire, browser;
  before(async () => {
    const load = `load_tags = ${cells}\nload_rate_hz = ${rate}`;
    tagwire = await Tagwire.start({ config: `[simulator]\nscan_ms = 50\n${load}` });
    browser = await Browser.start();
    const headers = { 'content-type': 'application/json', 'if-none-match': '*' };
    const body = JSON.stringify(tables(cells));
    assert.equal((await request(tagwire, '/api/v1/documents/dashboard/cells', { method: 'PUT', headers, body })).status, 201);
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  async function open(query, sign = '[data-quality=good]') {
    const { page, close } = await browser.page({ viewport: { width: 2560, height: 1440 } });
    await page.goto(`${tagwire.url}/?${query}`);
    await page.locator(sign).first().waitFor();
    return { page, close, cost: await PageCost.of(page) };
  }

  /// Rings of recorded values fill and caches warm up first; then nothing may grow.
  async function keepsMemory(cost, ms) {
    await sleep(5000);
    const first = await cost.kept();
    await sleep(ms);
    const last = await cost.kept();
    assert(last.heap - first.heap <= 2 * megabyte, `the heap grew from ${first.heap} to ${last.heap} bytes`);
    // What comes and goes with a value, such as the mark of a limit, is no growth.
    assert(last.nodes <= first.nodes + 20, `${first.nodes} nodes became ${last.nodes}`);
    assert(last.listeners <= first.listeners, `${first.listeners} listeners became ${last.listeners}`);
  }

  it(`an hour's changes leave nothing behind, and ${cells} cells at ${rate} Hz leave the browser two thirds of its time`, async () => {
    const { page, close, cost } = await open('page=dashboards&dashboard=cells');
    await eventually('all cells', async () => (await page.locator('[data-quality=good]').count()) === cells);
    await keepsMemory(cost, (changes / cells / rate) * 1000);
    const worked = await cost.mainThread(4000);
    assert(worked <= 350, `the main thread worked ${worked.toFixed(0)} ms in each second`);
    await close();
  });

  const pages = {
    'page=tags': '[data-quality=good]',
    'page=overview': '[data-quality=good]',
    'page=trends&pens=Load.T000001&pens=Load.T000002': 'main canvas',
    'page=diagnostics': '[data-testid=latency]',
  };
  for (const [query, sign] of Object.entries(pages)) {
    it(`${query} keeps its memory`, async () => {
      const { close, cost } = await open(query, sign);
      await keepsMemory(cost, 8000);
      await close();
    });
  }
});
