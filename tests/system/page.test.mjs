/// The page itself on the simulator: both languages, both themes, desk and phone: no console error, no external request
/// (lib/browser.mjs), nothing that assistive technology stumbles over, nothing wider than the screen.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { get } from './lib/http.mjs';
import { TagTable } from './lib/tag-table.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/// What each page shows once it has something to show; some with more of their address.
const shown = {
  overview: '[data-unit] [data-tag][data-quality=good]',
  screens: '[data-screen=demo-overview]',
  'screens&screen=demo-overview': '[data-element=power][data-quality=good]',
  'screens&screen=demo-distillation': '[data-element=C-101][data-quality=good]',
  'screens&screen=demo-reaction&element=R-201': '[data-testid=faceplate] [data-quality=good]',
  dashboards: '[data-empty]',
  tags: '[data-tag][data-quality=good]',
  trends: '[data-pen]',
  space: 'main h2',
  sources: '[data-source][data-state=live]',
  designer: '[data-testid=designer-canvas]',
  'designer&screen=demo-reaction': '[data-element=R-201]',
  diagnostics: 'article[data-source][data-state=live]',
};

describe('the page', () => {
  let tagwire, browser;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  for (const lang of ['en', 'zh']) {
    for (const theme of ['light', 'dark']) {
      for (const [size, viewport] of Object.entries({ desk, phone })) {
        for (const name of Object.keys(shown)) {
          it(`${name} ${lang} ${theme} ${size}`, async () => {
            const { page, close } = await browser.page({ viewport });
            await page.goto(`${tagwire.url}/?page=${name}&lang=${lang}&theme=${theme}`);
            await page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
            await page.locator(shown[name]).first().waitFor();
            assert.match(await page.evaluate('document.documentElement.lang'), new RegExp(`^${lang}`));
            await accessible(page);
            await close();
          });
        }
      }
    }
  }

  it('shows in time what REST says', async () => {
    const { page, close } = await browser.page();
    const table = await TagTable.open(page, tagwire, 'Bucket Brigade.Int4');
    const { row } = await table.until('Bucket Brigade.Int4', { quality: 'good' });
    const { values } = (await get(tagwire, '/api/v1/values?tags=Bucket%20Brigade.Int4')).json();
    assert.equal(Number(row.value.replaceAll(/[^\d.−-]/g, '').replace('−', '-')), values[0].v);
    await close();
  });

  it('shows in the row of a source what /metrics counts', async () => {
    const received = async () => Number(/source_updates_total\{source="simulator"\} (\d+)/.exec((await get(tagwire, '/metrics')).body)[1]);
    const { page, close } = await browser.page();
    await page.goto(`${tagwire.url}/?page=sources&lang=en`);
    const before = await received();
    await page.locator('[data-source=simulator]').getByRole('button').click();
    const row = page.locator('.numbers dl > div', { hasText: 'Values received' });
    const number = async () => Number((await row.locator('dd').innerText()).split(' ')[0].replaceAll(',', ''));
    const shown = await number();
    assert(shown >= before && shown <= (await received()), `${before} … ${shown}`);
    await eventually('it counts on', async () => (await number()) > shown);
    await close();
  });

  it('moves', async () => {
    const { page, close } = await browser.page();
    const table = await TagTable.open(page, tagwire, 'Random.Int4');
    const seen = new Set();
    await table.until('Random.Int4', { quality: 'good' });
    await eventually('five values', async () => seen.add((await table.read('Random.Int4')).value).size >= 5);
    await close();
  });

  it('a hidden page is current when it is seen again', async () => {
    const { page, close } = await browser.page();
    const table = await TagTable.open(page, tagwire, 'Random.Int4');
    await table.until('Random.Int4', { quality: 'good' });
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await sleep(2000);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    const before = (await table.read('Random.Int4')).value;
    await eventually('it moves again', async () => (await table.read('Random.Int4')).value !== before, { timeout: 3000 });
    await close();
  });
});
