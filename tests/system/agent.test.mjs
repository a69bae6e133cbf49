/// The source of an OPC DA agent, with an agent of our own making: who gets in, what arrives, loss, broken rules.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { login, setUp } from './lib/access.mjs';
import { FakeAgent } from './lib/agent-peers.mjs';
import { noSimulator } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const isBad = ({ q }) => q >= 0x80000000;
const token = 'a token of the tests, and of nothing else'.replaceAll(' ', '-');
const config = `${noSimulator}
[[opcda]]
name = "da1"
token_sha256 = "${createHash('sha256').update(token).digest('hex')}"
server = "Vendor.Server.1"
prefix = "DA"
items = ["Line.Speed", "Line.*"]
rate_ms = 500
deadband_percent = 1.5
writable = ["DA.Line.Speed"]
`;

describe('an OPC DA agent', () => {
  let tagwire, client, subscription, agent;
  before(async () => {
    tagwire = await Tagwire.start({ config });
    client = await SocketClient.open(tagwire);
    subscription = await client.sub('DA.**', { min: 0 });
  });
  after(async () => {
    agent?.cut();
    await client?.close();
    await tagwire?.stop();
  });

  const items = { t: 'items', add: [
    { h: 0, id: 'Line.Speed', type: 'Double', vt: 5, access: 3, unit: 'm/s', low: 0, high: 10, desc: 'belt' },
    { h: 1, id: 'Line.Text', type: 'String', access: 1 },
    { h: 2, id: 'Line.Missing', q: 0x80340000, err: '0xC0040007 unknown item' },
  ] };
  const live = async () => {
    agent = await FakeAgent.connect(tagwire, token);
    agent.hello();
    await agent.until('watch', ({ t }) => t === 'watch');
    agent.say(items);
    agent.say({ t: 'state', live: true, server: 'Vendor 1.2', rate: 750 });
  };
  /// Waits for a question that begins with `frame`, and says the answer with its number.
  const answer = async (frame, reply) => {
    const asked = await agent.until(JSON.stringify(frame), (one) => Object.entries(frame).every(([key, value]) => JSON.stringify(one[key]) === JSON.stringify(value)));
    agent.say({ ...reply, id: asked.id });
    return asked;
  };

  it('is let in by its token alone', async () => {
    await assert.rejects(openSocket(tagwire, '/api/v1/agent'), { status: 401 });
    await assert.rejects(FakeAgent.connect(tagwire, `${token}x`), { status: 401 });
    const later = await openSocket(tagwire, '/api/v1/agent?auth=frame', {});
    later.send(JSON.stringify({ t: 'auth', id: 1, token: `${token}x` }));
    assert.equal((await later.closed()).code, 4001);
    const wordless = await openSocket(tagwire, '/api/v1/agent?auth=frame', {});
    wordless.send(JSON.stringify({ t: 'hello', v: 1, agent: 'fake 1', host: 'test' }));
    assert.equal((await wordless.closed()).code, 4009);
    const page = await get(tagwire, '/api/v1/agent');
    assert.equal(page.status, 426);
    const source = await client.source('da1', ({ state }) => state === 'connecting');
    assert.equal(source.why, 'BadNotConnected');
    assert.deepEqual([...subscription.tags.keys()], ['DA.Line.Speed']);
  });

  it('is told what to watch, and what it says becomes tags and values', async () => {
    await live();
    const order = agent.frames.find(({ t }) => t === 'watch');
    assert.deepEqual(order, { t: 'watch', server: 'Vendor.Server.1', rate: 500, deadband: 1.5, items: ['Line.Speed', 'Line.*'] });
    agent.say({ t: 'data', seq: 1, b: 1795435200000, v: [[0, 2.5], [1, 'läuft', -40, 0x40930000]] });
    await agent.until('ack', ({ t, seq }) => t === 'ack' && seq === 1);
    const speed = await subscription.until('DA.Line.Speed', ({ v }) => v === 2.5);
    assert.deepEqual(speed, { v: 2.5, ts: 1795435200000, q: 0 });
    assert.deepEqual(await subscription.until('DA.Line.Text', ({ v }) => v === 'läuft'), { v: 'läuft', ts: 1795435199960, q: 0x40930000 });
    const described = subscription.tags.get('DA.Line.Speed');
    assert.equal(described.u, 'm/s');
    assert.deepEqual(described.eu, [0, 10]);
    assert.equal((await subscription.until('DA.Line.Missing', isBad)).q, 0x80340000);
    const source = await client.source('da1', ({ state }) => state === 'live');
    assert.deepEqual([source.tags, source.bad], [3, 1]);
    assert.match(source.endpoint, /Vendor\.Server\.1 by fake 1 on test/);
  });

  it('tells of a lost DA server and of one that is back', async () => {
    agent.say({ t: 'state', live: false, q: 0x80310000, msg: 'the server has ended' });
    const lost = await subscription.until('DA.Line.Speed', isBad);
    assert.deepEqual([lost.v, lost.q], [2.5, 0x80310000]);
    assert.equal((await client.source('da1', ({ state }) => state === 'backoff')).msg, 'the server has ended');
    agent.say({ t: 'state', live: true });
    agent.say({ t: 'data', seq: 2, b: Date.now(), v: [[0, 3], [1, 'wieder']] });
    await subscription.until('DA.Line.Speed', ({ v, q }) => v === 3 && q === 0);
  });

  it('that goes leaves Bad tags, and comes again with other handles', async () => {
    agent.cut();
    assert.equal((await subscription.until('DA.Line.Speed', isBad)).v, 3);
    assert.match((await client.source('da1', ({ state }) => state === 'connecting')).msg, /the agent has gone/);
    agent = await FakeAgent.connect(tagwire, token);
    agent.hello();
    agent.say({ t: 'items', add: [{ h: 77, id: 'Line.Speed', type: 'Double' }] });
    agent.say({ t: 'state', live: true });
    agent.say({ t: 'data', seq: 1, b: Date.now(), v: [[77, 4, null]] });
    const again = await subscription.until('DA.Line.Speed', ({ v, q }) => v === 4 && q === 0);
    assert.ok(Math.abs(again.ts - Date.now()) < 10_000, 'without a time of the server ours is taken');
  });

  it('that comes twice: the newest counts', async () => {
    const old = agent;
    await live();
    assert.deepEqual(await old.closed(), { code: 4009, reason: 'another agent has come with the same token' });
    agent.say({ t: 'data', seq: 1, b: Date.now(), v: [[0, 5]] });
    await subscription.until('DA.Line.Speed', ({ v, q }) => v === 5 && q === 0);
  });

  it('that breaks a rule is told which', async () => {
    for (const [frame, reason] of [
      ['{"t":', /^no JSON: /],
      [{ t: 'fly' }, /^no frame fly$/],
      [{ t: 'data', seq: 9, b: 0, v: [] }, /^data 9 came after 0$/],
      [{ t: 'data', seq: 1, b: 0, v: [[9, 1]] }, /^data for the handle 9 without its item$/],
      [{ t: 'data', seq: 1, b: 0, v: [[0]] }, /^data\.v: expected rows \[handle, value, dt, q\]$/],
      [{ t: 'items', add: [{ h: 0, id: 'x' }] }, /^items\.add\.type is missing$/],
    ]) {
      await live();
      agent.say(frame);
      const { code, reason: told } = await agent.closed();
      assert.equal(code, 4009);
      assert.match(told, reason);
    }
    await client.source('da1', ({ state }) => state === 'connecting');
  });

  it('whose values are of another type than it said: that tag is Bad, the others are not', async () => {
    await live();
    agent.say({ t: 'data', seq: 1, b: Date.now(), v: [[0, 'text'], [1, 'gut']] });
    assert.equal((await subscription.until('DA.Line.Text', ({ v }) => v === 'gut')).q, 0);
    assert.equal((await subscription.until('DA.Line.Speed', isBad)).q, 0x80070000);
  });

  it('that kept values brings them first: they stand in the history where they belong', async () => {
    await live();
    const begin = Date.now();
    agent.say({ t: 'data', seq: 1, b: begin, v: [[0, 1]] });
    await subscription.until('DA.Line.Speed', ({ v }) => v === 1);
    await sleep(100);
    agent.cut();
    await subscription.until('DA.Line.Speed', isBad);
    const away = Date.now() - begin;
    await sleep(300);
    await live();
    // One from before the loss was noticed, two from after it.
    agent.say({ t: 'data', seq: 1, past: true, b: begin, v: [[0, 2, 50], [0, 3, away + 100], [0, 4, away + 200]] });
    await agent.until('ack', ({ t, seq }) => t === 'ack' && seq === 1);
    agent.say({ t: 'data', seq: 2, b: Date.now(), v: [[0, 5]] });
    await subscription.until('DA.Line.Speed', ({ v, q }) => v === 5 && q === 0);
    const rows = await eventually('all are recorded', async () => {
      const { series } = await client.hist('DA.Line.Speed', begin, Date.now() + 1);
      const good = series.get('DA.Line.Speed').v.filter(([, , q = 0]) => q === 0);
      return good.some(([, value]) => value === 5) && good;
    });
    assert.deepEqual(rows.slice(0, 5).map(([, value]) => value), [1, 2, 3, 4, 5]);
    assert.deepEqual(rows.slice(0, 4).map(([dt]) => dt), [0, 50, away + 100, away + 200]);
    assert.match(tagwire.log, /da1: the agent brought 3 values of the time without it/);
  });

  it('answers for the address space of its server', async () => {
    agent.cut();
    await live();
    const ask = async (route, query) => {
      const answered = await get(tagwire, `/api/v1/sources/da1/${route}?${new URLSearchParams(query)}`);
      return { status: answered.status, ...JSON.parse(answered.body) };
    };
    const root = ask('browse', {});
    await answer({ t: 'browse', path: [] }, { t: 'entries', add: [{ name: 'Line', step: 'Line' }, { name: '@Clients', item: '@Clients' }] });
    assert.deepEqual((await root).references.map(({ node, nodeClass }) => [node, nodeClass]), [
      ['branch=["Line"]', 'Object'],
      ['item=@Clients', 'Variable'],
    ]);
    const speed = ask('node', { node: 'item=Line.Speed' });
    await answer({ t: 'look', item: 'Line.Speed' }, { t: 'looked', vt: 5, type: 'Double', value: 2.5, time: 1795435200000, props: [[5, 'Item Access Rights', 3], [101, 'Item Description', 'belt']] });
    const { dataTypeName, value, ts, description, access } = await speed;
    assert.deepEqual([dataTypeName, value, ts, description, access], ['Double', 2.5, 1795435200000, 'belt', ['CurrentRead', 'CurrentWrite']]);
    const found = ask('search', { q: 'spee' });
    await answer({ t: 'search', pattern: '*spee*' }, { t: 'entries', add: [{ name: 'Speed', item: 'Line.Speed' }], cut: 'enough' });
    const hits = await found;
    assert.deepEqual([hits.hits[0].path, hits.cutOff], ['Line.Speed', 'enough']);
    const missing = ask('node', { node: 'item=No.Such' });
    await answer({ t: 'look', item: 'No.Such' }, { t: 'refused', q: 0x80340000, msg: 'No.Such: unknown item' });
    assert.deepEqual(await missing, { status: 404, code: 'not_found', msg: 'No.Such: unknown item' });
    assert.equal((await ask('node', { node: 'i=85' })).status, 400);
    const lost = ask('browse', { node: 'branch=["Line"]' });
    await agent.until('the question', ({ t, path }) => t === 'browse' && path[0] === 'Line');
    agent.cut();
    assert.match((await lost).msg, /the agent has gone/);
  });

  it('that tells how its server is shows so in the source', async () => {
    await live();
    agent.say({ t: 'health', state: 'running', started: 1795435200000, clock: Date.now() + 2000, rtt: 4, lost: 3 });
    const source = await eventually('it is told', async () => {
      const told = (await get(tagwire, '/api/v1/sources/da1')).json();
      return told.serverState === 'running' && told;
    });
    assert.deepEqual([source.serverStarted, source.roundTrip, source.subscriptions[0].asked, source.subscriptions[0].interval], [1795435200000, 4, 500, 750]);
    assert.ok(Math.abs(source.clockSkew - 2000) < 1000, `${source.clockSkew}`);
    assert.equal(source.counts.source_agent_lost_values_total, 3);
    assert.match(tagwire.log, /da1: the agent had no room for 3 values/);
  });

  it('writes for whoever may, and says what came of it', async () => {
    const admin = await setUp(tagwire);
    await admin.addUser('op1', 'operator', { write: ['DA.**'] });
    const operator = await login(tagwire, 'op1');
    const write = (tag, value) => operator.ok('/api/v1/values', { method: 'POST', body: { key: randomUUID(), ttl: 3000, values: [{ tag, value }] } });
    await eventually('it is said to be writable', () => subscription.tags.get('DA.Line.Speed')?.rw === 'rw');
    const done = write('DA.Line.Speed', 7.5);
    const asked = await answer({ t: 'write' }, { t: 'written', v: [[0x0004000e, 0x00300000, 7, 2.5]] });
    assert.deepEqual(asked.v, [[0, 5, 7.5]]);
    assert.ok(asked.ttl > 0 && asked.ttl <= 3000, `${asked.ttl}`);
    const [result] = (await done).values;
    assert.deepEqual([result.status, result.value], [0x00300000, 7]);
    const readOnly = (await write('DA.Line.Text', 'x')).values[0];
    assert.equal(readOnly.status, 0x803b0000);
    assert.ok(agent.frames.every(({ t, v }) => t !== 'write' || v[0][0] === 0), 'what may not be written does not reach the agent');
    agent.cut();
    await subscription.until('DA.Line.Speed', isBad);
    const away = await operator.request('/api/v1/values', { method: 'POST', body: { key: randomUUID(), ttl: 3000, values: [{ tag: 'DA.Line.Speed', value: 1 }] } });
    assert.equal(away.json().code, 'unreachable', away.body);
    await live();
    await sleep(500);
    assert.ok(!agent.frames.some(({ t }) => t === 'write'), 'nothing is kept for later');
  });

  it('is told when the gateway stops', async () => {
    const port = tagwire.port;
    await client.close();
    await tagwire.stop();
    client = tagwire = undefined;
    const { code } = await agent.closed();
    assert.ok([4000, 4009].includes(code), `${code} at ${port}`);
  });
});
