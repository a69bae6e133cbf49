/// tagwire-da-agent and the simulator under Wine, in two processes, over real COM.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { missing, objects, until, Wine } from './wine.mjs';

const server = 'Tagwire.DA.Simulation.1';
const flatServer = 'Tagwire.DA.FlatSimulation.1';
const da3Server = 'Tagwire.DA3.Simulation.1';
const why = missing();
if (why) console.error(`\n*** THE OPC DA AGENT IS NOT TESTED: ${why} ***\n`);

describe('tagwire-da-agent', { skip: why ?? false }, () => {
  let wine;
  before(() => {
    wine = new Wine();
  });
  after(() => wine?.stop());

  const ask = async (...words) => {
    const answer = await wine.agent(...words, '--json');
    assert.equal(answer.code, 0, answer.error);
    return objects(answer.out);
  };

  test('servers: the simulator is found by its category', async () => {
    const found = await ask('servers');
    assert.deepEqual(
      found.map((one) => one.progid),
      [flatServer, server, da3Server],
      'each once, also the one of two categories',
    );
    assert.equal(found[1].clsid, '{9A4E7F0C-52D1-4B7E-9C36-1D0B8E5A7F21}');
  });

  test('info: vendor, state and clock', async () => {
    const [info] = await ask('info', server);
    assert.equal(info.vendor, 'Tagwire OPC DA simulator');
    assert.equal(info.state, 'running');
    assert.ok(Math.abs(Date.parse(info.clock) - Date.now()) < 60_000, info.clock);
  });

  test('list: the tree, with "Simulation Items" no part of item ids', async () => {
    const entries = await ask('list', server);
    assert.deepEqual(
      entries.filter((one) => one.branch).map((one) => one.name),
      ['Simulation Items', 'Bucket Brigade', 'Random', 'Read Error', 'Write Error', 'Write Only', 'Saw-toothed Waves', 'Triangle Waves', 'Square Waves'],
    );
    const items = entries.map((one) => one.item);
    for (const item of ['@ClientCount', 'Random.Int4', 'Bucket Brigade.ArrayOfReal8', 'Square Waves.Boolean']) assert.ok(items.includes(item), item);
    const filtered = await ask('list', server, 'random.*int?');
    assert.deepEqual(
      filtered.map((one) => one.item),
      ['Random.Int1', 'Random.Int2', 'Random.Int4', 'Random.UInt1', 'Random.UInt2', 'Random.UInt4'],
    );
  });

  test('list: a server without branches has the same items', async () => {
    const items = async (...words) => (await ask('list', ...words)).map((one) => one.item).sort();
    const flat = await items(flatServer);
    assert.ok(flat.includes('Random.Int4'));
    assert.deepEqual(flat, await items(server, '--flat'));
    assert.deepEqual(await items(flatServer, 'random.*int?'), await items(server, 'random.*int?'));
  });

  test('a server of DA 3: the same by its own interfaces, page by page', async () => {
    const { out } = await wine.agent('info', da3Server);
    for (const name of ['IOPCBrowse', 'IOPCItemIO']) assert.match(out, new RegExp(`^has +${name}\\r?$`, 'm'));
    assert.doesNotMatch((await wine.agent('info', server)).out, /IOPCBrowse\r?$/m, 'the other one is of DA 2 alone');
    const sorted = (entries) => entries.map(({ name, item = '', branch = false }) => `${branch} ${item} ${name}`).sort();
    assert.deepEqual(sorted(await ask('list', da3Server)), sorted(await ask('list', server)));
    const properties = (name) => ask('properties', name, 'Triangle Waves.Int2').then((all) => all.filter(({ id }) => id !== 2 && id !== 4));
    assert.deepEqual(await properties(da3Server), await properties(server));
    const [good, unknown, failing, text] = objects(
      (await wine.agent('read', da3Server, 'Random.Int4', 'No.Such', 'Read Error.Int4', 'Random.ArrayOfString', '--json')).out,
    );
    assert.deepEqual([good.type, good.quality], ['VT_I4', 'Good']);
    assert.equal(unknown.hresult, 0xc0040007);
    assert.equal(failing.hresult, 0x80004005);
    assert.equal(text.value[1], '温度');
    const written = await wine.agent('write', da3Server, 'Bucket Brigade.Real8', '-2.5', '--json');
    assert.equal(objects(written.out)[0].value, -2.5, written.error);
  });

  test('properties: type, rights and range', async () => {
    const all = await ask('properties', server, 'Triangle Waves.Real8');
    const value = (id) => all.find((one) => one.id === id)?.value;
    assert.equal(value(1), 5, 'VT_R8');
    assert.equal(value(5), 1, 'readable');
    assert.equal(value(102), 1000);
    assert.equal(value(103), -1000);
    assert.equal(value(101), 'Simulated: Triangle Waves.Real8');
  });

  test('read: every type comes as what it is', async () => {
    const leaves = ['Int1', 'Int2', 'Int4', 'UInt1', 'UInt2', 'UInt4', 'Real4', 'Real8', 'Money', 'Boolean', 'String', 'Time', 'ArrayOfReal8', 'ArrayOfString'];
    const readings = await ask('read', server, ...leaves.map((leaf) => `Random.${leaf}`));
    assert.deepEqual(
      readings.map((one) => one.type),
      ['VT_I1', 'VT_I2', 'VT_I4', 'VT_UI1', 'VT_UI2', 'VT_UI4', 'VT_R4', 'VT_R8', 'VT_CY', 'VT_BOOL', 'VT_BSTR', 'VT_DATE', 'VT_ARRAY|VT_R8', 'VT_ARRAY|VT_BSTR'],
    );
    assert.ok(readings.every((one) => one.quality === 'Good' && one.status === 0));
    assert.ok(readings.every((one) => Math.abs(Date.parse(one.time) - Date.now()) < 60_000));
    assert.equal(readings[13].value[1], '温度');
  });

  test('read: what an item refuses is told for that item alone', async () => {
    const answer = await wine.agent('read', server, 'Random.Int4', 'No.Such', 'Read Error.Int4', 'Write Only.Int4', '--json');
    assert.equal(answer.code, 1);
    const [good, unknown, failing, writeOnly] = objects(answer.out);
    assert.equal(good.quality, 'Good');
    assert.equal(unknown.hresult, 0xc0040007);
    assert.match(unknown.error, /unknown item/);
    assert.equal(failing.hresult, 0x80004005);
    assert.equal(writeOnly.hresult, 0xc0040006);
  });

  test('write: reads back what was written, of every type', async () => {
    const cases = [
      ['Int1', '-128', -128],
      ['UInt4', '4294967295', 4294967295],
      ['Real8', '-2.5', -2.5],
      ['Money', '12.3456', '12.3456'],
      ['Boolean', 'true', true],
      ['String', '压力 Ω', '压力 Ω'],
      ['ArrayOfReal8', '[1,2.5,-3]', [1, 2.5, -3]],
      ['ArrayOfString', '["a","温度"]', ['a', '温度']],
    ];
    for (const [leaf, text, value] of cases) {
      const answer = await wine.agent('write', '--json', '--', server, `Bucket Brigade.${leaf}`, text);
      assert.equal(answer.code, 0, `${leaf}: ${answer.error}`);
      assert.deepEqual(objects(answer.out)[0].value, value, leaf);
    }
  });

  test('write: refusals say why', async () => {
    const refused = async (item, text, words) => {
      const answer = await wine.agent('write', server, item, text);
      assert.equal(answer.code, 1, answer.out);
      assert.match(answer.error, words);
    };
    await refused('Bucket Brigade.Int1', '128', /not within the range of the item's type \(-128 to 127\)/);
    await refused('Random.Int4', '1', /0xC0040006 .*access rights/);
    await refused('Write Error.Int4', '1', /0x80004005/);
    await refused('No.Such', '1', /0xC0040007/);
  });

  test('watch: changes at the rate that the server revised, none within the deadband', async () => {
    const answer = await wine.agent('watch', server, 'Random.Int4', 'Triangle Waves.Real8', 'Bucket Brigade.Int2', 'No.Such', '--rate', '10', '--deadband', '20', '--seconds', '4', '--json');
    assert.equal(answer.code, 0, answer.error);
    assert.match(answer.error, /the server's rate is 50 ms/);
    const changes = objects(answer.out);
    const of = (item) => changes.filter((one) => one.item === item);
    assert.ok(of('Random.Int4').length >= 10, `${of('Random.Int4').length} changes of Random.Int4`);
    const wave = of('Triangle Waves.Real8').map((one) => one.value);
    assert.ok(wave.length >= 2, 'the wave is told');
    for (let i = 1; i < wave.length; ++i) assert.ok(Math.abs(wave[i] - wave[i - 1]) > 400, `${wave}: 20 % of 2000`);
    assert.equal(of('Bucket Brigade.Int2').length, 1, 'what does not change is told once');
    assert.equal(of('No.Such')[0].hresult, 0xc0040007);
  });

  test('watch: a server that is killed is noticed, and watched again', async () => {
    const watch = wine.start({ limit: 60_000 }, 'watch', server, 'Random.Int4', '--rate', '200', '--seconds', '30', '--json');
    await until(() => watch.error, () => objects(watch.out).length > 3);
    assert.ok(wine.killSimulator());
    await until(() => watch.error, () => /lost: 0x8/.test(watch.error));
    const before = objects(watch.out).length;
    await until(() => watch.error, () => objects(watch.out).length > before + 3);
    assert.equal(watch.error.match(/^live/gm).length, 2);
    assert.equal((await watch.ended).code, 0);
  });

  test('watch: a server that asks its clients to leave is left, and connected to again', async () => {
    const watch = wine.start({ limit: 60_000 }, 'watch', server, 'Random.Int4', '--rate', '200', '--seconds', '30', '--json');
    await until(() => watch.error, () => objects(watch.out).length > 3);
    const asked = await wine.agent('write', server, '@Shutdown', 'maintenance');
    assert.equal(asked.code, 0, asked.error);
    assert.match(asked.error, /written; it cannot be read back/);
    await until(() => watch.error, () => /asks its clients to leave: maintenance/.test(watch.error));
    const before = objects(watch.out).length;
    await until(() => watch.error, () => objects(watch.out).length > before + 3);
    assert.equal((await watch.ended).code, 0);
  });

  test('wrong words are answered with the right ones', async () => {
    const unknown = await wine.agent('read', 'No.Such.Server', 'x');
    assert.equal(unknown.code, 1);
    assert.match(unknown.error, /no OPC server "No\.Such\.Server".*tagwire-da-agent servers/);
    const usage = await wine.agent('frobnicate');
    assert.equal(usage.code, 2);
    assert.match(usage.error, /no command frobnicate/);
  });
});
