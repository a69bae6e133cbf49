/// The designer: a screen is placed, moved, bound, taken back and saved, by mouse and by keyboard; it is the same after a
/// reload and shows live values; two browsers that save; versions; drawings of strangers.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa, readByEverybody } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const route = '/api/v1/documents/screen';
const variables = [
  { name: 'Level', type: 'Double', value: 5, unit: 'm', range: [0, 10] },
  { name: 'Running', type: 'Boolean', value: true },
];
const level = 'Boiler.Level';
const empty = { format: 1, title: 'Mine', width: 1000, height: 600, background: 'panel', pipes: [], elements: [] };
const box = (id, x, y) => ({ id, symbol: 'tank-dome', x, y, width: 80, height: 100 });

describe('the designer', () => {
  let plant, tagwire, browser;
  before(async () => {
    plant = await OpcUaPeer.start(variables);
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', plant.endpoint, plant.tags('Boiler')) + readByEverybody });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await plant?.stop();
  });
  beforeEach(async () => {
    for (const { name, version } of (await get(tagwire, route)).json().documents) {
      await request(tagwire, `${route}/${name}`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });
    }
  });

  async function save(name, body, seen) {
    const condition = seen === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${seen}"` };
    const answer = await request(tagwire, `${route}/${name}`, { method: 'PUT', headers: { 'content-type': 'application/json', ...condition }, body: JSON.stringify(body) });
    assert(answer.status < 300, answer.body);
    return answer.json().version;
  }
  const stored = async (name) => (await get(tagwire, `${route}/${name}`)).json();

  async function open(screen = '', { lang = 'en', query = '', ...options } = {}) {
    const opened = await browser.page({ viewport: { width: 1440, height: 900 }, ...options });
    await opened.page.goto(`${tagwire.url}/?page=designer&screen=${screen}&lang=${lang}${query}`);
    const canvas = opened.page.getByTestId('designer-canvas');
    await canvas.waitFor();
    return { ...opened, canvas };
  }

  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const part = (page, id) => page.locator(`[data-element="${id}"]`);
  const said = (page, text) => page.locator('[data-notice]', { hasText: text }).waitFor();
  const number = (page, label) => page.getByTestId('properties').getByLabel(label, { exact: true });

  it('a tank by mouse: placed, bound by dragging a tag, taken back, saved, live after a reload', async () => {
    const { page, canvas, close } = await open();
    await page.locator('[data-symbol=tank-dome]').dragTo(canvas, { targetPosition: { x: 200, y: 150 } });
    const tank = part(page, 'tank-dome 1');
    await tank.waitFor();
    await accessible(page);

    await button(page, 'Tags').click();
    await page.locator(`[data-tag="${level}"]`).dragTo(tank);
    assert.equal(await page.getByRole('combobox', { name: 'Tag: Level' }).inputValue(), level);

    // Moved, and taken back.
    const before = await number(page, 'X').inputValue();
    const at = await tank.boundingBox();
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await page.mouse.down();
    await page.mouse.move(at.x + at.width / 2 + 90, at.y + at.height / 2 + 40, { steps: 5 });
    await page.mouse.up();
    assert.notEqual(await number(page, 'X').inputValue(), before);
    await button(page, 'Undo').click();
    assert.equal(await number(page, 'X').inputValue(), before);
    await button(page, 'Redo').click();
    assert.notEqual(await number(page, 'X').inputValue(), before);
    const x = Number(await number(page, 'X').inputValue());

    await button(page, 'Live preview').click();
    await eventually('the preview lives', async () => (await tank.getAttribute('data-fraction')) === '50');
    await accessible(page);
    await button(page, 'Back to drawing').click();

    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Boiler house');
    await page.keyboard.press('Enter');
    await button(page, 'Save').click();
    await said(page, 'Saved as boiler-house, version 1');
    assert.equal(new URL(page.url()).searchParams.get('screen'), 'boiler-house');
    const kept = await stored('boiler-house');
    assert.deepEqual([kept.elements[0].x, kept.elements[0].bind], [x, { level: { tag: level } }]);

    await page.reload();
    await page.getByRole('link', { name: 'Show the screen' }).click();
    await eventually('it lives', async () => (await tank.getAttribute('data-fraction')) === '50');
    await plant.write('Level', { value: 7.5 });
    await eventually('it follows', async () => (await tank.getAttribute('data-fraction')) === '75');
    await plant.write('Level', { value: 5 });
    await close();
  });

  it('by keyboard alone: placed, moved, resized, turned, bound, connected, aligned, removed, saved', async () => {
    await save('mine', empty);
    const { page, canvas, close } = await open('mine');
    await button(page, 'Place: Dome roof tank').press('Enter');
    assert.deepEqual(await number(page, 'X').inputValue().then(Number), 500 - Number(await number(page, 'Width').inputValue()) / 2);
    const width = Number(await number(page, 'Width').inputValue());
    const x = Number(await number(page, 'X').inputValue());
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press(']');
    assert.deepEqual([Number(await number(page, 'X').inputValue()), Number(await number(page, 'Width').inputValue()), Number(await number(page, 'Rotation (°)').inputValue())], [x + 11, width + 10, 15]);
    for (let step = 0; step < 4; step++) await page.keyboard.press('Control+z');
    assert.equal(Number(await number(page, 'X').inputValue()), x);

    await button(page, 'Tags').press('Enter');
    await page.locator(`[data-tag="${level}"]`).press('Enter');
    assert.equal(await page.getByRole('combobox', { name: 'Tag: Level' }).inputValue(), level);

    await button(page, 'Symbols').press('Enter');
    await button(page, 'Place: Centrifugal pump').press('Enter');
    await button(page, 'Connect').press('Enter');
    await page.locator('[data-pipe] .run').waitFor({ state: 'attached' });
    await canvas.focus();
    await page.keyboard.press('Control+a');
    await button(page, 'Left edges').press('Enter');
    await canvas.focus();
    await page.keyboard.press('Control+s');
    await said(page, 'version 2');
    const { elements, pipes } = await stored('mine');
    assert.equal(elements[0].x, elements[1].x);
    assert.deepEqual(pipes[0].from.element, 'pump-centrifugal 1');
    await page.keyboard.press('Delete');
    assert.equal(await page.locator('[data-element]').count(), 0);
    await close();
  });

  it('resizes at a handle, several with a lasso, and keeps what was not saved', async () => {
    await save('mine', { ...empty, elements: [box('a', 100, 100), box('b', 400, 100)] });
    const { page, canvas, close } = await open('mine');
    await part(page, 'a').click();
    const handle = await page.locator('[data-handle="3"]').boundingBox();
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(handle.x + handle.width / 2 + 40, handle.y + 60, { steps: 4 });
    await page.mouse.up();
    assert(Number(await number(page, 'Width').inputValue()) > 100);
    assert.equal(Number(await number(page, 'Height').inputValue()), 100, 'the handle at a side pulls at that side');

    const room = await canvas.boundingBox();
    await page.mouse.move(room.x + 5, room.y + 5);
    await page.mouse.down();
    await page.mouse.move(room.x + room.width - 5, room.y + room.height - 5, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('heading', { name: '2 elements' }).waitFor();
    page.on('dialog', (dialog) => dialog.accept());
    await page.reload();
    await said(page, 'What was not saved last time is back');
    await page.locator('[data-outline=a]').click();
    assert(Number(await number(page, 'Width').inputValue()) > 100);
    await button(page, 'Discard changes').click();
    await page.locator('[data-outline=a]').click();
    assert.equal(Number(await number(page, 'Width').inputValue()), 80);
    await close();
  });

  it('never overwrites what somebody else saved; versions come back', async () => {
    await save('shared', { ...empty, elements: [box('a', 100, 100)] });
    const { page, close } = await open('shared', { allow: /412/ });
    await save('shared', { ...empty, title: 'Theirs', elements: [box('a', 300, 100)] }, 1);
    await page.locator('[data-outline=a]').click();
    await number(page, 'X').fill('640');
    await page.keyboard.press('Enter');
    await button(page, 'Save').click();
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.innerText(), /began with version 1, and the server has version 2/);
    await accessible(page);
    await dialog.getByRole('button', { name: 'Go on drawing' }).click();
    assert.equal((await stored('shared')).title, 'Theirs');
    await button(page, 'Save').click();
    await dialog.getByRole('button', { name: 'Save mine over it' }).click();
    await said(page, 'version 3');
    assert.equal((await stored('shared')).elements[0].x, 640);

    await button(page, 'Versions…').click();
    await dialog.getByRole('button', { name: 'Restore version 2' }).click();
    await said(page, 'Version 2 is back, as version 4');
    assert.equal((await stored('shared')).title, 'Theirs');
    await close();
  });

  it('takes a drawing in, but nothing that runs, loads or points elsewhere', async () => {
    const { page, close } = await open();
    const hostile = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50" onload="document.title='run'">
      <script>document.title = 'run'</script><style>rect { fill: url(http://192.0.2.1/a) }</style>
      <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="http://192.0.2.1/b" onerror="document.title='run'"/></body></foreignObject>
      <image href="http://192.0.2.1/c"/><use xlink:href="http://192.0.2.1/d#e"/><a href="javascript:document.title='run'"><text>x</text></a>
      <rect width="100" height="50" style="fill: #336699; stroke: url(http://192.0.2.1/f)" onclick="document.title='run'"/>
      <circle r="9" fill="url(#g)"/></svg>`;
    await page.locator('input[type=file][accept*=svg]').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(hostile) });
    await said(page, 'imported without');
    await page.locator('[data-element="picture 1"] image').waitFor({ state: 'attached' });
    await button(page, 'Save').click();
    await said(page, 'version 1');
    const [picture] = Object.values((await stored('new-screen')).pictures);
    assert.doesNotMatch(picture, /script|onload|onclick|style|http:\/\/192|javascript|foreignObject|<image|<use|<a /);
    assert.match(picture, /fill="#336699"/);
    assert.match(picture, /url\(#g\)/);
    assert.equal(await page.title(), 'Designer · Tagwire');
    await close();
  });

  it('says what is no drawing', async () => {
    // Chromium marks what is no XML by a style of its own, which the policy of the page forbids.
    const { page, close } = await open('', { allow: /Applying inline style/ });
    for (const [name, text] of [['broken.svg', '<svg'], ['page.svg', '<html/>'], ['entity.svg', '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>']]) {
      await page.locator('input[type=file][accept*=svg]').setInputFiles({ name, mimeType: 'image/svg+xml', buffer: Buffer.from(text) });
      await said(page, 'cannot be imported');
    }
    await close();
  });

  it('says elsewhere why nothing can be saved; fits on a phone, in Chinese', async () => {
    await save('mine', { ...empty, elements: [box('a', 100, 100)] });
    const elsewhere = await open('mine', { extraHTTPHeaders: { 'X-Forwarded-For': '192.0.2.7' } });
    await elsewhere.page.getByText('This screen cannot be saved here').waitFor();
    assert.equal(await button(elsewhere.page, 'Save').isDisabled(), true);
    await elsewhere.close();

    const phone = await open('mine', { lang: 'zh', query: '&theme=dark', viewport: { width: 390, height: 844 } });
    await phone.page.locator('[data-outline=a]').click();
    await accessible(phone.page);
    await phone.close();
  });
});
