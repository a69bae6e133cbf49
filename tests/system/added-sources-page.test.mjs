/// A newcomer adds a server by its address: from the first page to live values, with the mouse and by keyboard; with
/// security, whose certificate is trusted on the way; single nodes from the address space; and away again.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { makeCertificate } from './lib/certificates.mjs';
import { noSimulator, readByEverybody } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { freePort } from './lib/ports.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const variables = [
  { name: 'Level', type: 'Double', value: 1.5, unit: 'm', range: [0, 10] },
  { name: 'Limit', type: 'Double', value: 9 },
];
/// As a proxy marks what it passes on from another machine.
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };

describe('servers added on the page', () => {
  let peer, secure, tagwire, browser, folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-pki-'));
    const { uri, pem, key } = await makeCertificate(folder, 'server');
    const settings = { applicationUri: uri, certificateFile: pem, privateKeyFile: key, trustAll: true, anonymous: true, passwords: {} };
    [peer, secure] = await Promise.all([
      OpcUaPeer.start(variables),
      OpcUaPeer.startSecure({ ...settings, policies: ['Basic256Sha256', 'Aes256_Sha256_RsaPss'], modes: ['Sign', 'SignAndEncrypt'] }),
    ]);
    tagwire = await Tagwire.start({ config: noSimulator + readByEverybody });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await Promise.all([peer?.stop(), secure?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function open(query, options) {
    const opened = await browser.page(options);
    await opened.page.goto(`${tagwire.url}/?lang=en&${query}`);
    return opened;
  }

  const look = async (page, address) => {
    await page.getByLabel('Address').fill(address);
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByTestId('new-source').waitFor();
  };

  it('from an empty page to live values: five clicks after the address', async () => {
    const { page, close } = await open('page=sources');
    let clicks = 0;
    const click = async (locator) => {
      ++clicks;
      await locator.click();
    };
    await page.locator('main').getByRole('link', { name: 'Add a server' }).last().click();
    await page.getByLabel('Address').fill(`127.0.0.1:${peer.port}`);
    await click(page.getByRole('button', { name: 'Look' }));
    await page.locator('[data-way^="None"]').waitFor();
    await page.getByLabel('Name').fill('line');
    await click(page.locator('[data-way^="None"]'));
    await click(page.getByLabel('All variables of the server'));
    await click(page.getByRole('button', { name: 'Connect', exact: true }));
    await page.locator('[data-source=line][data-state=live]').waitFor({ timeout: 20_000 });
    await click(page.getByRole('link', { name: 'Tags', exact: true }));
    await page.locator('[data-tag="line.Level"][data-quality=good]').waitFor();
    assert.match(await page.locator('[data-tag="line.Level"]').innerText(), /1\.5/);
    await peer.write('Level', { value: 7.25 });
    await page.locator('[data-tag="line.Level"]', { hasText: '7.25' }).waitFor();
    assert(clicks <= 5, `${clicks} clicks`);
    await close();
  });

  it('with security: the certificate is trusted on the way', async () => {
    const { page, close } = await open('page=sources&section=add');
    await look(page, secure.endpoint);
    const ways = await Promise.all((await page.locator('[data-way]').all()).map((each) => each.getAttribute('data-way')));
    assert.equal(ways[0], 'Aes256_Sha256_RsaPss SignAndEncrypt');
    await accessible(page);
    const shown = (await page.getByTestId('new-source').innerText()).replaceAll(/\s/g, '').toLowerCase();
    const certificate = page.locator('[data-certificate]');
    const fingerprint = await certificate.getAttribute('data-certificate');
    assert(shown.includes(fingerprint), 'the whole fingerprint can be read');
    await page.getByLabel('Name').fill('safe');
    await page.getByLabel('All variables of the server').check();
    await page.getByRole('button', { name: 'Trust and connect', exact: true }).click();
    await page.locator('[data-source=safe][data-state=live]').waitFor({ timeout: 20_000 });
    const { trusted } = (await get(tagwire, '/api/v1/opcua/certificates')).json();
    assert.deepEqual(trusted.map((each) => each.fingerprint), [fingerprint]);
    await close();
  });

  it('single nodes from the address space', async () => {
    // The page may ask before the source has connected.
    const { page, close } = await open('page=sources&section=add', { allow: /status of 502/ });
    await look(page, peer.endpoint);
    await page.locator('[data-way^="None"]').click();
    await page.getByLabel('Name').fill('few');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await eventually('the address space', () => new URL(page.url()).searchParams.get('source') === 'few');
    await eventually('it is live', async () => (await get(tagwire, '/api/v1/sources/few')).json().state === 'live', { timeout: 20_000 });
    await page.goto(`${tagwire.url}/?lang=en&page=space&source=few&pick=${encodeURIComponent(peer.node('Limit'))}`);
    const now = page.getByRole('button', { name: 'Add to few' });
    await now.click();
    await page.getByRole('link', { name: 'See the tags' }).click();
    await page.locator('[data-tag="few.Limit"][data-quality=good]').waitFor({ timeout: 20_000 });
    await close();
  });

  it('what is wrong is said beside the form, which keeps what was typed', async () => {
    const { page, close } = await open('page=sources&section=add', { allow: /status of (400|502)/ });
    await page.getByLabel('Address').fill(`127.0.0.1:${await freePort()}`);
    await page.getByRole('button', { name: 'Look' }).click();
    assert.match(await page.locator('form [role=alert]').innerText(), /127\.0\.0\.1/);
    await look(page, peer.endpoint);
    await page.locator('[data-way^="None"]').click();
    await page.getByLabel('Name').fill('line');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    assert.match(await page.locator('form [role=alert]').innerText(), /line/);
    assert.equal(await page.getByLabel('Name').inputValue(), 'line');
    await close();
  });

  it('removed again', async () => {
    const { page, close } = await open('page=sources');
    const row = page.locator('[data-source=line]');
    await row.getByRole('button', { name: 'line' }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.locator('[data-source=line][data-state=stopped]').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await close();
  });

  it('on a phone, in Chinese, dark', async () => {
    const { page, close } = await open('page=sources&section=add&lang=zh&theme=dark', { viewport: { width: 390, height: 844 } });
    await page.goto(`${tagwire.url}/?lang=zh&theme=dark&page=sources&section=add`);
    await page.getByLabel('地址').fill(peer.endpoint);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByTestId('new-source').waitFor();
    await accessible(page);
    await close();
  });

  it('from another machine: why not, and where', async () => {
    const { page, close } = await open('page=sources&section=add', { extraHTTPHeaders: fromElsewhere, allow: /status of 401/ });
    await page.getByLabel('Address').fill(peer.endpoint);
    await page.getByRole('button', { name: 'Look' }).click();
    await page.locator('[data-forbidden]').waitFor();
    await close();
  });
});
