/// Every OPC UA type, its metadata and its quality, on the way from a foreign server to a client and to REST.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { arrays, scalars } from './lib/every-type.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const withMetadata = [
  { name: 'Temperature', type: 'Double', unit: '°C', range: [-20, 120], value: 21.5 },
  { name: 'Pump', type: 'Boolean', labels: ['Stopped', 'Running'], value: true },
  { name: 'Mode', type: 'UInt32', enums: ['Off', 'Manual', 'Auto'], value: 2 },
];
const odd = [
  { name: 'Structure', type: 'ExtensionObject', value: { low: 1, high: 2 } },
  { name: 'Changing', type: 'Double', value: 1 },
];

describe('values', () => {
  let peer, tagwire, client, subscription;

  before(async () => {
    peer = await OpcUaPeer.start([...scalars, ...arrays, ...withMetadata, ...odd]);
    const tags = {
      ...peer.tags('T'),
      'T.Missing': peer.node('NoSuchNode'),
      'T.Named': { node: peer.node('Changing'), unit: 'm³/h', range: { low: 0, high: 50 }, limits: { low: 5, high: 45 } },
    };
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, tags) });
    client = await SocketClient.open(tagwire);
    await client.source('plc', ({ state }) => state === 'live', 20_000);
    subscription = await client.sub('T.**', { min: 0 });
    for (const name of Object.keys(tags)) {
      // A value, or the reason why there never will be one.
      await subscription.until(name, ({ q }) => q === 0 || name === 'T.Missing');
    }
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
    await peer?.stop();
  });

  /// The REST answer for one tag, checked against the schema.
  async function detail(path) {
    const answer = await get(tagwire, `/api/v1/tags/${encodeURIComponent(path)}`);
    assert.equal(answer.status, 200, answer.body);
    checkStruct('TagDetail', answer.json());
    return answer.json();
  }

  for (const { name, array, ty, json } of [...scalars, ...arrays]) {
    it(`${name} arrives as ${ty}${array ? ' array' : ''} ${JSON.stringify(json)}`, async () => {
      assert.deepEqual(subscription.values.get(`T.${name}`).v, json);
      const description = subscription.tags.get(`T.${name}`);
      assert.equal(description.ty, ty);
      assert.deepEqual(description.dims, array ? [0] : undefined);
      const { v, q, st } = await detail(`T.${name}`);
      assert.deepEqual({ v, q, st }, { v: json, q: 0, st: 'Good' });
    });
  }

  it('a structure arrives as an object', async () => {
    const { v } = subscription.values.get('T.Structure');
    assert.equal(subscription.tags.get('T.Structure').ty, 'struct');
    assert.equal(typeof v, 'object');
    if ('opaque' in v) assert.notEqual(v.opaque, '', 'a reason');
    else assert.deepEqual(Object.values(v), [1, 2]);
    assert.deepEqual((await detail('T.Structure')).v, v);
  });

  it('the configuration gives unit, range and limits', async () => {
    for (const { u, eu, lim } of [subscription.tags.get('T.Named'), await detail('T.Named')]) {
      assert.deepEqual({ u, eu, lim }, { u: 'm³/h', eu: [0, 50], lim: { l: 5, h: 45 } });
    }
  });

  /// What the server says of a tag is read after its first value.
  const described = (name, what) =>
    client.until(() => `${what} of ${name}; it is ${JSON.stringify(subscription.tags.get(name))}`, () => what in subscription.tags.get(name));

  it('an analog item brings its unit and range', async () => {
    await described('T.Temperature', 'eu');
    const { u, eu } = subscription.tags.get('T.Temperature');
    assert.deepEqual({ u, eu }, { u: '°C', eu: [-20, 120] });
    const fromRest = await detail('T.Temperature');
    assert.deepEqual({ u: fromRest.u, eu: fromRest.eu }, { u: '°C', eu: [-20, 120] });
  });

  it('a two-state item brings its labels', async () => {
    await described('T.Pump', 'en');
    assert.deepEqual(subscription.tags.get('T.Pump').en, { 0: 'Stopped', 1: 'Running' });
    assert.equal(subscription.values.get('T.Pump').v, true);
  });

  it('an enumeration brings its labels', async () => {
    await described('T.Mode', 'en');
    assert.deepEqual(subscription.tags.get('T.Mode').en, { 0: 'Off', 1: 'Manual', 2: 'Auto' });
    assert.equal(subscription.values.get('T.Mode').v, 2);
  });

  it('a node the server does not have is Bad with the reason, and the others are not', async () => {
    const { v, q, st } = await detail('T.Missing');
    assert.deepEqual({ v, q, st }, { v: null, q: 0x80340000, st: 'BadNodeIdUnknown' });
    assert.equal(subscription.values.get('T.Missing').q, 0x80340000);
    const source = client.sources.get('plc');
    assert.equal(source.bad, 1);
  });

  for (const [status, name] of [
    [0x40930000, 'UncertainSensorNotAccurate'],
    [0x808b0000, 'BadDeviceFailure'],
    [0x00960000, 'GoodLocalOverride'],
  ]) {
    it(`the status ${name} arrives in full`, async () => {
      await peer.write('Changing', { value: 5, status });
      const { v } = await subscription.until('T.Changing', ({ q }) => q === status);
      if (status < 0x80000000) assert.equal(v, 5);
      await eventually('REST has it, too', async () => {
        const { q, st } = await detail('T.Changing');
        return q === status && st === name;
      });
    });
  }

  it('a source time of 1601 or 9999 breaks nothing', async () => {
    for (const sourceTime of [new Date('1601-01-01T00:00:01Z'), new Date('9999-12-31T23:59:58Z')]) {
      const value = sourceTime.getUTCFullYear();
      await peer.write('Changing', { value, status: 0, sourceTime });
      const { ts } = await subscription.until('T.Changing', ({ v }) => v === value);
      assert.equal(ts, sourceTime.getTime());
    }
  });
});
