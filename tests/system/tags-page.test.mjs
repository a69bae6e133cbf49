/// The page of tags: a table of a hundred thousand, its columns, the file of what it shows, and what becomes of the
/// ticked tags.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const many = 100_000;

describe('the page of tags', () => {
  let tagwire, browser;
  before(async () => {
    tagwire = await Tagwire.start({ config: `[simulator]\nload_tags = ${many}\nload_rate_hz = 0.1` });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  async function open(query, options) {
    const opened = await browser.page({ viewport: { width: 1440, height: 900 }, ...options });
    await opened.page.goto(`${tagwire.url}/?lang=en&page=tags&${query}`);
    await opened.page.locator('[data-tag][data-quality=good]').first().waitFor({ timeout: 30_000 });
    return opened;
  }

  it('draws no more rows of a hundred thousand than fit, and finds one of them', async () => {
    const { page, close } = await open('group=none');
    await eventually('all are there', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > many, { timeout: 30_000 });
    const rows = page.locator('[data-tag]');
    assert((await rows.count()) < 80, `${await rows.count()} rows`);
    await rows.first().focus();
    await page.keyboard.press('End');
    await eventually('the last row', async () => (await rows.evaluateAll((all) => all.map((each) => each.getAttribute('aria-rowindex')))).includes(await page.getByRole('grid').getAttribute('aria-rowcount')));
    assert((await rows.count()) < 80);
    await page.getByPlaceholder('Search tags').fill('T099999');
    await page.locator('[data-tag="Load.T099999"][data-quality=good]').waitFor();
    assert.equal(await rows.count(), 1);
    await close();
  });

  it('has the columns that the reader chooses, and the address keeps them', async () => {
    const { page, close } = await open('q=Random');
    const head = (name) => page.getByRole('columnheader', { name });
    await head('Description').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByTestId('columns').getByLabel('Description').uncheck();
    await page.getByTestId('columns').getByLabel('Last minute').uncheck();
    await head('Description').waitFor({ state: 'hidden' });
    await accessible(page);
    assert.equal(new URL(page.url()).searchParams.get('hide'), 'description,spark');
    await page.reload();
    await page.locator('[data-tag="Random.Int1"][data-quality=good]').waitFor();
    assert(!(await head('Description').isVisible()));
    assert(!(await head('Last minute').isVisible()));
    await close();
  });

  it('says which of the chosen columns have no room, as wide as the window is', async () => {
    const { page, close } = await open('q=Random&hide=time');
    const column = (name) => page.getByTestId('columns').getByRole('checkbox', { name, exact: true });
    await page.getByRole('button', { name: 'Columns' }).click();
    await column('Source time').check();
    await column('Source time no room at this width').waitFor();
    assert.equal(await page.getByTestId('columns').getByText('no room').count(), 1);
    const { x, width } = await page.getByTestId('columns').boundingBox();
    assert(x >= 0 && x + width <= 1440, `${x} + ${width} px`);
    await accessible(page);
    await page.setViewportSize({ width: 1680, height: 900 });
    await column('Source time').waitFor();
    await page.getByRole('columnheader', { name: 'Source time' }).waitFor();
    await close();
  });

  it('saves what it shows as a table', async () => {
    const { page, close } = await open('q=Random.*');
    const shown = await page.locator('[data-tag]').evaluateAll((all) => all.map((each) => each.dataset.tag));
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /CSV/ }).click();
    const text = await readFile(await (await downloading).path(), 'utf8');
    assert.equal(text.charCodeAt(0), 0xfeff, 'byte order mark');
    // Arrays have commas of their own, and stand in quotation marks.
    const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field);
    const lines = text.slice(1).trimEnd().split('\r\n').slice(1).map(fields);
    assert.deepEqual(lines.map(([tag]) => tag).toSorted(), shown.toSorted());
    for (const [tag, , value, , quality] of lines) assert(value !== '' && (quality === 'good' || tag === 'Random.Qualities'), `${tag}: ${value}, ${quality}`);
    await close();
  });

  it('makes a dashboard of the ticked tags', async () => {
    const { page, close } = await open('q=Random.*&pens=Random.Int1&pens=Random.Real8');
    await page.getByRole('button', { name: 'Ticked: 2' }).click();
    await page.getByRole('button', { name: 'Put on a dashboard' }).click();
    await eventually('the dashboard', () => new URL(page.url()).searchParams.get('dashboard'));
    await page.locator('[data-quality=good]').first().waitFor();
    await close();
  });
});
