/// Structures that only the server knows, from a foreign server's address space to a client.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const made = new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
const recipe = {
  name: 'Stout "dark"',
  state: 1,
  origin: { x: 1.5, y: -2 },
  samples: [0.5, 1, Number.NaN],
  path: [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ],
  serial: [0x80000000, 0], // 2^63
  made,
};
const recipeJson = {
  Name: 'Stout "dark"',
  State: 'Running_1',
  Origin: { X: 1.5, Y: -2 },
  Samples: [0.5, 1, 'NaN'],
  Path: [
    { X: 0, Y: 0 },
    { X: 1, Y: 1 },
  ],
  Serial: '9223372036854775808',
  Made: made.getTime(),
};

describe('structures of a server', () => {
  let peer, tagwire, client, subscription;

  before(async () => {
    const structure = (name, type, value, array) => ({ name, type: 'ExtensionObject', structure: type, value, array });
    peer = await OpcUaPeer.start([
      structure('Recipe', 'Recipe', recipe),
      structure('Recipes', 'Recipe', [recipe, { ...recipe, limit: 7.25 }], true),
      structure('Setting', 'Setting', { word: 'slow' }),
    ]);
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, peer.tags('T')) });
    client = await SocketClient.open(tagwire);
    await client.source('plc', ({ state }) => state === 'live', 20_000);
    subscription = await client.sub('T.**', { min: 0 });
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
    await peer?.stop();
  });

  const decoded = ({ v, q }) => q === 0 && v !== null && !('opaque' in [v].flat()[0]);

  it('arrive as objects of their fields by name', async () => {
    const { v } = await subscription.until('T.Recipe', decoded);
    assert.deepEqual(v, recipeJson);
    assert.equal(subscription.tags.get('T.Recipe').ty, 'struct');
    const answer = await get(tagwire, '/api/v1/tags/T.Recipe');
    assert.deepEqual(answer.json().v, recipeJson);
  });

  it('arrive as arrays of objects, with the optional field where it is there', async () => {
    const { v } = await subscription.until('T.Recipes', decoded);
    assert.deepEqual(v, [recipeJson, { ...recipeJson, Limit: 7.25 }]);
  });

  it('arrive as the chosen field of a union', async () => {
    const { v } = await subscription.until('T.Setting', decoded);
    assert.deepEqual(v, { Word: 'slow' });
  });

  it('changes come decoded at once', async () => {
    const seen = subscription.values.get('T.Setting');
    await peer.write('Setting', { value: { number: 4.5 } });
    const { v } = await subscription.until('T.Setting', (now) => now !== seen && now.v.Word === undefined);
    assert.deepEqual(v, { Number: 4.5 });
  });

  it('are decoded again after the server was restarted', async () => {
    await peer.kill();
    await subscription.until('T.Recipe', ({ q }) => q !== 0, 10_000);
    await peer.launch();
    const { v } = await subscription.until('T.Recipe', decoded, 20_000);
    assert.deepEqual(v, recipeJson);
  });
});
