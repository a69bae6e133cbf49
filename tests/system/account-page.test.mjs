/// Own account: a token that is shown once and works, revoked; the password; a session that is ended.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { bearer, login, loginRequest, passwordOf, setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { get } from './lib/http.mjs';
import { personAt, refusals } from './lib/person.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

describe('own account', () => {
  let tagwire, browser, at;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
    await (await setUp(tagwire)).addUser('op1', 'operator');
    at = await personAt(browser, tagwire, 'op1', 'page=account', { allow: refusals });
  });
  after(async () => {
    await at?.close();
    await browser?.stop();
    await tagwire?.stop();
  });

  const dialog = () => at.page.getByRole('dialog');

  it('makes a token, shows it once, and revokes it', async () => {
    await accessible(at.page);
    await at.page.getByRole('button', { name: 'Make a token…' }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('historian');
    await dialog().getByRole('button', { name: 'Make it' }).click();
    const secret = await at.page.getByTestId('secret').innerText();
    assert.match(secret, /^twt_/);
    await accessible(at.page);
    const session = async () => (await get(tagwire, '/api/v1/session', { headers: bearer(secret) })).json();
    const { kind, role, user } = await session();
    assert.deepEqual([kind, role, user], ['token', 'viewer', 'op1']);
    await dialog().getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert(!(await at.page.content()).includes(secret));
    await at.page.locator('[data-token=historian]').getByRole('button', { name: 'Revoke' }).click();
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await at.page.locator('[data-token=historian]').waitFor({ state: 'detached' });
    assert.equal((await get(tagwire, '/api/v1/account/tokens', { headers: bearer(secret) })).status, 401);
  });

  it('ends another of one\'s sessions', async () => {
    const other = await login(tagwire, 'op1');
    await at.page.reload();
    const rows = at.page.locator('[data-session]');
    await eventually('both sessions', async () => (await rows.count()) === 2);
    await rows.filter({ hasNotText: 'this one' }).getByRole('button', { name: 'End' }).click();
    await dialog().getByRole('button', { name: 'End' }).click();
    await eventually('one session', async () => (await rows.count()) === 1);
    assert.equal((await other.request('/api/v1/account/sessions')).status, 401);
  });

  it('changes the password', async () => {
    const form = at.page.getByTestId('own-password');
    const change = async (old) => {
      await form.getByLabel('Present password').fill(old);
      await form.getByLabel('New password').fill('another battery horse');
      await form.getByLabel('Repeat it').fill('another battery horse');
      await form.getByRole('button', { name: 'Change the password' }).click();
    };
    await change('not the password');
    await form.getByRole('alert').waitFor();
    assert.match(await form.getByRole('alert').innerText(), /present password is wrong/);
    await change(passwordOf('op1'));
    await form.getByRole('status').waitFor();
    assert.equal((await loginRequest(tagwire, 'op1')).status, 401);
    assert.equal((await loginRequest(tagwire, 'op1', 'another battery horse')).status, 200);
  });
});
