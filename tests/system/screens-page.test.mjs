/// Screens: what a drawing shows is what the server sends; how a bad, uncertain, stale value looks; the faceplate, the
/// keyboard, the wall; the screens of the demonstration plant.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { opcUa } from './lib/config.mjs';
import { request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const unit = 'Boiler';
const variables = [
  ...['Level', 'Pressure'].map((name) => ({ name, type: 'Double', value: 5, unit: 'm', range: [0, 10] })),
  { name: 'Running', type: 'Boolean', value: true },
];
const level = `${unit}.Level`;

const element = (id, symbol, [x, y, width, height], rest = {}) => ({ id, symbol, x, y, width, height, ...rest });
const screen = {
  format: 1,
  title: 'Boiler house',
  titleZh: '锅炉房',
  width: 800,
  height: 450,
  background: 'panel',
  pipes: [{ id: 'feed', kind: 'process', from: { element: 'pump', port: 'right' }, to: { element: 'tank', port: 'bottom' }, points: [] }],
  elements: [
    element('tank', 'tank-dome', [400, 60, 120, 180], { label: 'TK-1', bind: { level: { tag: level } } }),
    element('pump', 'pump-centrifugal', [150, 320, 48, 48], {
      label: 'P-1',
      bind: { state: { tag: `${unit}.Running`, map: [{ is: true, state: 'running' }, { is: false, state: 'stopped' }] } },
    }),
    element('level', 'value', [560, 80, 120, 44], { parameters: { caption: 'LI-1' }, bind: { value: { tag: level, decimals: 3 } }, tags: [`${unit}.Pressure`] }),
    element('scale', 'indicator', [540, 60, 18, 180], { bind: { value: { tag: level } } }),
    element('only while running', 'text', [40, 40, 120, 24], { parameters: { text: 'Runs' }, bind: { visible: { tag: `${unit}.Running`, when: [{ is: true }] } } }),
    element('needle', 'picture', [620, 300, 60, 60], { parameters: { picture: 'arm' }, bind: { rotation: { tag: level, low: 0, high: 10, from: 0, to: 90 } } }),
    element('gone', 'value', [40, 80, 120, 44], { bind: { value: { tag: 'Nowhere.Tag' } } }),
    element('to demo', 'connector', [40, 200, 150, 30], { parameters: { text: 'Overview' }, link: 'demo-overview' }),
  ],
  pictures: {
    arm: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60" width="60" height="60" onload="document.title=1"><script>document.title=2</script><rect x="28" y="0" width="4" height="60" fill="#333333"/></svg>',
  },
};

describe('the page of screens', () => {
  let plant, tagwire, browser;
  before(async () => {
    plant = await OpcUaPeer.start(variables);
    const tags = Object.fromEntries(Object.entries(plant.tags(unit)).map(([path, node]) => [path, { node, ...(path.endsWith('Running') ? {} : { limits: { low: 2, high: 8, high_high: 9 } }) }]));
    tagwire = await Tagwire.start({ config: opcUa('plc', plant.endpoint, tags) });
    const saved = await request(tagwire, '/api/v1/documents/screen/boiler', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify(screen),
    });
    assert(saved.status < 300, saved.body);
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await plant?.stop();
  });

  async function open(query, { lang = 'en', ...options } = {}) {
    const opened = await browser.page({ viewport: { width: 1440, height: 900 }, ...options });
    await opened.page.goto(`${tagwire.url}/?page=screens&lang=${lang}&${query}`);
    return opened;
  }

  const part = (page, id) => page.locator(`[data-element="${id}"]`);
  const shown = (page, id) => part(page, id).locator('tspan.s-value').first().textContent();
  const attribute = (page, id, name) => part(page, id).getAttribute(name);

  it('lists the screens of the plant and those of the demonstration', async () => {
    const { page, close } = await open('');
    for (const name of ['boiler', 'demo-overview', 'demo-reaction', 'demo-distillation']) await page.locator(`li[data-screen=${name}]`).waitFor();
    await accessible(page);
    await page.locator('li[data-screen=boiler] a').first().click();
    await part(page, 'tank').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('screen'), 'boiler');
    await close();
  });

  it('shows of the demonstration plant what a WebSocket is sent', async () => {
    const socket = await SocketClient.open(tagwire);
    const { page, close } = await open('screen=demo-distillation&theme=dark');
    const tags = ['Plant.Unit100.TI-101', 'Plant.Unit100.FIC-101.PV', 'Plant.Unit100.LIC-101.PV', 'Plant.Unit100.PI-102'];
    const subscription = await socket.sub(tags, { mode: 'all' });
    for (const tag of tags) {
      const matched = await eventually(tag, async () => {
        const text = await shown(page, `value ${tag}`);
        const digits = text.split('.')[1]?.length ?? 0;
        return subscription.rows.some(({ n, v }) => n === tag && typeof v === 'number' && v.toFixed(digits) === text);
      });
      assert(matched);
    }
    await accessible(page);
    for (const [id, pump] of [['P-101', 'running'], ['C-101', null]]) assert.equal(await attribute(page, id, 'data-state'), pump, id);
    await part(page, 'from reaction').click();
    await page.locator('[data-screen=demo-reaction]').waitFor();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Plant overview' }).click();
    await page.locator('[data-screen=demo-overview]').waitFor();
    await accessible(page);
    await socket.close();
    await close();
  });

  it('value, level, state, visibility and rotation follow the server', async () => {
    const { page, close } = await open('screen=boiler');
    await plant.write('Level', { value: 5 });
    await eventually('5 m', async () => (await shown(page, 'level')) === '5.000');
    await eventually('half full', async () => (await attribute(page, 'tank', 'data-fraction')) === '50');
    assert.equal(await attribute(page, 'pump', 'data-state'), 'running');
    const turn = () => part(page, 'needle').locator('image').getAttribute('transform');
    await eventually('half turned', async () => /rotate\(45 /.test(await turn()));

    await plant.write('Level', { value: 9.5 });
    await plant.write('Running', { value: false });
    await eventually('9.5 m', async () => (await shown(page, 'level')) === '9.500' && (await attribute(page, 'tank', 'data-fraction')) === '95');
    await eventually('beyond the limit', async () => (await attribute(page, 'level', 'data-limit')) === 'hh');
    await eventually('it stands', async () => (await attribute(page, 'pump', 'data-state')) === 'stopped');
    assert.equal(await part(page, 'only while running').isVisible(), false);
    assert.match(await turn(), /rotate\(85\.5 /);
    await plant.write('Level', { value: 5 });
    await plant.write('Running', { value: true });
    await eventually('it is seen again', () => part(page, 'only while running').isVisible());
    assert.equal(await page.title(), 'Screens · Tagwire', 'nothing of a picture runs');
    await close();
  });

  it('tells good, uncertain, bad and missing values apart', async () => {
    const { page, close } = await open('screen=boiler');
    await eventually('good', async () => (await attribute(page, 'level', 'data-quality')) === 'good');
    assert.equal(await attribute(page, 'gone', 'data-quality'), 'none');
    const seen = (id, mark) => part(page, id).locator(mark).evaluate((node) => getComputedStyle(node).visibility);
    assert.equal(await seen('level', '.quality-icon'), 'hidden');

    await plant.write('Level', { value: 6, status: 0x40930000 });
    await eventually('uncertain', async () => (await attribute(page, 'level', 'data-quality')) === 'uncertain' && (await shown(page, 'level')) === '6.000');
    assert.equal(await seen('level', '.quality-icon'), 'visible');
    assert.equal(await seen('level', '.hatch'), 'hidden');

    await plant.write('Level', { value: 6, status: 0x808c0000 });
    await eventually('bad', async () => (await attribute(page, 'level', 'data-quality')) === 'bad');
    assert.match(await shown(page, 'level'), /^—/, 'a bad value is not shown as one');
    assert.equal(await seen('level', '.hatch'), 'visible');
    assert.match(await part(page, 'level').locator('title').textContent(), /Boiler\.Level · .*sensor/i);
    assert.equal(await part(page, 'tank').locator('.s-level').first().evaluate((node) => getComputedStyle(node).visibility), 'hidden', 'nor as a level');
    await accessible(page);
    await plant.write('Level', { value: 5, status: 0 });
    await eventually('good again', async () => (await attribute(page, 'level', 'data-quality')) === 'good');
    await close();
  });

  it('a faceplate by keyboard: value, limits, what belongs to it, trend; and its address', async () => {
    const { page, close } = await open('screen=boiler');
    await part(page, 'tank').waitFor();
    await page.getByRole('group', { name: /Boiler house/ }).locator('[tabindex="0"]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 8 && (await page.evaluate(() => document.activeElement.dataset.element)) !== 'level'; presses++) await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.element), 'level');
    await page.keyboard.press('Enter');
    const faceplate = page.getByTestId('faceplate');
    await faceplate.locator(`[data-tag="${level}"][data-quality=good]`).waitFor();
    assert.equal(await faceplate.locator(`[data-tag="${level}"] [data-live=value]`).innerText().then(Number), 5);
    assert.match(await faceplate.innerText(), /High high\s+9[\s\S]*High\s+8[\s\S]*Low\s+2/);
    await faceplate.locator(`[data-tag="${unit}.Pressure"]`).waitFor();
    await faceplate.locator('canvas').waitFor();
    await accessible(page);
    const address = page.url();
    await page.keyboard.press('Escape');
    await faceplate.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.dataset.element), 'level', 'the focus is where it was');
    await page.goto(address);
    await faceplate.locator(`[data-tag="${level}"]`).waitFor();
    await close();
  });

  it('on a phone, on the wall, in Chinese; and what does not exist', async () => {
    const phone = await open('screen=boiler&element=tank', { lang: 'zh', viewport: { width: 390, height: 844 } });
    await phone.page.getByTestId('faceplate').locator('[data-quality=good]').first().waitFor();
    assert.match(await phone.page.locator('nav [aria-current=page]').last().innerText(), /锅炉房/);
    await accessible(phone.page);
    await phone.close();

    const wall = await open('screen=boiler&kiosk=1');
    await part(wall.page, 'tank').waitFor();
    assert.equal(await wall.page.getByRole('button', { name: 'Zoom in' }).count(), 0);
    await wall.close();

    const lost = await open('screen=nothing-of-the-kind', { allow: /404/ });
    await lost.page.getByText('There is no such screen').waitFor();
    await accessible(lost.page);
    await lost.close();
  });

  it('is found by Ctrl-K under its title', async () => {
    const { page, close } = await open('');
    await page.locator('li[data-screen=boiler]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('boiler h');
    await page.locator('[data-entry="screen/boiler"]').waitFor();
    await page.keyboard.press('Enter');
    await part(page, 'tank').waitFor();
    await close();
  });
});
