/// The page of users: added, changed, disabled, removed, and what that is worth at the API.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { login, loginRequest, passwordOf, setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { personAt } from './lib/person.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

describe('the page of users', () => {
  let tagwire, browser, root, at;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
    root = await setUp(tagwire);
    at = await personAt(browser, tagwire, 'root', 'page=users');
  });
  after(async () => {
    await at?.close();
    await browser?.stop();
    await tagwire?.stop();
  });

  const row = (name) => at.page.locator(`[data-user="${name}"]`);
  const dialog = () => at.page.getByRole('dialog');
  const gone = () => dialog().waitFor({ state: 'detached' });

  it('adds a user, who can log in and sees what was given', async () => {
    await accessible(at.page);
    await at.page.getByRole('button', { name: 'Add a user…' }).click();
    await accessible(at.page);
    await dialog().getByLabel('Name', { exact: true }).fill('op1');
    await dialog().getByLabel('New password').fill(passwordOf('op1'));
    await dialog().getByLabel('Repeat it').fill(passwordOf('op1'));
    await dialog().getByRole('combobox').selectOption('operator');
    await dialog().getByLabel('Tags to read').fill('Random.**');
    await dialog().getByLabel('Tags to write').fill('Random.Int4\nRandom.Int2');
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await gone();
    await row('op1').waitFor();
    const { session } = await login(tagwire, 'op1');
    assert.deepEqual([session.role, session.read, session.write], ['operator', ['Random.**'], ['Random.Int4', 'Random.Int2']]);
  });

  it('says what the server refuses, and keeps what was typed', async () => {
    at.page.removeAllListeners('console');
    await at.page.getByRole('button', { name: 'Add a user…' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('op1');
    await dialog().getByLabel('New password').fill(passwordOf('other'));
    await dialog().getByLabel('Repeat it').fill(passwordOf('other'));
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await dialog().getByRole('alert').waitFor();
    assert.equal(await dialog().getByLabel('Name', { exact: true }).inputValue(), 'op1');
    await at.page.keyboard.press('Escape');
    await gone();
  });

  it('changes and disables a user, whose sessions end', async () => {
    const before = await login(tagwire, 'op1');
    await row('op1').getByRole('button', { name: 'Edit…' }).click();
    await dialog().getByLabel('Disabled: cannot log in').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await gone();
    await eventually('disabled in the table', async () => /Disabled/.test(await row('op1').innerText()));
    assert.equal((await before.request('/api/v1/account/sessions')).status, 401);
    assert.equal((await loginRequest(tagwire, 'op1')).status, 401);
  });

  it('asks before a user is removed, and does not offer to remove oneself', async () => {
    assert(await row('root').getByRole('button', { name: 'Remove…' }).isDisabled());
    await row('op1').getByRole('button', { name: 'Remove…' }).click();
    assert.equal(await at.page.evaluate('document.activeElement.textContent.trim()'), 'Cancel');
    await dialog().getByRole('button', { name: 'Remove', exact: true }).click();
    await row('op1').waitFor({ state: 'detached' });
    assert.deepEqual((await root.ok('/api/v1/users')).users.map(({ name }) => name), ['root']);
  });
});
