/// Bad networks between Tagwire and OPC UA servers of two makers: delay, loss, and a way that is broken without a word.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { opcUa, quickLoss } from './lib/config.mjs';
import { Network } from './lib/network.mjs';
import { Open62541Peer } from './lib/open62541-peer.mjs';
import { peers } from './lib/peers.mjs';
import { SlowProxy } from './lib/slow-proxy.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const back = 5000;
/// As people run it: attempts at most one a second.
const times = { reconnect_min_ms: 1000, reconnect_max_ms: 2000, request_timeout_ms: 1000, session_timeout_ms: 5000 };
/// With 200 ms each way a step of connecting takes 0.4 s, and loss adds to that.
const slowTimes = { ...times, request_timeout_ms: 3000 };

const isBad = ({ q }) => q >= 0x80000000;
const isGood = ({ q }) => q === 0;

/// Things to end after each test, last first.
const open = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

async function watched(endpoint, node, options) {
  const tagwire = await Tagwire.start({ config: opcUa('plc', endpoint, { 'Plant.Level': node }, options) });
  open.push(() => tagwire.stop());
  const client = await SocketClient.open(tagwire);
  open.push(() => client.close());
  const subscription = await client.sub('Plant.Level', { min: 0, mode: 'all' });
  await subscription.until('Plant.Level', isGood, 20_000);
  return { tagwire, client, subscription };
}

/// The way is broken for `ms`: Bad in time with a reason, then Good by itself with what was written meanwhile.
async function survives({ client, subscription }, peer, way, ms) {
  await peer.write('Level', { value: 7 });
  await subscription.until('Plant.Level', ({ v, q }) => v === 7 && q === 0);
  await way.partition();
  const start = performance.now();
  const lost = await subscription.until('Plant.Level', isBad, quickLoss);
  assert.equal(lost.v, 7, 'the last value is kept');
  const source = await client.source('plc', ({ state }) => state !== 'live');
  assert.match(source.why, /^Bad/);
  assert(source.msg.length > 20, source.msg);
  await peer.write('Level', { value: 8 });
  await sleep(Math.max(0, ms - (performance.now() - start)));
  assert(isBad(subscription.values.get('Plant.Level')), 'Good without a way to the server');
  await way.heal();
  await subscription.until('Plant.Level', ({ v, q }) => v === 8 && q === 0, back);
  await peer.write('Level', { value: 9 });
  await subscription.until('Plant.Level', ({ v, q }) => v === 9 && q === 0);
  await eventually('one session is left', async () => (await peer.stats()).sessions === 1, { timeout: 15_000 });
}

for (const { maker, start } of peers) {
  describe(`a bad network to a server of ${maker}`, () => {
    let peer;
    before(async () => {
      peer = await start();
    });
    after(() => peer?.stop());

    it('200 ms delay and 5 % loss: one connection, each change once and in order', async () => {
      const proxy = await SlowProxy.start(peer.port, { delay: 200, loss: 0.05 });
      open.push(() => proxy.stop());
      await peer.write('Level', { value: 0 });
      const { client, subscription } = await watched(proxy.endpoint, peer.node('Level'), slowTimes);
      const connections = proxy.connections.length;
      const from = subscription.rows.length;
      const values = Array.from({ length: 60 }, (_, i) => i + 1);
      for (const value of values) {
        await peer.write('Level', { value });
        await sleep(100);
      }
      await subscription.until('Plant.Level', ({ v }) => v === values.at(-1), back);
      assert.deepEqual(subscription.rows.slice(from).map(({ v, q }) => [v, q]), values.map((v) => [v, 0]));
      assert.equal(client.sources.get('plc').state, 'live');
      assert.equal(proxy.connections.length, connections, 'the connection was lost');
      proxy.delay = 0; // so that the end is quick
    });

    it('broken without a word for 10 s: at most one attempt a second, jittered, and back within 5 s', async () => {
      const proxy = await SlowProxy.start(peer.port);
      open.push(() => proxy.stop());
      const watch = await watched(proxy.endpoint, peer.node('Level'), times);
      const before = proxy.connections.length;
      const ms = 10_000;
      await survives(watch, peer, proxy, ms);
      const attempts = proxy.connections.slice(before);
      assert(attempts.length >= 2 && attempts.length <= ms / 1000 + 1, `${attempts.length} attempts in ${ms} ms`);
      const pauses = attempts.slice(1).map((at, i) => at - attempts[i]);
      assert(Math.min(...pauses) >= 1000, `pauses of ${pauses.map(Math.round)} ms`);
      assert(Math.max(...pauses) - Math.min(...pauses) > 10, `not jittered: ${pauses.map(Math.round)} ms`);
    });
  });
}

describe('a network of its own', () => {
  it('whose packets are lost without a word for 8 s', async (t) => {
    const network = await Network.create();
    if (!network) {
      t.skip('no network namespaces here (needs root and CAP_NET_ADMIN)');
      return;
    }
    open.push(() => network.remove());
    const peer = await Open62541Peer.start({}, network);
    open.push(() => peer.stop());
    await survives(await watched(peer.endpoint, peer.node('Level'), times), peer, network, 8000);
  });
});
