/// An OPC UA connection that is lost in every way a plant knows, at a server that is not ours (node-opcua), with values
/// counted at the server and at a WebSocket client: none is missing that the server could keep, none comes twice, and
/// nothing is left behind, neither at the server nor in Tagwire.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { noSimulator, opcUa, quickLoss } from './lib/config.mjs';
import { memory, openFiles } from './lib/memory.mjs';
import { metric } from './lib/metrics.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SlowProxy } from './lib/slow-proxy.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const back = 5000;
const tag = 'Line.Counter';
/// Every write of the server arrives, and waits there for as long as a cut lasts.
const keepsAll = { sampling_interval_ms: 0, queue_size: 1000 };
const instrumented = /asan|tsan/.test(process.env.TAGWIRE_BINARY ?? '');
/// What ten new connections may add to the resident memory: the allocator's arenas, not a connection each.
const maxGrowthMb = instrumented ? 400 : 12;

const isBad = ({ q }) => q >= 0x80000000;
const isGood = ({ q }) => q < 0x40000000;
/// OPC 10000-4, 7.39.1: info type DataValue, and the overflow bit
const hasOverflow = ({ q }) => (q & 0x0c80) === 0x0480;

/// Things to end after each test, last first.
const open = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

describe('recovery of an OPC UA connection', () => {
  let first, second;
  before(async () => {
    const variables = [{ name: 'Counter', type: 'Double', value: 0 }];
    [first, second] = await Promise.all([OpcUaPeer.start(variables), OpcUaPeer.start(variables)]);
  });
  after(async () => {
    await first?.stop();
    await second?.stop();
  });

  /// Tagwire with the source `plc`, and a client that gets every change.
  async function watched(endpoint, options = {}) {
    const tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', endpoint, { [tag]: first.node('Counter') }, { ...keepsAll, ...options }) });
    open.push(() => tagwire.stop());
    const client = await SocketClient.open(tagwire);
    open.push(() => client.close());
    const subscription = await client.sub(tag, { min: 0, mode: 'all' });
    await subscription.until(tag, isGood, 20_000);
    /// A counter of the source, which are told once a second.
    const count = (name) => metric(tagwire, `source_${name}`, { source: 'plc' });
    return { tagwire, client, subscription, count };
  }

  const until = (subscription, value) => subscription.until(tag, (row) => row.v === value && isGood(row), back);

  /// Every value arrived once and in order. The last Good one is shown again after a loss, with the time it had.
  function assertEachOnce({ rows }, from, values) {
    const changes = rows.filter((row, i) => {
      const before = rows.slice(0, i).findLast(isGood);
      return i >= from && isGood(row) && !(isBad(rows[i - 1]) && before.v === row.v && before.ts === row.ts);
    });
    assert.deepEqual(changes.map(({ v }) => v), values);
    assert(!rows.some(hasOverflow), 'the server kept everything');
  }

  const onlyOurs = (peer) =>
    eventually('one session with one subscription', async () => {
      const { sessions, subscriptions, monitoredItems } = await peer.stats();
      assert.deepEqual({ sessions, subscriptions, monitoredItems }, { sessions: 1, subscriptions: 1, monitoredItems: 1 });
      return true;
    }, { timeout: 15_000 });

  const nothingLeft = (peer) =>
    eventually('no session and no subscription', async () => {
      const { sessions, subscriptions } = await peer.stats();
      assert.deepEqual({ sessions, subscriptions }, { sessions: 0, subscriptions: 0 });
      return true;
    });

  it('TCP cut five times while values come: none is missing, none comes twice', async () => {
    const proxy = await SlowProxy.start(first.port);
    open.push(() => proxy.stop());
    const { tagwire, client, subscription, count } = await watched(proxy.endpoint);
    const { sessionsEver, subscriptionsEver } = await first.stats();
    const from = subscription.rows.length;
    const values = Array.from({ length: 400 }, (_, i) => i + 1);
    const written = first.writeSeries('Counter', values, 10);
    for (let round = 0; round < 5; ++round) {
      await sleep(500);
      // What the server sends now is on its way when the connection ends.
      proxy.swallowing = true;
      await sleep(150);
      proxy.cut();
      proxy.swallowing = false;
      await subscription.until(tag, isBad);
      await subscription.until(tag, isGood, back);
    }
    await written;
    await until(subscription, values.at(-1));
    await sleep(300);
    assertEachOnce(subscription, from, values);
    await eventually('five reconnects are counted', async () => (await count('reconnects_total')) === 5);
    assert.equal(await count('messages_lost_total'), 0);
    assert.equal((await first.stats()).subscriptionsEver, subscriptionsEver, 'the subscription was kept');
    assert((await first.stats()).sessionsEver <= sessionsEver + 5);
    await onlyOurs(first);
    await client.close();
    await tagwire.stop();
    await nothingLeft(first);
  });

  it('frozen longer than the session lives: Bad, then Good, one session', async () => {
    const { subscription } = await watched(first.endpoint, { session_timeout_ms: 2000, lifetime_count: 60 });
    const from = subscription.rows.length;
    first.freeze();
    const start = performance.now();
    await subscription.until(tag, isBad, quickLoss);
    await sleep(5000 - (performance.now() - start));
    first.thaw();
    await subscription.until(tag, isGood, back);
    await first.writeSeries('Counter', [1001, 1002, 1003], 100);
    await until(subscription, 1003);
    assertEachOnce(subscription, from, [1001, 1002, 1003]);
    await onlyOurs(first);
  });

  it('what the queue of an item loses is seen at the client and counted', async () => {
    const { subscription, count } = await watched(first.endpoint, { publishing_interval_ms: 500, queue_size: 2 });
    const from = subscription.rows.length;
    const values = Array.from({ length: 20 }, (_, i) => i + 2000);
    await first.writeSeries('Counter', values, 0);
    await subscription.until(tag, ({ v }) => v === values.at(-1));
    const rows = subscription.rows.slice(from);
    assert(rows.length < values.length);
    assert(rows.some((row) => hasOverflow(row) && isGood(row)), JSON.stringify(rows));
    await eventually('it is counted', async () => (await count('values_overflow_total')) >= 1);
  });

  it('the first of two servers dies, and later the second', async () => {
    const { client, subscription } = await watched(first.endpoint, { endpoints: [second.endpoint] });
    const at = (peer) => client.source('plc', ({ state, endpoint }) => state === 'live' && endpoint === peer.endpoint, back);
    await at(first);
    await nothingLeft(second);
    await first.kill();
    await at(second);
    await second.write('Counter', { value: 3001 });
    await until(subscription, 3001);
    await first.launch();
    await sleep(1000);
    await nothingLeft(first);
    await onlyOurs(second);
    await second.kill();
    await at(first);
    await first.write('Counter', { value: 3002 });
    await until(subscription, 3002);
    await onlyOurs(first);
  });

  it('kill -9 and restart ten times: data again, nothing grows', async () => {
    const { tagwire, subscription } = await watched(first.endpoint);
    const { pid } = tagwire.program;
    let files, now;
    for (let round = 1; round <= 10; ++round) {
      await first.kill();
      await subscription.until(tag, isBad, quickLoss);
      await first.launch();
      const listening = performance.now();
      await subscription.until(tag, isGood, back);
      const value = 4000 + round;
      await first.write('Counter', { value });
      await until(subscription, value);
      assert(performance.now() - listening < back, `round ${round}: ${performance.now() - listening} ms`);
      await onlyOurs(first);
      assert.equal((await first.stats()).sessionsEver, 1, `round ${round}`);
      // The first rounds fill what is kept for good.
      if (round === 3) [files, { now }] = [await openFiles(pid), await memory(pid)];
    }
    assert.equal(await openFiles(pid), files, 'open files');
    const grown = (await memory(pid)).now - now;
    assert(grown <= maxGrowthMb, `${grown} MB more`);
  });

  it('Tagwire stops: no session and no subscription is left', async () => {
    const tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', first.endpoint, { [tag]: first.node('Counter') }) });
    try {
      await onlyOurs(first);
    } finally {
      await tagwire.stop();
    }
    await nothingLeft(first);
  });
});
