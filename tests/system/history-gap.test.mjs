/// What changes at a server of node-opcua while there is no way to it comes from the server's history: nothing is missing,
/// nothing comes twice, all in order.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { ServicesPeer } from './lib/services-peer.mjs';
import { SlowProxy } from './lib/slow-proxy.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const isBad = ({ q }) => q >= 0x80000000;

/// Things to end after each test, last first.
const open = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

/// The Good rows as [ms, value], without those that only say after Bad that the last value is Good again.
function samplesOf(rows) {
  const samples = [];
  let bad = false;
  for (const row of rows) {
    const sample = [Math.round(row.ts), row.v];
    const last = samples.at(-1);
    const restores = bad && last && last[0] === sample[0] && last[1] === sample[1];
    bad = isBad(row);
    if (!bad && !restores) {
      assert.equal(row.q, 0, `status of ${sample}`);
      samples.push(sample);
    }
  }
  return samples;
}

const metric = async (tagwire, name) =>
  Number(new RegExp(`^\\w*${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec((await get(tagwire, '/metrics')).body)?.[1]);

describe('an outage of a server with history', () => {
  for (const [what, away, session] of [
    ['longer than the session', 8000, 2000],
    ['that the session survives, but not its queues', 5000, 60_000],
  ]) {
    it(`${what}: every sample arrives once, in order`, { timeout: 90_000 }, async () => {
      const peer = await ServicesPeer.start(new Date(Date.now() - 86_400_000));
      open.push(() => peer.stop());
      const proxy = await SlowProxy.start(peer.port);
      open.push(() => proxy.stop());
      const options = { request_timeout_ms: 2000, session_timeout_ms: session, queue_size: 5 };
      const tagwire = await Tagwire.start({
        config: opcUa('plc', proxy.endpoint, { 'Gap.Count': peer.node('History.0') }, options),
      });
      open.push(() => tagwire.stop());
      const client = await SocketClient.open(tagwire);
      open.push(() => client.close());
      const subscription = await client.sub('Gap.Count', { min: 0, mode: 'all' });
      const latest = await client.sub('Gap.Count', { min: 0 });
      await subscription.until('Gap.Count', ({ q }) => q === 0, 20_000);
      peer.count(200);
      await subscription.until('Gap.Count', ({ v }) => v >= 1_000_010, 10_000);

      proxy.partition();
      await subscription.until('Gap.Count', isBad, 5000);
      await sleep(away);
      proxy.heal();
      await subscription.until('Gap.Count', ({ q }) => !isBad({ q }), 15_000);
      await eventually('the gap is filled', async () => (await metric(tagwire, 'source_history_gaps_filled_total')) >= 1);
      await sleep(1000);
      const sent = await peer.counted();
      await subscription.until('Gap.Count', ({ v }) => v === sent.at(-1)[1]);

      const got = samplesOf(subscription.rows).filter(([, value]) => value >= 1_000_000);
      assert.deepEqual(got, sent.slice(sent.findIndex(([at]) => at === got[0][0])), tagwire.log);
      assert(got.length > 10 + away / 250, `${got.length} samples`);
      assert((await metric(tagwire, 'source_history_values_total')) > away / 400);
      assert.equal(await metric(tagwire, 'source_history_gaps_incomplete_total'), 0);

      // What was filled in is marked in the record, and was never shown as what the tag is now.
      const from = sent[0][0];
      const { b, v } = (await get(tagwire, `/api/v1/history?tags=Gap.Count&from=${from}`)).json().tags[0];
      const filled = v.filter(([, , , , origin]) => origin === 1).map(([dt, value]) => [Math.round(b + dt), value]);
      assert(filled.length > away / 400, `${filled.length} filled in`);
      assert.deepEqual(filled.filter(([at, value]) => !sent.some((one) => one[0] === at && one[1] === value)), []);
      const shown = new Set(latest.rows.filter((row) => !isBad(row)).map(({ v: value }) => value));
      assert.deepEqual(filled.filter(([, value]) => shown.has(value)), []);
    });
  }
});
