/// What stands around every page: the search of pages and tags by keyboard, alarm counts, kiosk, paper, what the address
/// keeps, and what is seen when a page cannot be loaded.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

describe('the shell', () => {
  let tagwire, browser;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  async function open(query, options) {
    const opened = await browser.page(options);
    await opened.page.goto(`${tagwire.url}/?lang=en&${query}`);
    await opened.page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
    return opened;
  }

  const parameters = (page) => new URL(page.url()).searchParams;
  const focused = (page) => page.evaluate('document.activeElement.tagName');

  it('leads to every page by its link, and Back leads back', async () => {
    const { page, close } = await open('page=tags');
    const names = await page.locator('nav[aria-label=Pages] a').allInnerTexts();
    assert.deepEqual(names, ['Overview', 'Screens', 'Dashboards', 'Trends', 'Tags', 'Address space', 'Sources', 'Designer', 'Diagnostics']);
    for (const name of names) {
      await page.getByRole('link', { name, exact: true }).first().click();
      await eventually(name, async () => (await page.title()).startsWith(name));
    }
    await page.goBack();
    await eventually('Designer', async () => (await page.title()).startsWith('Designer'));
    await close();
  });

  it('Ctrl-K finds a tag and shows its row', async () => {
    const { page, close } = await open('page=overview');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('dialog').getByRole('combobox');
    await field.waitFor();
    assert.equal(await focused(page), 'INPUT');
    await page.keyboard.type('Random.Int4');
    await page.locator('[data-entry="Random.Int4"][aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-tag="Random.Int4"][data-quality=good]').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.deepEqual([parameters(page).get('page'), parameters(page).get('q')], [null, 'Random.Int4']);
    await close();
  });

  it('Ctrl-K finds a page, walks with arrows, and Esc gives the focus back', async () => {
    const { page, close } = await open('page=tags');
    await page.getByRole('button', { name: 'Search pages and tags' }).click();
    await page.keyboard.type('s');
    const selected = page.locator('[role=option][aria-selected=true]');
    const first = await selected.getAttribute('data-entry');
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await selected.getAttribute('data-entry'), first);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await focused(page), 'BUTTON');
    await page.keyboard.press('Control+k');
    await eventually('the field has the focus', async () => (await focused(page)) === 'INPUT');
    await page.keyboard.type('证书');
    await page.locator('[data-entry="sources/certificates"]').waitFor();
    await page.keyboard.press('Enter');
    await eventually('the certificates', async () => parameters(page).get('section') === 'certificates');
    await close();
  });

  it('Ctrl-K loses nothing that is typed while the search is being loaded', async () => {
    const { page, close } = await open('page=overview');
    await page.route(/SearchPalette.*\.js$/, async (route) => {
      await sleep(500);
      await route.continue();
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Random.Int');
    const field = page.getByRole('dialog').getByRole('combobox');
    await field.waitFor();
    await page.keyboard.type('4');
    assert.equal(await field.inputValue(), 'Random.Int4');
    await page.locator('[data-entry="Random.Int4"][aria-selected=true]').waitFor();
    await close();
  });

  it('Shift+Enter adds the tag to the trend', async () => {
    const { page, close } = await open('page=trends&pens=Random.Int2');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('Random.Int4');
    await page.locator('[data-entry="Random.Int4"][aria-selected=true]').waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.locator('[data-pen="Random.Int4"]').waitFor();
    assert.deepEqual(parameters(page).getAll('pens'), ['Random.Int2', 'Random.Int4']);
    await close();
  });

  it('a kiosk has no controls and goes from page to page; Esc ends it', async () => {
    const { page, close } = await open('page=overview&kiosk=1&cycle=5');
    await page.locator('[data-unit]').first().waitFor();
    assert.equal(await page.locator('nav[aria-label=Pages]').count(), 0);
    assert.equal(await page.locator('header button').count(), 0);
    assert(await page.getByTestId('alarm-counts').isVisible());
    await eventually('the next page', async () => parameters(page).get('page') === 'trends', { timeout: 9000 });
    await page.keyboard.press('Escape');
    await page.locator('nav[aria-label=Pages]').waitFor();
    assert.equal(parameters(page).get('kiosk'), null);
    await close();
  });

  it('on paper the whole page stands, without navigation', async () => {
    const { page, close } = await open('page=overview');
    await page.locator('[data-unit]').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('nav[aria-label=Pages]').isVisible(), false);
    const cut = await page.evaluate(`(() => {
      const last = [...document.querySelectorAll('[data-unit]')].at(-1).getBoundingClientRect();
      return last.bottom > document.documentElement.scrollHeight;
    })()`);
    assert.equal(cut, false, 'the last unit is within the paper');
    await close();
  });

  it('a page that cannot be loaded says so, and the rest goes on', async () => {
    const opened = await browser.page({ allow: /ERR_FAILED/ });
    const { page, close } = opened;
    await page.route('**/assets/DiagnosticsPage-*.js', (route) => route.abort());
    await page.goto(`${tagwire.url}/?lang=en&page=diagnostics`);
    const failure = page.getByTestId('page-failure');
    await failure.waitFor();
    assert.match(await failure.innerText(), /does not work[\s\S]*Cause:/);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.locator('[data-unit]').first().waitFor();
    await close();
  });
});
