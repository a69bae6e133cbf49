/// The page of the address space: the tree by keyboard, a node as it is now, search, and lines of configuration that are
/// good: the program takes them, and the tags are there.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa, readByEverybody } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { freePort } from './lib/ports.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const variables = [
  { name: 'Level', type: 'Double', value: 1.5, unit: 'm', range: [0, 10], limits: { LowLimit: 1, HighLimit: 9 } },
  { name: 'Say "hi"', type: 'Int32', value: 7 },
];
/// As a proxy marks what it passes on from another machine.
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };

describe('the page of the address space', () => {
  let peer, tagwire, browser, away;
  before(async () => {
    peer = await OpcUaPeer.start(variables);
    away = `opc.tcp://127.0.0.1:${await freePort()}`;
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, { 'Own.Level': peer.node('Level') }) + readByEverybody });
    await eventually('the source is live', async () => (await get(tagwire, '/api/v1/sources/plc')).json().state === 'live', { timeout: 20_000 });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await peer?.stop();
  });

  async function open({ query = '', lang = 'en', ...options } = {}) {
    const opened = await browser.page(options);
    await opened.page.goto(`${tagwire.url}/?page=space&lang=${lang}&${query}`);
    return opened;
  }

  const item = (page, node) => page.locator(`[role=treeitem][data-node="${node.replaceAll('"', '\\"')}"]`);
  const parameters = (page) => new URL(page.url()).searchParams;

  for (const [lang, viewport] of [['en', { width: 1440, height: 900 }], ['zh', { width: 390, height: 844 }]]) {
    it(`shows the tree, a node and what is ticked (${lang})`, async () => {
      const node = encodeURIComponent(peer.node('Level'));
      const { page, close } = await open({ lang, viewport, query: `node=${node}&pick=${node}` });
      await item(page, 'i=2253').waitFor();
      await page.locator('[data-testid=node] output').waitFor();
      await page.getByTestId('config-lines').waitFor();
      await page.locator('[data-pick] .number', { hasText: '0 … 10' }).waitFor();
      await page.locator('[data-limits] input').first().waitFor();
      await accessible(page);
      await close();
    });
  }

  it('walks, opens, shows and ticks by keyboard', async () => {
    const { page, close } = await open();
    await item(page, 'i=2253').focus();
    await page.keyboard.press('ArrowRight');
    await item(page, 'i=2256').waitFor();
    assert.equal(await item(page, 'i=2253').getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate('document.activeElement.ariaLevel'), '2');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.evaluate('document.activeElement.dataset.node'), 'i=2253');
    await page.keyboard.press('ArrowLeft');
    await item(page, 'i=2256').waitFor({ state: 'detached' });
    await item(page, peer.node('Level')).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=node] h2', { hasText: 'Level' }).waitFor();
    assert.equal(parameters(page).get('node'), peer.node('Level'));
    await page.keyboard.press(' ');
    await page.getByTestId('config-lines').waitFor();
    assert.deepEqual(parameters(page).getAll('pick'), [peer.node('Level')]);
    assert.equal(await item(page, peer.node('Level')).getAttribute('aria-selected'), 'true');
    await page.keyboard.press(' ');
    await page.getByTestId('picks').waitFor({ state: 'detached' });
    await close();
  });

  it('shows a value as it changes, with its unit and range', async () => {
    const { page, close } = await open({ query: `node=${encodeURIComponent(peer.node('Level'))}` });
    const value = page.locator('[data-testid=node] output');
    for (const next of [2.5, 3.25]) {
      await peer.write('Level', { value: next });
      await eventually(`${next}`, async () => (await value.innerText()) === String(next));
    }
    const text = await page.getByTestId('node').innerText();
    for (const part of [peer.node('Level'), 'Double', 'read, write', '0 … 10']) assert(text.includes(part), text);
    await close();
  });

  it('finds nodes by a part of their names, and the address keeps it', async () => {
    const { page, close } = await open();
    await page.getByPlaceholder('Search by a part of the name').fill('EVE');
    await page.keyboard.press('Enter');
    const hit = page.locator('li[data-node]', { hasText: 'Level' }).first();
    await hit.waitFor();
    assert.equal(parameters(page).get('find'), 'EVE');
    await page.reload();
    await hit.waitFor();
    await hit.getByRole('checkbox').check();
    await page.getByTestId('config-lines').waitFor();
    await page.getByRole('button', { name: 'Back to the tree' }).click();
    await item(page, 'i=2253').waitFor();
    await close();
  });

  it('gives lines of configuration that make tags', async () => {
    const picks = variables.map(({ name }) => `pick=${encodeURIComponent(peer.node(name))}`).join('&');
    const { page, close } = await open({ query: picks });
    const lines = page.getByTestId('config-lines');
    await eventually('two tags', async () => (await lines.innerText()).split('[[opcua.tags]]').length === 3);
    await writeFile(tagwire.file, `${await readFile(tagwire.file, 'utf8')}\n${await lines.innerText()}`);
    await close();
    await tagwire.restartHard();
    const values = () => get(tagwire, '/api/v1/values?tags=Level,Say%20%22hi%22').then((answer) => answer.json().values);
    await eventually('both tags are there', async () => (await values()).length === 2 && (await values()).every(({ q }) => !q));
    assert.equal((await values())[1].v, 7);
    await eventually('the source is live', async () => (await get(tagwire, '/api/v1/sources/plc')).json().state === 'live');
  });

  it('proposes the limits of the server, and takes others instead', async () => {
    const added = { name: 'line', endpoint: peer.endpoint, policy: 'none', prefix: 'line', tags: [{ name: 'Other', node: peer.node('Say "hi"') }] };
    await request(tagwire, '/api/v1/opcua/sources', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(added) });
    await eventually('the source is live', async () => (await get(tagwire, '/api/v1/sources/line')).json().state === 'live', { timeout: 20_000 });
    const { page, close } = await open({ query: `source=line&pick=${encodeURIComponent(peer.node('Level'))}` });
    const proposals = page.getByTestId('limit-proposals');
    const field = (level) => proposals.getByRole('textbox', { name: `${level} of Level`, exact: true });
    const add = page.getByRole('button', { name: 'Add to line' });
    await field('High').waitFor();
    assert.deepEqual(await Promise.all(['Low-low', 'Low', 'High', 'High-high'].map((level) => field(level).inputValue())), ['', '1', '9', '']);
    await field('High-high').fill('8');
    await proposals.getByText('High-high must be above').waitFor();
    assert.equal(await add.isDisabled(), true);
    await accessible(page);
    await field('High-high').fill('9.5');
    await field('Low').fill('');
    await page.getByTestId('config-lines').getByText('limits = { from_server = false, high = 9, high_high = 9.5 }').waitFor();
    await add.click();
    const limits = async () => (await get(tagwire, '/api/v1/tags/line.Level')).json().lim;
    await eventually('the tag has them', async () => (await limits())?.hh === 9.5, { timeout: 20_000 });
    assert.deepEqual(await limits(), { h: 9, hh: 9.5 });
    await close();
  });

  it('says why a node cannot be shown', async () => {
    const { page, close } = await open({ query: 'node=i%3D99999999', allow: /status of 404/ });
    const node = page.getByTestId('node');
    await node.getByText('Not available').waitFor();
    assert.match(await node.innerText(), /BadNodeIdUnknown/);
    await close();
  });

  it('explains to somebody elsewhere where the page works', async () => {
    const { page, close } = await open({ extraHTTPHeaders: fromElsewhere, allow: /status of 401/ });
    const explanation = page.locator('[data-forbidden]');
    await explanation.waitFor();
    assert((await explanation.innerText()).includes(`${tagwire.url}/?page=space&source=plc`));
    await accessible(page);
    await close();
  });

  it('says that a source is away, and that there is none', async () => {
    const other = await Tagwire.start({ config: noSimulator + opcUa('away', away, { 'Away.A': 'i=2258' }) });
    const { page, close } = await browser.page({ allow: /status of 502/ });
    await page.goto(`${other.url}/?page=space&lang=en`);
    await page.getByRole('heading', { name: 'The address space cannot be shown' }).waitFor();
    await close();
    await other.stop();
    const plain = await Tagwire.start();
    const opened = await browser.page();
    await opened.page.goto(`${plain.url}/?page=space&lang=en`);
    await opened.page.getByRole('heading', { name: 'No source has an address space' }).waitFor();
    await opened.close();
    await plain.stop();
  });
});
