/// Subscriptions by wildcard follow tags that appear later: here new nodes of a server whose subtree is followed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { Open62541Peer } from './lib/open62541-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const patience = 15_000;

describe('a subscription by wildcard', () => {
  let peer, tagwire, client;
  before(async () => {
    peer = await Open62541Peer.start({ plant: 1 });
    const subtree = `\n[[opcua.subtrees]]\nnode = "${peer.node('Plant')}"\nname = "Plant"\nrescan_ms = 1000\n`;
    tagwire = await Tagwire.start({ config: opcUa('plc', peer.endpoint, { Level: peer.node('Level') }) + subtree });
    client = await SocketClient.open(tagwire);
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
    await peer?.stop();
  });

  it('that matches nothing yet gets the tags when they come', async () => {
    const nothing = await client.sub('Plant.**.Later', { min: 0 });
    assert.equal(nothing.ok.tags.length, 0);
    const all = await client.sub('Plant.**', { min: 0 });
    const one = await client.sub('Level', { min: 0 });
    await peer.add('Plant', 'Later');
    await peer.write('Plant.Later', { value: 7 });
    for (const subscription of [nothing, all]) {
      const path = await client.until('the new tag is described', () => [...subscription.tags.keys()].find((name) => name.endsWith('Later')), patience);
      await subscription.until(path, ({ v, q }) => v === 7 && q === 0, patience);
    }
    assert.deepEqual([...one.tags.keys()], ['Level']);
    await peer.write('Plant.Later', { value: 8 });
    await nothing.until([...nothing.tags.keys()][0], ({ v }) => v === 8, patience);
  });

  it('keeps a tag whose node is gone, Bad with the reason, and gets it back', async () => {
    const subscription = await client.sub('Plant.**.Gone', { min: 0 });
    await peer.add('Plant', 'Gone');
    const path = await client.until('the new tag is described', () => [...subscription.tags.keys()][0], patience);
    await subscription.until(path, ({ q }) => q === 0, patience);
    await peer.remove('Plant.Gone');
    await subscription.until(path, ({ q }) => q === 0x80340000, patience);
    await peer.add('Plant', 'Gone');
    await subscription.until(path, ({ q }) => q === 0, patience);
    assert.equal(subscription.tags.size, 1);
  });
});
