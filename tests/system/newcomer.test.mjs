/// The first ten minutes of somebody new, with a mouse: from a fresh start, which shows the simulator, to the values of
/// an own OPC UA server on a dashboard, a screen and in a program of one's own; and what helps when it does not work.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { makeCertificate } from './lib/certificates.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { personAt } from './lib/person.mjs';
import { Program } from './lib/program.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const line = [
  { name: 'Flow', type: 'Double', value: 42.5, unit: 'm³/h', range: [0, 100], limits: { LowLimit: 20, HighLimit: 80 } },
  { name: 'Count', type: 'UInt32', value: 7 },
  { name: 'Running', type: 'Boolean', value: true, labels: ['Stopped', 'Running'] },
  { name: 'Mode', type: 'UInt32', value: 1, enums: ['Manual', 'Automatic'] },
  { name: 'Batch', type: 'String', value: 'B-17' },
];
/// The presses that the way may take at most once the host is typed.
const kPresses = 5;
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/// Counts what is really pressed, by pointer or key.
function countPresses(page) {
  return page.addInitScript(() => {
    globalThis.presses = 0;
    const count = () => globalThis.presses++;
    addEventListener('pointerdown', count, true);
    addEventListener('keydown', ({ key }) => (key === 'Enter' || key === ' ') && count(), true);
  });
}
const pressesOf = (page) => page.evaluate(() => globalThis.presses);

