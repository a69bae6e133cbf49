/// The page of the audit log: what the API tells, a filter in the address, the file, the verdict.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { personAt } from './lib/person.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

describe('the page of the audit log', () => {
  let tagwire, browser, root, at;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
    root = await setUp(tagwire);
    for (const name of ['op1', 'op2', 'op3']) await root.addUser(name, 'operator');
    at = await personAt(browser, tagwire, 'root', 'page=audit');
  });
  after(async () => {
    await at?.close();
    await browser?.stop();
    await tagwire?.stop();
  });

  it('shows the entries, the latest first', async () => {
    await at.page.locator('[data-entry]').first().waitFor();
    await accessible(at.page);
    const shown = await at.page.locator('[data-entry]').evaluateAll((rows) => rows.map((row) => Number(row.dataset.entry)));
    const { entries } = await root.ok('/api/v1/audit?limit=100');
    const numbers = entries.map(({ n }) => n);
    assert.deepEqual(shown, numbers.filter((n) => shown.includes(n)));
    assert(shown.length >= 4);
  });

  it('filters, and the address shows the same again', async () => {
    const form = at.page.getByTestId('audit-filter');
    await form.getByLabel('Target or detail').fill('op2');
    await form.getByRole('button', { name: 'Show', exact: true }).click();
    const only = async (page) => (await page.locator('[data-entry]').count()) > 0 && (await page.locator('[data-entry]').allInnerTexts()).every((text) => text.includes('op2'));
    await eventually('only op2', () => only(at.page));
    assert.equal(new URL(at.page.url()).searchParams.get('audit-text'), 'op2');
    await at.page.reload();
    await eventually('only op2 again', () => only(at.page));
    const downloading = at.page.waitForEvent('download');
    await at.page.getByRole('link', { name: 'CSV' }).click();
    const csv = await readFile(await (await downloading).path(), 'utf8');
    assert(csv.startsWith('\ufeff') && csv.includes('op2') && !csv.includes('op3'), csv);
    await form.getByRole('button', { name: 'Show all' }).click();
    await eventually('all again', async () => !(await only(at.page)));
  });

  it('verifies the log, in words', async () => {
    await at.page.getByRole('button', { name: 'Verify the log' }).click();
    await at.page.locator('[data-verdict=intact]').waitFor();
    assert.match(await at.page.locator('[data-verdict=intact]').innerText(), /The log is intact: \d+ entries/);
  });
});
