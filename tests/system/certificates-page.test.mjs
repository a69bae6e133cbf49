/// The page of certificates: our own one, decisions about others with the keyboard alone, and what somebody sees who is
/// not on the server's own machine.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, readByEverybody } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const route = '/api/v1/opcua/certificates';
/// As a proxy marks what it passes on from another machine.
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };
const grouped = (fingerprint) => fingerprint.toUpperCase().match(/.{4}/g).join(' ');
const fingerprintOf = (der) => new X509Certificate(der).fingerprint256.replaceAll(':', '').toLowerCase();

describe('the page of certificates', () => {
  let tagwire, browser;
  before(async () => {
    tagwire = await Tagwire.start({ config: noSimulator + readByEverybody });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  const list = async () => (await get(tagwire, route)).json();

  async function open({ lang = 'en', certificate = '', ...options } = {}) {
    const opened = await browser.page(options);
    await opened.page.goto(`${tagwire.url}/?page=sources&section=certificates&lang=${lang}&certificate=${certificate}`);
    return opened;
  }

  const focused = (page) => page.evaluate('document.activeElement.textContent.trim()');

  /// Presses Tab until the focus is on something that begins with `text`.
  async function tabTo(page, text) {
    for (let i = 0; i < 60; ++i) {
      if ((await focused(page)).startsWith(text)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab never comes to ${text}`);
  }

  for (const [lang, viewport] of [['en', { width: 1440, height: 900 }], ['zh', { width: 390, height: 844 }]]) {
    it(`shows our own certificate and that none waits (${lang})`, async () => {
      const { own, problem, rejected, folder } = await list();
      assert.equal(problem, undefined);
      assert.deepEqual(rejected, []);
      const { page, close } = await open({ lang, viewport });
      const card = page.locator(`.own [data-certificate="${own.fingerprint}"]`);
      await card.waitFor();
      const text = await card.innerText();
      assert(text.includes(grouped(own.fingerprint)), text);
      assert(text.includes(own.applicationUri), text);
      for (const host of own.hosts) assert(text.includes(host), text);
      assert((await page.locator('.own').innerText()).includes(folder));
      const none = lang === 'zh' ? '没有等待决定的证书' : 'No certificate waits for a decision';
      assert.equal(await page.locator('.rejected h2').innerText(), none);
      await accessible(page);
      await close();
    });
  }

  it('gives our own certificate away as a file', async () => {
    const { own } = await list();
    const { page, close } = await open();
    const downloading = page.waitForEvent('download');
    await page.locator('.own a[download]').click();
    const download = await downloading;
    assert.equal(download.suggestedFilename(), 'tagwire.der');
    assert.equal(fingerprintOf(await readFile(await download.path())), own.fingerprint);
    await close();
  });

  it('trusts, rejects and forgets a certificate, by keyboard', async () => {
    const other = await Tagwire.start({ config: noSimulator });
    const der = (await get(other, `${route}/own.der`)).bytes;
    await other.stop();
    const fingerprint = fingerprintOf(der);
    const folder = path.join((await list()).folder, 'rejected', 'certs');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'met before.der'), der);

    const { page, close } = await open({ certificate: fingerprint });
    const card = (section) => page.locator(`.${section} [data-certificate="${fingerprint}"]`);
    await card('rejected').waitFor();
    assert.equal(await page.evaluate('document.activeElement.dataset.certificate'), fingerprint, 'the link leads to the card');
    await accessible(page);

    await tabTo(page, 'Trust…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    assert((await dialog.innerText()).includes(grouped(fingerprint)));
    assert.equal(await focused(page), 'Cancel', 'the harmless answer has the focus');
    await accessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.match(await focused(page), /^Trust…/, 'the focus is back');
    assert.equal((await list()).rejected.length, 1, 'nothing was decided');

    const decide = async (button, confirm) => {
      await tabTo(page, button);
      await page.keyboard.press('Enter');
      if (!confirm) return;
      await dialog.waitFor();
      await tabTo(page, confirm);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
    };
    const notice = (text) => eventually(text, async () => (await focused(page)).includes(text));
    const fingerprints = (certificates) => certificates.map((certificate) => certificate.fingerprint);

    await decide('Trust…', 'It is the same');
    await notice('is trusted');
    await card('trusted').waitFor();
    assert.deepEqual(fingerprints((await list()).trusted), [fingerprint]);
    await decide('Reject…', 'Reject');
    await notice('not trusted any more');
    await card('rejected').waitFor();
    assert.deepEqual(fingerprints((await list()).rejected), [fingerprint]);
    await decide('Forget');
    await notice('is forgotten');
    const { trusted, rejected } = await list();
    assert.deepEqual([trusted, rejected], [[], []]);
    await close();
  });

  it('says so when the certificate of a link is gone', async () => {
    const { page, close } = await open({ certificate: 'ab'.repeat(32) });
    const notice = page.locator('[data-notice]');
    await notice.waitFor();
    assert.match(await notice.innerText(), /not listed any more/);
    await close();
  });

  for (const lang of ['en', 'zh']) {
    it(`explains to somebody elsewhere where the page works (${lang})`, async () => {
      assert.equal((await get(tagwire, route, { headers: fromElsewhere })).status, 401);
      const { page, close } = await open({ lang, extraHTTPHeaders: fromElsewhere, allow: /status of 401/ });
      const explanation = page.locator('[data-forbidden]');
      await explanation.waitFor();
      const text = await explanation.innerText();
      assert(text.includes(`${tagwire.url}/?page=sources&section=certificates`), text);
      assert.match(text, lang === 'zh' ? /服务器本机/ : /own machine/);
      assert.equal(await page.locator('[data-certificate]').count(), 0);
      await accessible(page);
      await close();
    });
  }
});