describe('a newcomer', () => {
  let peer, strict, tagwire, browser, folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-newcomer-'));
    const { uri, pem, key } = await makeCertificate(folder, 'line-server');
    const settings = {
      applicationUri: uri,
      certificateFile: pem,
      privateKeyFile: key,
      policies: ['None', 'Basic256Sha256', 'Aes256_Sha256_RsaPss'],
      modes: ['None', 'Sign', 'SignAndEncrypt'],
      anonymous: true,
      passwords: {},
      line,
    };
    [peer, strict] = await Promise.all([
      OpcUaPeer.startSecure({ ...settings, trustAll: true }),
      OpcUaPeer.startSecure({ ...settings, trustAll: false }),
    ]);
    // Nothing is configured but the port, which other tests on this machine may not share.
    tagwire = await Tagwire.start();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await Promise.all([peer?.stop(), strict?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function open(query, options = {}) {
    const opened = await browser.page({ viewport: desk, ...options });
    await countPresses(opened.page);
    await opened.page.goto(`${tagwire.url}/?lang=en&${query}`);
    return opened;
  }

  const button = (page, name) => page.getByRole('button', { name, exact: true });

  it('sees at once that something moves, and that it is simulated', async () => {
    const { page, close } = await open('');
    await page.getByText('SIMULATED', { exact: true }).waitFor();
    const figures = page.getByTestId('simulation');
    await eventually('tags, losses, latency', async () => /^[\d,]+ tags\s*0 lost\s*≤ \d+ ms$/.test((await figures.innerText()).trim()));
    await page.locator('main canvas').first().waitFor();
    await page.locator('[data-tag][data-quality=good]').first().waitFor();
    const values = () => page.locator('[data-tag] [data-live=value]').allInnerTexts();
    const before = await values();
    await eventually('several values move', async () => (await values()).filter((value, at) => value !== before[at]).length >= 3, { timeout: 5000 });
    await page.locator('[data-tag] [data-live=pointer]:not([hidden])').first().waitFor();
    await accessible(page);
    await page.getByPlaceholder('Search tags').fill('Random.Int1');
    await page.locator('[data-tag="Random.Int1"][data-quality=good]').waitFor();
    await close();
  });

  it('sees a gauge, and an alarm to be acknowledged, for which one has to say who one is', async () => {
    const { page, close } = await open('');
    const glance = page.getByTestId('glance');
    await glance.locator('[data-gauge] [data-needle]:not([hidden])').waitFor();
    assert.match(await glance.locator('[data-live=value]').innerText(), /\d/);
    const alarm = glance.locator('li', { hasText: 'S-301' });
    await alarm.waitFor({ timeout: 15_000 });
    assert.match(await alarm.innerText(), /Strainer S-301 of the cooling water is clogged[\s\S]*not acknowledged/);
    await accessible(page);
    await alarm.getByRole('button', { name: /^Log in to acknowledge: / }).click();
    await page.getByRole('dialog').waitFor();
    await close();
  });

  it(`has live values of an own server on a dashboard after at most ${kPresses} presses`, async (t) => {
    const begun = performance.now();
    const { page, close } = await open('');
    await page.getByRole('link', { name: 'Sources' }).first().click();
    await page.getByRole('link', { name: 'Add a server' }).first().click();
    await page.getByLabel('Address').fill(`127.0.0.1:${peer.port}`);
    const typed = await pressesOf(page);

    await button(page, 'Look').click();
    await page.getByTestId('new-source').waitFor();
    const ways = await page.locator('[data-way]').evaluateAll((all) => all.map((each) => each.dataset.way));
    assert.equal(ways[0], 'Aes256_Sha256_RsaPss SignAndEncrypt');
    assert.equal(ways.at(-1), 'None None');
    assert.match(await page.locator('[data-way]').first().innerText(), /Encrypted and signed.*strongest/s);
    const card = page.locator('[data-certificate]');
    for (const part of [/Fingerprint/, /Valid/, /Made for 127\.0\.0\.1/]) assert.match(await card.innerText(), part);
    await button(page, 'Reject').waitFor();
    await accessible(page);
    await button(page, 'Trust and connect').click();

    const folderRow = page.getByRole('treeitem', { name: 'Line1' });
    await folderRow.waitFor({ timeout: 20_000 });
    await folderRow.getByRole('checkbox', { includeHidden: true }).click();
    await page.locator('[data-testid=pick-budget][data-counting=false]').waitFor();
    assert.match(await page.getByTestId('pick-budget').innerText(), /^5 tags ≈ 0\.1 kB\/s$/);
    const source = await page.evaluate(() => new URL(location.href).searchParams.get('source'));
    await button(page, `Add to ${source}`).click();
    await button(page, 'Put on a dashboard').click({ timeout: 20_000 });
    await page.locator('[data-quality=good]', { hasText: '42.5' }).first().waitFor({ timeout: 20_000 });

    const presses = (await pressesOf(page)) - typed;
    const seconds = (performance.now() - begun) / 1000;
    t.diagnostic(`${presses} presses and ${seconds.toFixed(1)} s from the first page to the first live value on a dashboard`);
    assert(presses <= kPresses, `${presses} presses`);
    await peer.write('Flow', { value: 55.5 });
    await page.locator('[data-quality=good]', { hasText: '55.5' }).first().waitFor();
    await accessible(page);
    await close();
  });

  /// The source that the walk above has added, and the ticked folder.
  async function ticked() {
    const [{ n: source }] = (await get(tagwire, '/api/v1/sources')).json().sources.filter(({ kind, endpoint }) => kind === 'opcua' && endpoint?.endsWith(`:${peer.port}`));
    return { source, query: `page=space&source=${source}&pick=${encodeURIComponent(peer.node('Line1'))}` };
  }

  it('finds a widget that suits each type', async () => {
    const documents = (await get(tagwire, '/api/v1/documents/dashboard')).json().documents;
    const { tiles } = (await get(tagwire, `/api/v1/documents/dashboard/${documents[0].name}`)).json();
    const kinds = Object.fromEntries(tiles.filter(({ tags }) => tags.length === 1).map(({ kind, tags }) => [tags[0].split('.').at(-1), kind]));
    assert.deepEqual(kinds, { Flow: 'gauge', Count: 'sparkline', Running: 'lamp', Mode: 'value', Batch: 'value' });
    assert(tiles.some(({ kind, tags }) => kind === 'trend' && tags.length === 2));
  });

  for (const [language, command] of [
    ['curl', (code, file) => writeFile(file, code).then(() => ['bash', file])],
    ['JavaScript', (code, file) => writeFile(`${file}.mjs`, code).then(() => [process.execPath, `${file}.mjs`])],
    ['Python', (code, file) => writeFile(file, code).then(() => ['python3', file])],
  ]) {
    it(`takes the ticked tags along as ${language}, which runs`, async () => {
      const { query } = await ticked();
      const { page, close } = await open(query);
      await button(page, 'Copy as code').click({ timeout: 20_000 });
      await button(page, language).click();
      const code = await page.getByTestId('code').innerText();
      for (const { name } of line) assert(code.includes(`.Line1.${name}`), code);
      assert(!code.includes('Random.'), code);
      await accessible(page);
      await close();
      const [program, ...args] = await command(code, path.join(folder, language));
      const run = new Program(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }), language);
      try {
        await eventually(`${language} tells the values`, () => run.output.includes('Line1.Batch') && run.output.includes('B-17'));
        await peer.write('Batch', { value: `from ${language}` });
        await eventually(`${language} tells the change`, () => run.output.includes(`from ${language}`));
      } finally {
        await run.kill();
        await peer.write('Batch', { value: 'B-17' });
      }
    });
  }

  it('puts the ticked tags on a screen', async () => {
    const { query } = await ticked();
    const { page, close } = await open(query);
    await button(page, 'Put on a screen').click({ timeout: 20_000 });
    await page.locator('[data-element][data-quality=good]', { hasText: '55.5' }).first().waitFor({ timeout: 20_000 });
    await accessible(page);
    await close();
  });

  it('sees the limits that the server has, and what is beyond them', async () => {
    const { page, close } = await open('page=tags&q=Line1.Flow');
    const row = page.locator('[data-tag$="Line1.Flow"]');
    await row.locator('.band').waitFor();
    await peer.write('Flow', { value: 91 });
    await eventually('beyond the high limit', async () => /H/.test(await row.locator('[data-live=limit]').innerText()));
    await peer.write('Flow', { value: 42.5 });
    await eventually('within it', async () => (await row.locator('[data-live=limit]').innerText()) === '');
    await close();
  });

  it('reads in a strip how the link does, and what to do when it does not', async () => {
    const { query } = await ticked();
    const { page, close } = await open(query, { allow: /status of 502/ });
    const strip = page.getByTestId('strip');
    await strip.locator('[data-fact=publishing]').waitFor({ timeout: 20_000 });
    assert.match(await strip.locator('[data-fact=publishing]').innerText(), /\d+ ms/);
    assert.match(await strip.locator('[data-fact=overflows]').innerText(), /\b0$/);
    assert.match(await strip.locator('[data-fact=reconnects]').innerText(), /never|×/);
    await peer.kill();
    await strip.locator('[data-remedy=reach]').waitFor({ timeout: 20_000 });
    assert.match(await strip.locator('code').innerText(), /^Bad[A-Z]/);
    await accessible(page);
    await peer.launch();
    await page.locator('[data-testid=strip][data-state=live]').waitFor({ timeout: 30_000 });
    await eventually('the reconnection is counted', async () => /× *, last|×/.test(await strip.locator('[data-fact=reconnects]').innerText()));
    await close();
  });

  it('is led on when the server does not know Tagwire: our certificate, and it goes on by itself', async () => {
    const { page, close } = await open('page=sources&section=add', { allow: /status of 502/ });
    await page.getByLabel('Address').fill(`127.0.0.1:${strict.port}`);
    await button(page, 'Look').click();
    await page.getByLabel('Name').fill('strict');
    await button(page, 'Trust and connect').or(button(page, 'Connect')).click();
    await page.locator('[data-remedy=introduce]').waitFor({ timeout: 30_000 });
    await accessible(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download our certificate' }).click();
    const file = path.join(folder, 'tagwire.der');
    await (await downloading).saveAs(file);
    // Again and again: the server's own index of files may take a refusal that is under way for the later news.
    await eventually('it goes on by itself', async () => {
      await strict.trustClient(file);
      return page.getByRole('treeitem', { name: 'Line1' }).isVisible();
    }, { timeout: 30_000, every: 1000 });
    await close();
  });

  for (const [lang, theme, viewport] of [['zh', 'dark', desk], ['zh', 'light', phone], ['en', 'dark', phone]]) {
    it(`can use all that on ${viewport.width} px (${lang}, ${theme})`, async () => {
      const { query } = await ticked();
      const { page, close } = await open(query, { viewport });
      await page.goto(`${tagwire.url}/?${query}&lang=${lang}&theme=${theme}`);
      await page.getByTestId('use-tags').waitFor({ timeout: 20_000 });
      await accessible(page);
      await page.getByTestId('use-tags').getByRole('button').last().click();
      await page.getByTestId('code').waitFor();
      await sleep(100);
      await accessible(page);
      await close();
    });
  }

  describe('logged in by the link of the console', () => {
    before(() => setUp(tagwire));

    it('acknowledges the alarm of the first page by one press, and sees that it is', async (t) => {
      const { page, close } = await personAt(browser, tagwire, 'root', '', { viewport: desk });
      const glance = page.getByTestId('glance');
      const press = glance.locator('[data-step=acknowledge]').first();
      await press.waitFor({ timeout: 100_000 });
      const label = await press.getAttribute('aria-label');
      const name = /^Acknowledge: (.+)$/.exec(label)[1];
      const begun = performance.now();
      await press.click();
      const waiting = async () => {
        const { conditions } = (await get(tagwire, '/api/v1/sources/simulator/conditions')).json();
        return conditions.find((each) => `${each.name} ${each.condName}` === name && each.acked === false);
      };
      await eventually('the server says so', async () => !(await waiting()));
      await eventually('so does the page', async () => (await glance.getByRole('button', { name: label }).count()) === 0);
      t.diagnostic(`${(performance.now() - begun).toFixed(0)} ms from the press until the page shows it`);
      await page.getByText(`Acknowledged: ${name}`).waitFor({ state: 'attached' });
      await accessible(page);
      await close();
    });

    it('on a phone by a button for a thumb, and by keyboard', async () => {
      const { page, close } = await personAt(browser, tagwire, 'root', 'lang=zh', { viewport: phone });
      await page.goto(`${tagwire.url}/?lang=zh`);
      const press = page.getByTestId('glance').locator('[data-step]').first();
      await press.waitFor({ timeout: 100_000 });
      const { height } = await press.boundingBox();
      assert(height >= 44, `${height} px`);
      await accessible(page);
      await press.focus();
      const label = await press.getAttribute('aria-label');
      assert.match(label, /^(确认|核实)：/);
      await page.keyboard.press('Enter');
      await eventually('it is done', async () => (await page.getByTestId('glance').getByRole('button', { name: label, exact: true }).count()) === 0);
      await accessible(page);
      await close();
    });
  });
});
