/// Structures that only the server knows, from a foreign server's address space to a client.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { Open62541Peer } from './lib/open62541-peer.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { runTool } from './lib/tool.mjs';

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
    const structure = (name, type, value, array) => ({
      name,
      type: 'ExtensionObject',
      structure: type,
      value,
      array,
    });
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

  it('what the tool writes at the server arrives', async () => {
    const written = { ...recipeJson, Name: 'Porter', Samples: [], Limit: 3 };
    const words = [peer.node('Recipe'), JSON.stringify(written), peer.node('Setting'), '{"Word":"fast"}'];
    const { code, out, error } = await runTool('write', peer.endpoint, ...words, '--policy', 'none', '--json');
    assert.equal(code, 0, error + out);
    await subscription.until('T.Recipe', ({ v }) => v.Name === 'Porter');
    assert.deepEqual(subscription.values.get('T.Recipe').v, written);
    await subscription.until('T.Setting', ({ v }) => v.Word === 'fast');
    await peer.write('Recipe', { value: recipe });
    await subscription.until('T.Recipe', ({ v }) => v.Name === recipeJson.Name);
  });

  it('are decoded again after the server was restarted', async () => {
    await peer.kill();
    await subscription.until('T.Recipe', ({ q }) => q !== 0, 10_000);
    await peer.launch();
    const { v } = await subscription.until('T.Recipe', decoded, 20_000);
    assert.deepEqual(v, recipeJson);
  });
});

describe('the tool at a server on open62541', () => {
  let peer;
  before(async () => {
    peer = await Open62541Peer.start({ services: 1 });
  });
  after(() => peer?.stop());

  const recipe = (name, more = {}) => ({
    Name: name,
    State: 2,
    Origin: { X: 3, Y: 4 },
    Samples: [],
    ...more,
  });
  /// The rows that a command prints.
  async function rows(command, ...words) {
    const { code, out, error } = await runTool(command, peer.endpoint, ...words, '--policy', 'none', '--json');
    assert.equal(code, 0, error + out);
    return JSON.parse(out);
  }

  it('writes structures, also where any type is taken, and matrices', async () => {
    const written = await rows(
      'write',
      peer.node('Recipe'),
      JSON.stringify(recipe('x', { Limit: 7.5 })),
      peer.node('Anything'),
      JSON.stringify(recipe('y')),
      peer.node('Cells'),
      '[[1,2],[3,4],[5,6]]',
    );
    assert.deepEqual(
      written.map(({ value, message }) => [value, message]),
      [
        [recipe('x', { Limit: 7.5 }), null],
        [recipe('y'), null],
        [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          null,
        ],
      ],
    );
  });

  it('calls a method with a structure', async () => {
    const outputs = await rows('call', peer.node('Kitchen'), peer.node('Kitchen.Cook'), JSON.stringify(recipe('x')), '1');
    assert.deepEqual(outputs, [{ output: 'Cooked', value: recipe('x', { State: 1 }), type: 'Structure' }]);
  });

  it('reads the history of structures, page by page', async () => {
    const first = Date.UTC(2026, 10, 23);
    await peer.recordRecipes(first, 250, 1000);
    const all = await rows('history', peer.node('Recipe'), '--from', '2026-11-23T00:00:00Z', '--to', '2026-11-24');
    assert.deepEqual(
      all.map(({ time, value }) => [time, value]),
      Array.from({ length: 250 }, (_, i) => [first + i * 1000, recipe(`r${i}`)]),
    );
  });

  it('says that the server does not support ConditionRefresh', async () => {
    const { code, error } = await runTool('events', peer.endpoint, '--for', '1s', '--policy', 'none');
    assert.equal(code, 0);
    assert.match(
      error,
      /the server does not support ConditionRefresh \(Bad\w+\): of its conditions only those that change from now on are known/,
    );
  });
});
