/// Ten thousand nodes of OPC UA servers of two makers, one of them wrong, through calls smaller than we would make.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { peers } from './lib/peers.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const count = 10_000;
const nodeIdUnknown = 0x80340000;

for (const { maker, start } of peers) {
  describe(`${count} nodes at a server of ${maker}`, () => {
    let peer, tagwire, client, subscription;
    before(async () => {
      peer = await start(count);
      const tags = Object.fromEntries(Array.from({ length: count }, (_, i) => [`Bulk.${i}`, peer.node(`Bulk.${i}`)]));
      const wrong = { 'Wrong.One': peer.node('there is no such node') };
      const entries = Object.entries(tags);
      // In the midst of the others.
      const all = Object.fromEntries([...entries.slice(0, count / 2), ...Object.entries(wrong), ...entries.slice(count / 2)]);
      tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, all, { request_timeout_ms: 20_000, keep_alive_count: 200, lifetime_count: 1000 }) });
      client = await SocketClient.open(tagwire);
      subscription = await client.sub(['Bulk.*', 'Wrong.*'], { min: 100 });
    });
    after(async () => {
      await client?.close();
      await tagwire?.stop();
      await peer?.stop();
    });

    const good = () => [...subscription.values].filter(([, { q }]) => q === 0).length;

    it('one wrong node among them: the others are good, and it says why', async () => {
      await client.until(() => `${count} good tags; there are ${good()}`, () => good() === count, 60_000);
      await subscription.until('Wrong.One', ({ q }) => q === nodeIdUnknown);
      const { state, bad, msg } = await client.source('plc', ({ bad }) => bad === 1);
      assert.equal(state, 'live');
      assert.equal(bad, 1);
      assert.match(msg, /Wrong\.One.*BadNodeIdUnknown/);
    });

    it('each change of each of them arrives', async () => {
      for (const value of [1, 2]) {
        const writes = Array.from({ length: count }, (_, i) => peer.write(`Bulk.${i}`, { value: value * count + i }));
        await Promise.all(writes);
        const arrived = () => [...subscription.values].filter(([path, { v, q }]) => q === 0 && v === value * count + Number(path.split('.')[1])).length;
        await client.until(() => `${count} new values; there are ${arrived()}`, () => arrived() === count, 30_000);
      }
    });

    it('with one session at the server', async () => {
      assert.equal((await peer.stats()).sessions, 1);
    });
  });
}
