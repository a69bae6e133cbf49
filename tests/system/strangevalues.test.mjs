/// What clients get of the strangest values that an OPC UA server can send: taken over, truncated and Uncertain, or Bad
/// with a reason.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { HostileServers } from './lib/hostile-server.mjs';
import { memory } from './lib/memory.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const good = 0;
const uncertainSubNormal = 0x40a40000;
const isText = (v) => typeof v === 'string';
const isRecent = (ts) => Math.abs(ts - Date.now()) < 60_000;

/// Lie of the server → what a client gets.
const cases = {
  'value-nan': ({ v, q }) => v === 'NaN' && q === good,
  'value-infinite': ({ v, q }) => /^-?Infinity$/.test(v) && q === good,
  'value-int64-min': ({ v, q }) => v === '-9223372036854775808' && q === good,
  'value-uint64-max': ({ v, q }) => v === '18446744073709551615' && q === good,
  'value-null': ({ v, q }) => v === null && q === good,
  // 1601, 9999, before and after all times: not known, so that of the arrival is taken.
  'value-times': ({ v, ts, q }) => v > 0 && q === good && isRecent(ts),
  'value-not-utf8': ({ v, q }) => isText(v) && v.length > 0 && q === good,
  'value-structure-unknown': ({ v, q }) => isText(v.opaque) && q === good,
  // Four elements of 2^96: such a message does not decode, and nothing of it is shown as good.
  'value-dimensions': ({ q }) => q >= 0x80000000,
  '!value-array-10000000': ({ v, q }) => Array.isArray(v) && v.length >= 10 && (q === uncertainSubNormal || q === good),
  '!value-string-64mb': ({ v, q }) => isText(v) && v.length > 1000 && v.length < 32 << 20 && q === uncertainSubNormal,
  'value-variants-20': ({ v, q }) => JSON.stringify(v).includes('nested too deeply') && q === good,
  'clock-century': ({ v, ts, q }) => v > 0 && q === good && isRecent(ts),
  'namespaces-without-ours': ({ q }) => q >= 0x80000000,
  'namespaces-renumbered': ({ v, q }) => v > 0 && q === good,
};
/// Messages of 80 MB take longer than the keep-alive of the other tests.
const patient = { keep_alive_count: 400, lifetime_count: 2000 };
const maxMemory = 1500;

describe('strange values', () => {
  const lies = Object.keys(cases);
  let servers, tagwire, client, subscription;
  before(async () => {
    servers = await HostileServers.start(lies.length);
    await Promise.all(lies.map((lie, index) => servers.lie(index, lie)));
    const sources = lies.map((_, i) => opcUa(`s${i}`, servers.endpoint(i), { [`S${i}.A`]: servers.node('A') }, patient));
    tagwire = await Tagwire.start({ config: noSimulator + sources.join('') });
    client = await SocketClient.open(tagwire);
    subscription = await client.sub('S*.A', { min: 100 });
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
    await servers?.stop();
  });

  for (const [index, lie] of lies.entries()) {
    it(lie, async () => {
      const where = (now) => cases[lie](now);
      const path = `S${index}.A`;
      await client.until(
        () => `${path} ${cases[lie]}; it is ${JSON.stringify(subscription.values.get(path)).slice(0, 300)}`,
        () => subscription.values.has(path) && where(subscription.values.get(path)),
        30_000,
      );
    });
  }

  it('with bounded memory', async () => {
    const { peak } = await memory(tagwire.program.pid);
    assert(peak < maxMemory, `${peak} MB`);
  });
});
