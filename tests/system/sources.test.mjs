/// What clients see of an OPC UA server that goes and comes: states with a reason, Bad and Good tags, no duplicates.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa, quickLoss } from './lib/config.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const back = 5000;
const isBad = ({ q }) => q >= 0x80000000;
const isGood = ({ q }) => q === 0;

describe('an OPC UA source', () => {
  let peer, tagwire, client, subscription;
  before(async () => {
    peer = await OpcUaPeer.start(['A', 'B'].map((name) => ({ name, type: 'Double', value: 1 })));
    tagwire = await Tagwire.start({ config: opcUa('plc', peer.endpoint, peer.tags('Line'), { reconnect_min_ms: 500, reconnect_max_ms: 2000, session_timeout_ms: 3000 }) });
    client = await SocketClient.open(tagwire);
    subscription = await client.sub('Line.*', { min: 0 });
    await subscription.until('Line.A', isGood, 20_000);
    await subscription.until('Line.B', isGood);
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
    await peer?.stop();
  });

  /// Each of `values`, written one by one, arrives exactly once.
  async function exactlyOnce(values) {
    const from = subscription.rows.length;
    for (const value of values) {
      await peer.write('A', { value });
      await subscription.until('Line.A', ({ v, q }) => v === value && q === 0);
    }
    await sleep(300);
    assert.deepEqual(subscription.rows.slice(from).map(({ n, v }) => [n, v]), values.map((v) => ['Line.A', v]));
  }

  it('delivers each change once', () => exactlyOnce([2, 3, 4]));

  it('killed and restarted twice: Bad with the last value, then Good, each change once', async () => {
    for (let round = 0; round < 2; ++round) {
      const last = subscription.values.get('Line.A').v;
      await peer.kill();
      const start = performance.now();
      const lost = await subscription.until('Line.A', isBad, quickLoss);
      assert.equal(lost.v, last, 'the last value is kept');
      assert(performance.now() - start < quickLoss);
      const source = await client.source('plc', ({ state }) => state !== 'live');
      assert.match(source.why, /^Bad/);
      assert(source.msg.length > 10, source.msg);
      await peer.launch();
      await subscription.until('Line.A', isGood, back);
      await subscription.until('Line.B', isGood, back);
      await client.source('plc', ({ state }) => state === 'live');
      await exactlyOnce([round * 10 + 100, round * 10 + 101]);
    }
    const { sessions, subscriptions, monitoredItems } = await peer.stats();
    assert.deepEqual({ sessions, subscriptions, monitoredItems }, { sessions: 1, subscriptions: 1, monitoredItems: 2 });
  });

  it('attempts to connect about every reconnect_min_ms to four times that', async () => {
    await peer.kill();
    await subscription.until('Line.A', isBad, quickLoss);
    let attempts = 0;
    const watcher = await SocketClient.open(tagwire);
    const deadline = performance.now() + 5000;
    while (performance.now() < deadline) {
      const left = deadline - performance.now();
      const frame = await watcher.frames.take(({ t, n }) => t === 'src' && n === 'plc', left).catch(() => undefined);
      if (frame?.state === 'connecting') ++attempts;
    }
    await watcher.close();
    await peer.launch();
    assert(attempts >= 2 && attempts <= 7, `${attempts} attempts in 5 s`);
    await subscription.until('Line.A', isGood, back);
  });

  for (const [what, ms] of [
    ['for half a second: delivered late, never Bad', 500],
    ['longer than the keep-alive', 4000],
    ['longer than the session lives', 8000],
  ]) {
    it(`frozen ${what}`, async () => {
      const from = subscription.rows.length;
      peer.freeze();
      await sleep(ms);
      const wasBad = isBad(subscription.values.get('Line.A'));
      peer.thaw();
      if (ms > quickLoss) assert(wasBad, 'a hanging server must turn Bad');
      await subscription.until('Line.A', isGood, back);
      await subscription.until('Line.B', isGood, back);
      if (ms < 1000) assert(subscription.rows.slice(from).every(isGood), 'Bad for a short stall');
      await client.source('plc', ({ state }) => state === 'live');
      await exactlyOnce([ms + 1, ms + 2]);
      await eventually('one session is left', async () => {
        const { sessions, subscriptions } = await peer.stats();
        return sessions === 1 && subscriptions === 1;
      }, { timeout: 10_000 });
    });
  }

  it('the other source went on all the time', async () => {
    const { state, since } = client.sources.get('simulator');
    assert.equal(state, 'live');
    assert(since <= client.hello.now);
  });
});
