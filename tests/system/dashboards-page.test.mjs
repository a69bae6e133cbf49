/// Dashboards: made by mouse and by keyboard, kept by the server, the same after a reload with the values that the server
/// has; what two browsers do at once; and what somebody sees who is not on the server's own machine.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa, readByEverybody } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const route = '/api/v1/documents/dashboard';
const unit = 'Plant.Boiler';
const variables = [
  ...['Level', 'Pressure', 'Flow'].map((name) => ({ name, type: 'Double', value: 5, unit: 'm', range: [0, 10] })),
  { name: 'Running', type: 'Boolean', value: true },
];
const level = `${unit}.Level`;
const tile = (kind, tags, place = {}) => ({ id: kind, kind, x: 0, y: 0, w: 3, h: 3, tags: tags.map((tag) => `${unit}.${tag}`), ...place });

describe('the page of dashboards', () => {
  let plant, tagwire, browser;
  before(async () => {
    plant = await OpcUaPeer.start(variables);
    const tags = Object.fromEntries(Object.entries(plant.tags(unit)).map(([path, node]) => [path, { node, ...(path.endsWith('Running') ? {} : { limits: { low: 2, high: 8, high_high: 9 } }) }]));
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', plant.endpoint, tags) + readByEverybody });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await plant?.stop();
  });
  beforeEach(async () => {
    for (const { name, version } of (await list()).documents) {
      await request(tagwire, `${route}/${name}`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });
    }
    await plant.write('Level', { value: 5 });
  });

  const list = async (headers = {}) => (await get(tagwire, route, { headers })).json();
  const stored = async (name) => (await get(tagwire, `${route}/${name}`)).json();

  async function save(name, body, seen) {
    const condition = seen === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${seen}"` };
    const answer = await request(tagwire, `${route}/${name}`, { method: 'PUT', headers: { 'content-type': 'application/json', ...condition }, body: JSON.stringify(body) });
    assert(answer.status < 300, answer.body);
  }

  async function open(dashboard = '', { query = '', lang = 'en', ...options } = {}) {
    const opened = await browser.page({ viewport: { width: 1440, height: 900 }, ...options });
    await opened.page.goto(`${tagwire.url}/?page=dashboards&dashboard=${dashboard}&lang=${lang}${query}`);
    return opened;
  }

  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const number = (text) => Number(text.replace('−', '-'));
  /// The value as the tile shows it.
  const shown = async (page, tag) => number(await page.locator(`[data-tag="${tag}"] [data-live=value]`).first().innerText());
  const places = async (name) => Object.fromEntries((await stored(name)).tiles.map(({ id, x, y, w, h }) => [id, [x, y, w, h]]));

  it('begins with one action: a demo of what the plant has', async () => {
    const { page, close } = await open();
    const empty = page.locator('[data-empty]');
    await empty.waitFor();
    await accessible(page);
    assert.equal(await empty.getByRole('button').count(), 1);
    await empty.getByRole('button').click();
    await page.locator('[data-kind=gauge] [data-quality=good]').first().waitFor();
    assert.match(page.url(), /dashboard=demo/);
    for (const kind of ['text', 'value', 'sparkline', 'gauge', 'bar', 'lamp', 'trend', 'indicator', 'table']) {
      assert(await page.locator(`[data-kind=${kind}]`).count(), kind);
    }
    await page.locator('[data-kind=trend] canvas').waitFor();
    await accessible(page);
    await page.locator('header').getByRole('link', { name: 'Dashboards' }).click();
    await page.locator('[data-dashboard=demo]').waitFor();
    await accessible(page);
    await close();
  });

  it('tiles follow the server: digits, needle, bar, lamp, zone', async () => {
    await save('live', { title: 'Live', tiles: [tile('gauge', ['Level']), tile('bar', ['Level'], { x: 3 }), tile('lamp', ['Running'], { x: 6 }), tile('value', ['Level'], { x: 9, decimals: 3, range: [0, 20] })] });
    const { page, close } = await open('live');
    const needle = () => page.locator('[data-needle]').getAttribute('transform');
    const fill = () => page.locator('[data-fill]').evaluate((element) => element.style.height);
    await eventually('5 of 0 … 10', async () => (await needle()) === 'rotate(90.0 100 100)' && (await fill()) === '50%');
    assert.equal(await page.locator('[data-kind=value] [data-live=value]').innerText(), '5.000', 'as many decimals as the tile says');
    assert.equal(await page.locator('[data-lamp]').getAttribute('data-on'), 'on');
    await plant.write('Level', { value: 9.5 });
    await plant.write('Running', { value: false });
    await eventually('9.5 of 0 … 10', async () => (await needle()) === 'rotate(171.0 100 100)' && (await fill()) === '95%');
    await page.locator('[data-kind=gauge] [data-limit=hh]').waitFor();
    await eventually('the lamp is off', async () => (await page.locator('[data-lamp]').getAttribute('data-on')) === 'off');
    await plant.write('Running', { value: true });
    await close();
  });

  it('is made by mouse, saved, and the same after a reload', async () => {
    await save('mine', { title: 'Mine', tiles: [] });
    const { page, close } = await open('mine');
    await button(page, 'Edit').first().click();
    for (const [kind, tag] of [['Gauge', 'Level'], ['Value', 'Pressure']]) {
      await button(page, 'Add tile').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: kind, exact: true }).check();
      await dialog.getByRole('combobox', { name: 'Search a tag' }).fill(tag);
      await dialog.locator(`[data-found="${unit}.${tag}"]`).click();
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    }
    const first = page.locator('[data-edit=t1]');
    const second = page.locator('[data-edit=t2]');
    await second.locator('[data-quality=good]').waitFor();
    await accessible(page);

    // Dragged two rows down, and made larger at its corner.
    const cell = (await first.boundingBox()).width / 3;
    const from = await second.boundingBox();
    await page.mouse.move(from.x + 30, from.y + 60);
    await page.mouse.down();
    await page.mouse.move(from.x + 30 + cell * 2, from.y + 60 + 140, { steps: 12 });
    await page.mouse.up();
    const corner = await first.boundingBox();
    await page.mouse.move(corner.x + corner.width - 12, corner.y + corner.height - 12);
    await page.mouse.down();
    await page.mouse.move(corner.x + corner.width - 12 + cell, corner.y + corner.height - 12 + 70, { steps: 12 });
    await page.mouse.up();
    await button(page, 'Save').click();
    await page.getByText('Saved as version 2').first().waitFor();
    assert.deepEqual(await places('mine'), { t1: [0, 0, 4, 4], t2: [5, 2, 2, 2] });

    await button(page, 'Done').click();
    await page.reload();
    await page.locator('[data-kind=gauge] [data-quality=good]').waitFor();
    await plant.write('Level', { value: 7.25 });
    await eventually('the value of the server', async () => (await shown(page, level)) === (await get(tagwire, `/api/v1/values?tags=${level}`)).json().values[0].v);
    const box = await page.locator('[data-kind=value]').boundingBox();
    const gauge = await page.locator('[data-kind=gauge]').boundingBox();
    assert(box.y > gauge.y + 100 && box.x >= gauge.x + gauge.width, 'where it was put');
    await close();
  });

  it('is made by keyboard alone', async () => {
    await save('keys', { title: 'Keys', tiles: [tile('value', ['Level'], { w: 2, h: 2 })] });
    const { page, close } = await open('keys');
    await page.locator('[data-quality=good]').waitFor();
    const tabTo = async (condition) => {
      for (let i = 0; i < 60; ++i) {
        if (await page.evaluate(condition)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`Tab never comes to ${condition}`);
    };
    const onButton = (text) => `document.activeElement.tagName === 'BUTTON' && document.activeElement.textContent.trim().startsWith(${JSON.stringify(text)})`;
    await tabTo(onButton('Edit'));
    await page.keyboard.press('Enter');
    await page.locator('[data-edit=value]').waitFor();
    await tabTo('document.activeElement.dataset.edit === "value"');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await page.keyboard.press('Control+z');
    await eventually('the last step is taken back', async () => (await page.locator('[data-edit=value]').getAttribute('gs-w')) === '2');
    await page.keyboard.press('Control+y');

    await tabTo(onButton('Add tile'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo('document.activeElement.getAttribute("role") === "combobox"');
    await page.keyboard.type('Pressure');
    await page.keyboard.press('Enter');
    await page.locator(`[data-chosen="${unit}.Pressure"]`).waitFor();
    await tabTo(onButton('Add'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').first().waitFor();
    const saved = await places('keys');
    assert.deepEqual(saved.value, [2, 1, 3, 2]);
    assert.equal((await stored('keys')).tiles.length, 2);

    await tabTo('document.activeElement.dataset.edit === "value"');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 3').first().waitFor();
    assert.equal((await stored('keys')).tiles.length, 1);
    await close();
  });

  it('says in words that somebody else saved, and loses neither', async () => {
    await save('both', { title: 'Both', tiles: [] });
    const conflict = { allow: /status of 412/ };
    const one = await open('both', conflict);
    const other = await open('both', conflict);
    for (const { page } of [one, other]) await button(page, 'Edit').first().click();
    const rename = async (page, title) => {
      const field = page.getByRole('textbox', { name: 'Title of the dashboard' });
      await field.fill(title);
      await field.press('Enter');
      await button(page, 'Save').click();
    };
    await rename(one.page, 'Theirs');
    await one.page.getByText('Saved as version 2').first().waitFor();
    await rename(other.page, 'Mine');
    const dialog = other.page.getByRole('dialog');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /began with version 1[\s\S]*version 2 now/);
    await accessible(other.page);
    await dialog.getByRole('button', { name: 'Go on editing' }).click();
    await button(other.page, 'Save').click();
    await dialog.getByRole('button', { name: 'Save mine as a copy' }).click();
    await other.page.locator('h2', { hasText: 'Mine (copy)' }).waitFor();
    assert.equal((await stored('both')).title, 'Theirs');
    assert.equal((await stored('mine-copy')).title, 'Mine (copy)');

    // A third save over it, and then theirs over mine.
    await save('both', { title: 'Third', tiles: [] }, 2);
    await rename(one.page, 'Mine again');
    await one.page.getByRole('dialog').getByRole('button', { name: 'Save mine over it' }).click();
    await one.page.getByText('Saved as version 4').first().waitFor();
    assert.equal((await stored('both')).title, 'Mine again');
    await one.close();
    await other.close();
  });

  it('brings changes back that were not saved', async () => {
    await save('draft', { title: 'Draft', tiles: [tile('value', ['Level'])] });
    const { page, close } = await open('draft');
    await button(page, 'Edit').click();
    await page.locator('[data-edit=value] button').nth(1).click();
    await page.locator('nav').getByRole('link', { name: 'Tags', exact: true }).click();
    await page.goBack();
    await page.locator('[data-notice]').waitFor();
    assert.match(await page.locator('[data-notice]').innerText(), /not saved are here again/);
    assert.equal(await page.locator('[data-edit]').count(), 0);
    await button(page, 'Discard changes').click();
    await page.locator('[data-tile=value]').waitFor();
    assert.equal((await list()).documents[0].version, 1);
    await close();
  });

  it('has earlier versions back, duplicates, and deletes after a question', async () => {
    await save('many', { title: 'First', tiles: [] });
    await save('many', { title: 'Second', tiles: [] }, 1);
    const { page, close } = await open('many');
    await button(page, 'Versions…').click();
    await button(page, 'Restore version 1').waitFor();
    await accessible(page);
    await button(page, 'Restore version 1').click();
    await page.locator('h2', { hasText: 'First' }).waitFor();
    assert.equal((await list()).documents[0].version, 3);

    await button(page, 'Duplicate').click();
    await page.locator('h2', { hasText: 'First (copy)' }).waitFor();
    await button(page, 'Delete…').click();
    const dialog = page.getByRole('dialog');
    assert.equal(await page.evaluate('document.activeElement.textContent.trim()'), 'Cancel', 'the harmless answer has the focus');
    await accessible(page);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.locator('[data-dashboard=many]').waitFor();
    assert.deepEqual((await list()).documents.map(({ name }) => name), ['many']);
    await close();
  });

  it('is read only elsewhere, with the reason', async () => {
    await save('wall', { title: 'Wall', tiles: [tile('value', ['Level'])] });
    const elsewhere = { extraHTTPHeaders: { 'X-Forwarded-For': '192.0.2.7' } };
    const { page, close } = await open('wall', elsewhere);
    await page.locator('[data-quality=good]').waitFor();
    await page.locator('[data-readonly]').waitFor();
    assert.match(await page.locator('[data-readonly]').getAttribute('title'), /log in first/);
    assert.equal(await button(page, 'Edit').count(), 0);
    assert.equal(await button(page, 'Delete…').count(), 0);
    await accessible(page);
    await close();
    await request(tagwire, `${route}/wall`, { method: 'DELETE', headers: { 'if-match': '"1"' } });
    const empty = await open('', elsewhere);
    await empty.page.locator('[data-empty]').waitFor();
    assert.equal(await empty.page.locator('[data-empty]').getByRole('button').count(), 0);
    assert.match(await empty.page.locator('[data-readonly]').innerText(), /log in first/);
    await empty.close();
  });

  it('stands on a wall without controls, and follows what is saved', { timeout: 60_000 }, async () => {
    await save('kiosk', { title: 'Wall', tiles: [tile('value', ['Level'])] });
    const { page, close } = await open('kiosk', { query: '&kiosk=1' });
    await page.locator('[data-quality=good]').waitFor();
    assert.equal(await page.locator('main').getByRole('button').count(), 0);
    await save('kiosk', { title: 'Wall', tiles: [tile('value', ['Level']), tile('lamp', ['Running'], { x: 3 })] }, 1);
    await page.locator('[data-lamp][data-on=on]').waitFor({ timeout: 20_000 });
    await close();
  });

  for (const [lang, theme] of [['en', 'light'], ['zh', 'dark']]) {
    it(`fits a phone (${lang}, ${theme})`, async () => {
      await save('phone', { title: 'Phone', tiles: [tile('gauge', ['Level']), tile('table', ['Level', 'Flow'], { x: 3, w: 6 }), tile('trend', ['Level'], { x: 0, y: 3, w: 12 })] });
      const { page, close } = await open('phone', { lang, query: `&theme=${theme}`, viewport: { width: 390, height: 844 } });
      await page.locator('[data-kind=gauge] [data-quality=good]').waitFor();
      await accessible(page);
      await page.getByRole('button', { name: lang === 'zh' ? '编辑' : 'Edit', exact: true }).click();
      await page.locator('[data-edit=gauge]').waitFor();
      await accessible(page);
      await page.locator('[data-add-tile]').click();
      await page.getByRole('dialog').waitFor();
      await accessible(page);
      await close();
    });
  }

  it('shows no picture of another server, and says what it does not know', async () => {
    await save('strange', { title: '<img src=x onerror=alert(1)>', tiles: [tile('value', ['Level']), { id: 'a', kind: 'image', x: 4, y: 0, w: 2, h: 2, image: 'https://example.com/a.png' }, { id: 'b', kind: 'hologram', x: 6, y: 0, w: 2, h: 2 }] });
    const { page, requests, close } = await open('strange');
    await page.locator('[data-quality=good]').waitFor();
    assert.equal(await page.locator('main h2').first().innerText(), '<img src=x onerror=alert(1)>');
    assert.match(await page.locator('.notice').innerText(), /2 tiles/);
    assert.equal(await button(page, 'Edit').count(), 0, 'saving would lose them');
    assert(!requests.some((url) => url.includes('example.com')));
    await close();
  });
});
