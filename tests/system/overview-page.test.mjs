/// The overview: what a unit shows is what its server says; values beyond limits and conditions of servers are counted and
/// listed. And the page of diagnostics: granted rates, counters and losses as the server tells them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { AlarmPeer } from './lib/alarm-peer.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { personAt } from './lib/person.mjs';
import { freePort } from './lib/ports.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const unit = 'Plant.Boiler';
const variables = ['Level', 'Pressure', 'Flow', 'Speed', 'Temp', 'Power'].map((name) => ({ name, type: 'Double', value: 5, unit: 'm', range: [0, 10] }));
const limits = { low_low: 1, low: 2, high: 8, high_high: 9 };

describe('overview and diagnostics', () => {
  let plant, alarms, tagwire, browser;
  before(async () => {
    [plant, alarms] = await Promise.all([OpcUaPeer.start(variables), AlarmPeer.start()]);
    const tags = Object.fromEntries(Object.entries(plant.tags(unit)).map(([path, node]) => [path, { node, limits }]));
    tagwire = await Tagwire.start({
      config:
        noSimulator +
        opcUa('plc', plant.endpoint, tags) +
        opcUa('safety', alarms.endpoint, alarms.tags('Safety'), { events: { enabled: true } }) +
        opcUa('away', `opc.tcp://127.0.0.1:${await freePort()}`, { 'Away.A': 'i=2258' }),
    });
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await plant?.stop();
    await alarms?.stop();
  });

  async function open(query) {
    const opened = await browser.page();
    await opened.page.goto(`${tagwire.url}/?lang=en&${query}`);
    return opened;
  }

  const counted = async (page, priority) => Number(await page.locator(`[data-testid=alarm-counts] [data-priority="${priority}"] .number`).innerText());

  it('a value moves its pointer, and beyond a limit it is an alarm', async () => {
    const { page, close } = await open('page=overview');
    const row = page.locator(`[data-unit="${unit}"] [data-tag="${unit}.Level"]`);
    const pointer = row.locator('[data-live=pointer]');
    const position = () => pointer.evaluate((element) => element.style.left);
    await eventually('5 of 0 … 10', async () => (await position()) === '50%');
    assert.equal(await row.getAttribute('data-limit'), null);
    assert.equal(await counted(page, 1), 0);

    await plant.write('Level', { value: 9.5 });
    await eventually('9.5 of 0 … 10', async () => (await position()) === '95%');
    await page.locator(`[data-tag="${unit}.Level"][data-limit=hh]`).waitFor();
    await eventually('it is counted', async () => (await counted(page, 1)) === 1);
    const alarm = page.locator('[data-testid=top-alarms] li', { hasText: `${unit}.Level` });
    assert.match(await alarm.innerText(), /above the high-high limit[\s\S]*9\.50+ \/ 9\.0+/);
    assert.equal(await alarm.getAttribute('data-priority'), '1');

    await plant.write('Level', { value: 1.5 });
    await eventually('the lower limit', async () => (await counted(page, 2)) === 1 && (await counted(page, 1)) === 0);
    await plant.write('Level', { value: 5 });
    await eventually('none is left', async () => (await counted(page, 2)) === 0);
    await close();
  });

  it('conditions of a server are counted by severity', async () => {
    const { page, close } = await open('page=overview');
    await alarms.input('Level', 99);
    const { sev } = await eventually('the condition', async () => {
      const { conditions } = (await get(tagwire, '/api/v1/sources/safety/conditions')).json();
      return conditions.find(({ condName, active }) => condName === 'LevelAlarm' && active);
    });
    const priority = sev > 800 ? 1 : sev > 600 ? 2 : sev > 400 ? 3 : 4;
    await eventually('it is counted', async () => (await counted(page, priority)) >= 1, { timeout: 12_000 });
    const listed = page.locator(`[data-testid=top-alarms] li[data-priority="${priority}"]`, { hasText: 'safety' });
    assert.match(await listed.first().innerText(), /not acknowledged/);
    await close();
  });

  it('an operator acknowledges and confirms there, and reads why not when the alarm has changed', async () => {
    const root = await setUp(tagwire);
    await root.addUser('op1', 'operator');
    await root.addUser('viewer1', 'viewer');
    const viewer = await personAt(browser, tagwire, 'viewer1', 'page=overview');
    await viewer.page.locator('[data-testid=top-alarms] li', { hasText: 'safety' }).first().waitFor({ timeout: 15_000 });
    await sleep(500);
    assert.equal(await viewer.page.locator('[data-testid=top-alarms] button').count(), 0, 'who may not has no button');
    await viewer.close();

    const { page, close } = await personAt(browser, tagwire, 'op1', 'page=overview');
    const alarm = page.locator('[data-testid=top-alarms] li', { hasText: 'safety' }).first();
    const button = (name) => alarm.getByRole('button', { name });
    await button(/^Acknowledge: /).waitFor({ timeout: 15_000 });
    // As if it had changed since the page has asked.
    await page.route('**/conditions', (route, request) =>
      request.method() === 'POST' ? route.continue({ postData: { ...request.postDataJSON(), id: 'YmVmb3Jl' } }) : route.continue());
    await button(/^Acknowledge: /).click();
    await alarm.getByRole('alert').getByText('Not acknowledged: the alarm has changed since. Look at its present state and try again.').waitFor();
    assert.equal((await alarms.alarm('LevelAlarm')).acked, false);
    await accessible(page);
    await page.unroute('**/conditions');

    const field = alarm.getByLabel('Comment', { exact: true });
    await button(/^With comment…: /).click();
    await field.press('Escape');
    await field.waitFor({ state: 'detached' });
    assert.match(await page.evaluate('document.activeElement.textContent'), /With comment…/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('valve replaced');
    assert.equal(await field.inputValue(), 'valve replaced', 'the field has the focus');
    await accessible(page);
    await page.keyboard.press('Enter');
    await button(/^Confirm: /).waitFor();
    assert.match(await alarm.innerText(), /active, acknowledged[\s\S]*: valve replaced/);
    const { acked, comment } = await alarms.alarm('LevelAlarm');
    assert.deepEqual([acked, comment], [true, 'valve replaced']);
    await button(/^Confirm: /).focus();
    await page.keyboard.press('Enter');
    await eventually('confirmed', async () => (await alarms.alarm('LevelAlarm')).confirmed);
    await button(/^Confirm: /).waitFor({ state: 'detached' });
    await accessible(page);
    await close();
  });

  it('a unit has an address of its own, and Back leads to all of them', async () => {
    const { page, close } = await open('page=overview');
    await page.locator(`[data-unit="${unit}"] h2 a`).click();
    await page.locator('[aria-current=page]', { hasText: unit }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('unit'), unit);
    assert.equal(await page.locator('[data-unit] [data-tag]').count(), variables.length);
    await page.reload();
    await page.locator(`[data-unit="${unit}"] [data-quality=good]`).first().waitFor();
    await page.goBack();
    await page.getByTestId('top-alarms').waitFor();
    await close();
  });

  it('a unit that is none says so', async () => {
    const { page, close } = await open('page=overview&unit=Nowhere');
    await page.getByRole('heading', { name: 'There is no such unit' }).waitFor();
    await page.getByRole('link', { name: 'Show all units' }).click();
    await page.locator(`[data-unit="${unit}"]`).waitFor();
    await close();
  });

  it('diagnostics show what the server granted, and what it counts', async () => {
    const { page, close } = await open('page=diagnostics');
    const card = page.locator('article[data-source=plc]');
    await card.waitFor();
    const { subscriptions } = (await get(tagwire, '/api/v1/sources/plc')).json();
    const rows = card.locator('tbody tr');
    await eventually('its subscriptions', async () => (await rows.count()) === subscriptions.length);
    const cells = await rows.first().locator('td').allInnerTexts();
    assert.deepEqual(cells.slice(0, 4), [String(subscriptions[0].id), String(subscriptions[0].items), `${subscriptions[0].asked} ms`, `${subscriptions[0].interval} ms`]);
    await eventually('as many clients as the server says', async () => {
      const { clients } = (await get(tagwire, '/api/v1/info')).json();
      return new RegExp(`Clients\\s+${clients}\\b`).test(await page.locator('[data-figure=clients]').innerText());
    });
    assert.notEqual(await page.locator('article[data-source=away]').getAttribute('data-state'), 'live');
    assert.match(await page.locator('article[data-source=away] .cause').innerText(), /\S/);
    await card.locator('summary').click();
    await card.getByText('Values received').waitFor();
    await close();
  });

  it('diagnostics measure how long values take', async () => {
    const { page, close } = await open('page=diagnostics');
    const latency = page.getByTestId('latency');
    await latency.waitFor();
    await eventually('values are counted', async () => {
      await plant.write('Flow', { value: Math.random() * 4 + 3 });
      return Number((await latency.locator('dd').nth(2).innerText()).replaceAll(/\D/g, '')) >= 3;
    });
    assert.match(await latency.locator('dd').first().innerText(), /^[≤>] /);
    await close();
  });
});
