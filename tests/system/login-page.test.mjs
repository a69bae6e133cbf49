/// Logging in on the pages: the first administrator by the link, in place, wrong passwords, what ends, logging out.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { fromElsewhere, login, passwordOf, setUp, setUpSecret } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { fillLogin, personAt, refusals } from './lib/person.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

describe('the link of the console', () => {
  let tagwire, browser;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  it('makes the first administrator, and its secret stays nowhere', async () => {
    const secret = await setUpSecret(tagwire);
    const { page, requests, close } = await browser.page();
    await page.goto(`${tagwire.url}/setup?lang=en#${secret}`);
    await page.getByTestId('set-up').waitFor();
    assert(!page.url().includes(secret), page.url());
    await accessible(page);
    await page.getByLabel('User name').fill('root');
    await page.getByLabel('New password').fill(passwordOf('root'));
    await page.getByLabel('Repeat it').fill(passwordOf('root'));
    await page.getByRole('button', { name: 'Create and log in' }).click();
    await page.getByTestId('user').waitFor();
    assert.match(await page.getByTestId('user').innerText(), /root/);
    await page.getByRole('link', { name: 'Users', exact: true }).waitFor();
    for (const url of requests.slice(1)) assert(!url.includes(secret), url);
    await page.goto(`${tagwire.url}/setup?lang=en#${secret}`);
    await page.getByRole('heading', { name: 'This is done already' }).waitFor();
    await close();
  });
});

describe('logging in', () => {
  let tagwire, browser, root;
  before(async () => {
    tagwire = await Tagwire.start();
    browser = await Browser.start();
    root = await setUp(tagwire);
    await root.addUser('guest', 'viewer');
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  it('is all that somebody elsewhere sees, and leads on to the page of the address', async () => {
    const { page, close } = await browser.page({ extraHTTPHeaders: fromElsewhere, allow: refusals });
    await page.goto(`${tagwire.url}/?lang=en&page=tags&q=Random.Int4`);
    await page.getByTestId('login').waitFor();
    assert.equal(await page.locator('[data-tag]').count(), 0);
    await accessible(page);
    await fillLogin(page, 'guest', 'a wrong password');
    assert.match(await page.getByRole('alert').filter({ hasText: 'wrong' }).innerText(), /name or the password is wrong/);
    await fillLogin(page, 'guest');
    await page.locator('[data-tag="Random.Int4"][data-quality=good]').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('q'), 'Random.Int4');
    assert.equal(await page.getByRole('link', { name: 'Users', exact: true }).count(), 0, 'a viewer');
    await close();
  });

  it('is asked for again in place when the session ends, without a storm', async () => {
    const { page, requests, close } = await personAt(browser, tagwire, 'guest', 'page=tags', { extraHTTPHeaders: {}, allow: refusals });
    const { sessions } = await root.ok('/api/v1/sessions');
    const mine = sessions.filter(({ user }) => user === 'guest').at(-1);
    for (const { id, user } of sessions) if (user === 'guest') await root.ok(`/api/v1/sessions/${id}`, { method: 'DELETE' });
    assert(mine);
    await page.getByRole('dialog').waitFor();
    assert.match(await page.getByRole('dialog').innerText(), /has ended/);
    const sockets = () => requests.filter((url) => url.startsWith('ws')).length;
    const before = sockets();
    await page.waitForTimeout(3000);
    assert(sockets() - before <= 1, 'reconnections');
    await fillLogin(page, 'guest');
    await page.getByTestId('user').waitFor();
    await page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
    await close();
  });

  it('ends by logging out', async () => {
    const { page, close } = await personAt(browser, tagwire, 'guest', 'page=tags');
    await page.getByTestId('user').click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByTestId('log-in').waitFor();
    await eventually('no session of guest by this browser', async () => {
      const session = await page.evaluate(async () => (await fetch('api/v1/session')).json());
      return session.kind === 'anonymous';
    });
    await close();
  });

  it('somebody else finds nothing of the one before', async () => {
    assert.equal((await login(tagwire, 'guest')).session.role, 'viewer');
    const { page, close } = await personAt(browser, tagwire, 'guest', 'page=users', { allow: refusals });
    await page.getByTestId('barred').waitFor();
    assert.match(await page.getByTestId('barred').innerText(), /Viewer[\s\S]*Administrator/);
    assert.equal(await page.locator('[data-user]').count(), 0);
    await close();
  });
});
