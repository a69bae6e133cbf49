/// The whole line, from a foreign OPC UA server to the cells of the page in a browser: values with quality and unit,
/// and every link of it lost and found again without anybody touching anything.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Browser, lostServer } from './lib/browser.mjs';
import { noSimulator, opcUa, quickLoss } from './lib/config.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { TagTable } from './lib/tag-table.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const temperature = 'Reactor.Temperature';
const level = 'Reactor.Level';
/// From a change at the server to the DOM: publishing, subscription, digits drawn at 4 Hz, and a loaded machine.
const soon = 2000;
/// From the server listening again to Good: reconnect backoff of at most 1 s (quickOpcUa), session, subscription.
const back = 5000;

describe('the line', () => {
  let peer, tagwire, browser, table, view;

  before(async () => {
    peer = await OpcUaPeer.start([
      { name: 'Temperature', type: 'Double', value: 20.5 },
      { name: 'Level', type: 'Double', value: 1.25 },
    ]);
    const tags = {
      [temperature]: { node: peer.node('Temperature'), unit: '°C', range: { low: 0, high: 100 } },
      [level]: { node: peer.node('Level'), unit: 'm' },
    };
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, tags, { session_timeout_ms: 5000 }) });
    browser = await Browser.start();
    view = await browser.page({ allow: lostServer });
    // A reload would hide that the page did not recover by itself.
    await view.page.addInitScript(() => {
      globalThis.loads = Number(sessionStorage.loads ?? 0) + 1;
      sessionStorage.loads = String(globalThis.loads);
    });
    table = await TagTable.open(view.page, tagwire, 'Reactor');
  });
  after(async () => {
    try {
      await view?.close();
    } finally {
      await browser?.stop();
      await tagwire?.stop();
      await peer?.stop();
    }
  });

  const good = (tag, value, timeout = soon) => table.until(tag, { quality: 'good', value }, timeout);

  it('shows value, unit and quality', async () => {
    const { row } = await table.until(temperature, { quality: 'good' }, 20_000);
    assert.equal(Number(row.value), 20.5);
    assert.equal(row.unit, '°C');
    assert.equal(Number((await table.until(level, { quality: 'good' }, back)).row.value), 1.25);
  });

  it('a value written at the server appears in the page', async () => {
    const { value: shape } = await table.read(temperature);
    const digits = shape.split('.')[1]?.length ?? 0;
    for (const value of [37.5, 0, 99.5]) {
      await peer.write('Temperature', { value });
      await good(temperature, value.toFixed(digits));
    }
  });

  it('a quality written at the server appears in the page with its words', async () => {
    await peer.write('Temperature', { value: 50, status: 0x40930000 });
    const uncertain = await table.until(temperature, { quality: 'uncertain' }, soon);
    assert.match(uncertain.row.reason, /not accurate/i);
    await peer.write('Temperature', { value: 50, status: 0x808c0000 });
    const failed = await table.until(temperature, { quality: 'bad' }, soon);
    assert.match(failed.row.reason, /sensor/i);
    assert.equal((await table.read(level)).quality, 'good');
    await peer.write('Temperature', { value: 50, status: 0 });
    await table.until(temperature, { quality: 'good' }, soon);
  });

  it('an unchanged value stays good', async () => {
    await sleep(7000); // longer than the 5 s after which a value without a keep-alive counts as stale
    assert.equal((await table.read(level)).quality, 'good');
  });

  it('the server is killed: Bad with the reason; it comes back: good again', async () => {
    await peer.kill();
    const { row, ms } = await table.until(temperature, { quality: 'bad' }, quickLoss);
    assert.match(row.reason, /connection|communication|server/i);
    assert.equal((await table.read(level)).quality, 'bad');
    await sleep(1500);
    assert.equal((await table.read(level)).quality, 'bad');
    await peer.launch(); // with the values it began with
    await table.until(temperature, { quality: 'good' }, back);
    assert.equal(Number((await table.read(temperature)).value), 20.5);
    await table.until(level, { quality: 'good' }, back);
    await peer.write('Level', { value: 2.5 });
    await eventually('the new value', async () => Number((await table.read(level)).value) === 2.5, { timeout: soon });
    assert(ms < quickLoss);
  });

  it('the server hangs: Bad within keep-alive + 2 s; it goes on: good again', async () => {
    peer.freeze();
    try {
      const { row } = await table.until(level, { quality: 'bad' }, quickLoss);
      assert.notEqual(row.reason, '');
    } finally {
      peer.thaw();
    }
    await table.until(level, { quality: 'good' }, back);
    await peer.write('Level', { value: 3.5 });
    await eventually('the new value', async () => Number((await table.read(level)).value) === 3.5, { timeout: soon });
  });

  it('Tagwire is killed and restarted: the page says so, resumes, and shows what changed meanwhile', async () => {
    await tagwire.program.kill();
    const banner = view.page.getByTestId('link-banner');
    await banner.waitFor({ timeout: soon });
    await peer.write('Level', { value: 4.5 });
    await tagwire.launch();
    await banner.waitFor({ state: 'detached', timeout: 20_000 });
    await table.until(level, { quality: 'good' }, back);
    await eventually('the new value', async () => Number((await table.read(level)).value) === 4.5, { timeout: soon });
    await peer.write('Temperature', { value: 66.5 });
    await eventually('the line goes on', async () => Number((await table.read(temperature)).value) === 66.5, { timeout: soon });
  });

  it('all that without a reload', async () => {
    assert.equal(await view.page.evaluate(() => globalThis.loads), 1);
  });

  it('leaves no session behind at the server', async () => {
    await eventually('one session, one subscription', async () => {
      const { sessions, subscriptions, monitoredItems } = await peer.stats();
      return sessions === 1 && subscriptions === 1 && monitoredItems === 2;
    }, { timeout: 10_000 }); // a killed client's session goes when its timeout of 5 s is over
  });
});
