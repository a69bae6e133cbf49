/// From a DA server through the agent and the gateway to WebSocket clients; each of the three lost and found again.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { login, setUp } from '../../../tests/system/lib/access.mjs';
import { FakeGateway } from '../../../tests/system/lib/agent-peers.mjs';
import { noSimulator } from '../../../tests/system/lib/config.mjs';
import { get } from '../../../tests/system/lib/http.mjs';
import { freePort } from '../../../tests/system/lib/ports.mjs';
import { openSocket, SocketClient } from '../../../tests/system/lib/socket-client.mjs';
import { Tagwire } from '../../../tests/system/lib/tagwire.mjs';
import { makeServerCertificate } from '../../../tests/system/lib/tls-certificates.mjs';
import { eventually } from '../../../tests/system/lib/wait.mjs';
import { missing, until, Wine } from './wine.mjs';

const why = missing();
if (why) console.error(`\n*** THE OPC DA BRIDGE IS NOT TESTED: ${why} ***\n`);

const isBad = ({ q }) => q >= 0x80000000;
const isGood = ({ q }) => q === 0;
/// A DA server or an agent that was killed is asked for again after a second; Wine takes some to start it.
const back = 40_000;

describe('an OPC DA source', { skip: why ?? false }, () => {
  const token = randomBytes(24).toString('hex');
  let wine, tagwire, agent, client, subscription, tokenFile, operator;

  const startAgent = () => wine.start({ limit: 300_000 }, 'bridge', `ws://${tagwire.host}`, '--token-file', tokenFile);
  const said = () => agent.error;
  const order = (...values) => ({ key: randomUUID(), ttl: 5000, values });
  const write = (...values) => operator.ok('/api/v1/values', { method: 'POST', body: order(...values) });
  const open = async () => {
    client = await SocketClient.open(tagwire);
    subscription = await client.sub('DA.**', { min: 0 });
  };

  before(async () => {
    wine = new Wine();
    tagwire = await Tagwire.start({
      config: `${noSimulator}
[[opcda]]
name = "da1"
token_sha256 = "${createHash('sha256').update(token).digest('hex')}"
server = "Tagwire.DA.Simulation.1"
prefix = "DA"
items = ["Random.Int1", "Random.*", "Bucket Brigade.*", "Triangle Waves.Real8", "Read Error.Int4", "Write Only.Int4", "No.Such"]
rate_ms = 100
writable = ["DA.Bucket Brigade.*", "DA.Write Only.*", "DA.Random.Int4"]
`,
    });
    tokenFile = path.join(tagwire.folder, 'token');
    await writeFile(tokenFile, `${token}\r\n`);
    await open();
  });
  after(async () => {
    await agent?.kill();
    await client?.close();
    wine?.stop();
    await tagwire?.stop();
  });

  test('before an agent has come, tags of plain ids are there, and the source says what to do', async () => {
    const source = await client.source('da1', ({ state }) => state === 'connecting');
    assert.equal(source.kind, 'opcda');
    assert.equal(source.why, 'BadNotConnected');
    assert.match(source.msg, /start tagwire-da-agent/);
    assert.ok(subscription.tags.has('DA.Random.Int1'));
    assert.ok(!subscription.tags.has('DA.Random.Real8'));
  });

  test('who has no token, or another one, is not let in', async () => {
    await assert.rejects(openSocket(tagwire, '/api/v1/agent'), { status: 401 });
    await assert.rejects(openSocket(tagwire, '/api/v1/agent', { headers: { authorization: 'Bearer wrong' } }), { status: 401 });
    assert.equal((await get(tagwire, '/api/v1/agent')).status, 426);
    const file = path.join(tagwire.folder, 'wrong');
    await writeFile(file, 'x'.repeat(40));
    const stranger = wine.start({ limit: 60_000 }, 'bridge', `ws://${tagwire.host}`, '--token-file', file);
    await until(() => stranger.error, () => /does not know the token/.test(stranger.error));
    await stranger.kill();
  });

  test('a gateway whose certificate is not trusted gets no token', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tagwire-agent-tls-'));
    let server;
    try {
      const { certificate, key } = await makeServerCertificate(folder, 'stranger');
      server = https.createServer({ cert: await readFile(certificate), key: await readFile(key) });
      const requests = [];
      server.on('request', (request) => requests.push(request.url)).on('upgrade', (request) => requests.push(request.url));
      const port = await freePort();
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const stranger = wine.start({ limit: 60_000 }, 'bridge', `wss://127.0.0.1:${port}`, '--token-file', tokenFile);
      await until(() => stranger.error, () => /certificate is not trusted/.test(stranger.error));
      await stranger.kill();
      assert.deepEqual(requests, []);
    } finally {
      server?.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a gateway is trusted by the fingerprint of its certificate, and another gets no token', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tagwire-agent-pin-'));
    const gateways = [];
    try {
      const listen = async (name) => {
        const files = await makeServerCertificate(folder, name);
        const certificate = { cert: await readFile(files.certificate), key: await readFile(files.key) };
        const gateway = await FakeGateway.start(token, { certificate });
        gateways.push(gateway);
        return [gateway, new X509Certificate(certificate.cert).fingerprint256];
      };
      const [[ours, fingerprint], [stranger, other]] = [await listen('ours'), await listen('stranger')];
      const bridge = (gateway) =>
        wine.start({ limit: 60_000 }, 'bridge', `wss://127.0.0.1:${gateway.port}`, '--token-file', tokenFile, '--gateway-sha256', fingerprint);

      const trusting = bridge(ours);
      await until(() => trusting.error, () => ours.frames.length >= 2);
      await trusting.kill();
      assert.deepEqual(ours.requests[0], ['/api/v1/agent?auth=frame', undefined]);
      assert.deepEqual(ours.frames[0], { t: 'auth', id: 1, token });
      assert.equal(ours.frames[1].t, 'hello');

      const refusing = bridge(stranger);
      await until(() => refusing.error, () => refusing.error.includes(`its SHA-256 is ${other}`));
      await refusing.kill();
      assert.ok(stranger.requests.length > 0, 'it was asked');
      assert.ok(stranger.requests.every(([, authorization]) => authorization === undefined));
      assert.deepEqual(stranger.frames, [], 'and told nothing');
    } finally {
      for (const gateway of gateways) gateway.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('questions and writes of a gateway are answered, beside the values', async () => {
    const gateway = await FakeGateway.start(token);
    const watching = wine.start({ limit: 120_000 }, 'bridge', `ws://127.0.0.1:${gateway.port}`, '--token-file', tokenFile);
    try {
      gateway.acknowledges = true;
      await gateway.until('hello', ({ t }) => t === 'hello', back);
      gateway.say({ t: 'look', id: 99, item: 'Random.Int1' });
      assert.match((await gateway.until('no server yet', ({ t, id }) => t === 'refused' && id === 99)).msg, /not been told/);
      gateway.say({ t: 'hello', v: 1, server: 'fake' });
      gateway.say({ t: 'watch', server: 'Tagwire.DA.Simulation.1', rate: 100, deadband: 0, items: ['Bucket Brigade.*', 'Random.Int4', 'Write Error.Int4'] });
      await gateway.until('live', ({ t, live }) => t === 'state' && live, back);
      const answer = async (frame) => {
        gateway.say(frame);
        return gateway.until(`an answer to ${frame.id}`, ({ id }) => id === frame.id, back);
      };
      const known = new Map(gateway.frames.filter(({ t }) => t === 'items').flatMap(({ add }) => add).map((item) => [item.id, item]));
      const write = (id, ttl, ...rows) =>
        answer({ t: 'write', id, ttl, v: rows.map(([item, value, vt = known.get(item).vt]) => [known.get(item).h, vt, value]) });

      const branch = await answer({ t: 'browse', id: 1, path: ['Simulation Items', 'Random'], limit: 3 });
      assert.equal(branch.add.length, 3);
      assert.equal(branch.cut, 'only the first 3 are shown');
      assert.match((await answer({ t: 'browse', id: 2, path: ['No such'], limit: 3 })).msg, /there is no branch "No such"/);
      const looked = await answer({ t: 'look', id: 3, item: 'Bucket Brigade.Money' });
      assert.deepEqual([looked.t, looked.vt, looked.type], ['looked', 6, 'String']);
      assert.ok(looked.props.some(([id, , value]) => id === 5 && value === 3), JSON.stringify(looked));
      assert.equal((await answer({ t: 'look', id: 4, item: 'No.Such' })).q, 0x80340000);
      const found = await answer({ t: 'search', id: 5, pattern: '*brigade.int?', limit: 10 });
      assert.deepEqual(found.add.map(({ item }) => item).sort(), ['Int1', 'Int2', 'Int4'].map((leaf) => `Bucket Brigade.${leaf}`));

      const done = await write(6, 5000, ['Bucket Brigade.Int1', -128], ['Bucket Brigade.Money', '12.5'], ['Bucket Brigade.ArrayOfReal8', [1, 2.5]]);
      assert.deepEqual(done.v.map(([code, status, after]) => [code, status, after]), [[0, 0, -128], [0, 0, '12.5'], [0, 0, [1, 2.5]]]);
      const again = await write(61, 5000, ['Bucket Brigade.Int1', 7]);
      assert.deepEqual(again.v, [[0, 0, 7, -128]], 'with what was there before');
      const refused = await write(7, 5000, ['Random.Int4', 1], ['Bucket Brigade.Int1', 128], ['Bucket Brigade.Int2', 1, 3], ['Write Error.Int4', 1]);
      assert.deepEqual(refused.v.map(([code, status, after]) => [code, status, after]), [
        [0xc0040006, 0x803b0000, null], // BadNotWritable
        [0xc0040004, 0x80740000, null], // no VT_I1
        [0xc0040004, 0x80740000, null], // VT_I4 for a VT_I2
        [0x80004005, 0x80000000, null],
      ]);
      await gateway.until('the callback of what was written', ({ t, v }) => t === 'data' && v.some(([h, value]) => h === known.get('Bucket Brigade.Int1').h && value === 7));
      assert.match((await answer({ t: 'write', id: 8, ttl: 5000, v: [[9999, 3, 1]] })).msg, /nothing was written: there is no item with the handle 9999/);

      // Dead, whether or not the agent has noticed: it must not start the server again for a write.
      assert.ok(wine.killSimulator());
      const dead = await write(9, 5000, ['Bucket Brigade.Int1', 5]);
      assert.equal(dead.t, 'refused');
      assert.match(dead.msg, /^nothing was written: /);
      assert.deepEqual(gateway.violations, []);
    } finally {
      await watching.kill();
      gateway.stop();
    }
  });

  test('every frame of the agent is what the schema says', async () => {
    const gateway = await FakeGateway.start(token);
    const watching = wine.start({ limit: 120_000 }, 'bridge', `ws://127.0.0.1:${gateway.port}`, '--token-file', tokenFile);
    try {
      await gateway.until('hello', ({ t }) => t === 'hello', back);
      gateway.say({ t: 'hello', v: 1, server: 'fake' });
      gateway.say({ t: 'watch', server: 'Tagwire.DA.Simulation.1', rate: 50, deadband: 0, items: ['*'] });
      await gateway.until('data', ({ t }) => t === 'data', back);
      await gateway.until('eight frames, none acknowledged', ({ t, seq }) => t === 'data' && seq === 8);
      await sleep(1000);
      gateway.say({ t: 'ack', seq: 8 });
      const after = await gateway.until('what was held back', ({ t, seq }) => t === 'data' && seq === 9);
      assert.ok(after.v.some(([, , , q = 0]) => (q & 0x480) === 0x480), 'values that took the place of others say so');
      await gateway.until('a ping', ({ t }) => t === 'ping');
      const types = gateway.frames.filter(({ t }) => t === 'items').flatMap(({ add }) => add.map(({ type }) => type));
      assert.ok(['SByte', 'DateTime', 'String', 'Boolean', 'Float'].every((type) => types.includes(type)), types.join());
      assert.deepEqual(gateway.violations, []);
    } finally {
      await watching.kill();
      gateway.stop();
    }
  });

  test('while the gateway is away values wait, also for the next agent, and come in time order', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tagwire-agent-values-'));
    let gateway, watching;
    const meet = async () => {
      gateway.acknowledges = true;
      watching ??= wine.start({ limit: 200_000 }, 'bridge', `ws://127.0.0.1:${gateway.port}`, '--token-file', tokenFile, '--keep', folder);
      await gateway.until('hello', ({ t }) => t === 'hello', back);
      gateway.say({ t: 'hello', v: 1, server: 'fake' });
      gateway.say({ t: 'watch', server: 'Tagwire.DA.Simulation.1', rate: 50, deadband: 0, items: ['Random.Int4'] });
      await gateway.until('data', ({ t }) => t === 'data', back);
    };
    const away = async () => {
      const { port } = gateway;
      const since = Date.now();
      gateway.stop();
      await sleep(4000);
      return { port, since };
    };
    // Values of the past, and the time of the first that is not.
    const caughtUp = async () => {
      const live = await gateway.until('live values', ({ t, past }) => t === 'data' && !past, back);
      assert.deepEqual(gateway.violations, []);
      const times = gateway.frames.filter(({ past }) => past).flatMap(({ b, v }) => v.map(([, , dt = 0]) => b + dt));
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      assert.ok(live.b >= times.at(-1));
      return times;
    };
    try {
      gateway = await FakeGateway.start(token);
      await meet();
      const { port, since } = await away();
      gateway = await FakeGateway.start(token, { port });
      await meet();
      const times = await caughtUp();
      const gaps = times.slice(1).map((time, i) => time - times[i]);
      assert.ok(times[0] - since < 1000 && times.at(-1) - since > 3000, `${times[0] - since} … ${times.at(-1) - since} ms`);
      assert.ok(Math.max(...gaps) < 1000, `a gap of ${Math.max(...gaps)} ms`);

      const again = await away();
      await watching.kill();
      watching = undefined;
      gateway = await FakeGateway.start(token, { port: again.port });
      await meet();
      const kept = await caughtUp();
      assert.ok(kept[0] - again.since < 1000 && kept.at(-1) - again.since > 1500, 'all but the last second');
      await eventually('nothing is left', async () => (await readdir(folder)).length === 0, { timeout: back });
    } finally {
      await watching?.kill();
      gateway?.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('values come with type, quality, time and metadata', async () => {
    agent = startAgent();
    await until(said, () => /items are watched/.test(agent.error));
    await client.source('da1', ({ state, endpoint }) => state === 'live' && /tagwire-da-agent/.test(endpoint), back);
    await subscription.until('DA.Random.Int1', isGood, back);
    const text = await subscription.until('DA.Random.ArrayOfString', isGood);
    assert.equal(text.v[1], '温度');
    const real = await subscription.until('DA.Triangle Waves.Real8', isGood);
    assert.ok(Math.abs(real.ts - Date.now()) < 60_000, 'the time of the DA server');
    const { body } = await get(tagwire, `/api/v1/tags/${encodeURIComponent('DA.Triangle Waves.Real8')}`);
    const described = JSON.parse(body);
    assert.equal(described.ty, 'f64');
    assert.equal(described.u, '%');
    assert.deepEqual(described.eu, [-1000, 1000]);
    const failing = await subscription.until('DA.Read Error.Int4', isBad);
    assert.equal(failing.q, 0x80000000);
    const unknown = await subscription.until('DA.No.Such', isBad);
    assert.equal(unknown.q, 0x80340000, 'BadNodeIdUnknown');
    const source = client.sources.get('da1');
    assert.equal(source.bad, 1);
    assert.match(source.msg, /No\.Such.*unknown item/);
  });

  test('qualities become statuses', async () => {
    const seen = new Set();
    await client.until(() => [...seen].join(), () => {
      const latest = subscription.values.get('DA.Random.Qualities');
      if (latest) seen.add(latest.q);
      return seen.has(0x80890000) && seen.has(0x00960000) && seen.has(0x40900000);
    }, back);
  });

  test('/tagCurValue has them', async () => {
    const socket = await openSocket(tagwire, '/tagCurValue?tag=DA.Random.Int1');
    const values = new Set();
    for (let i = 0; i < 5; ++i) {
      const text = await socket.messages.take(() => true, 5000);
      assert.match(text, /^-?\d+$/);
      values.add(text);
    }
    assert.ok(values.size > 1, [...values].join());
    await socket.close();
  });

  test('what is written at the DA server is seen', async () => {
    const written = await wine.agent('write', 'Tagwire.DA.Simulation.1', 'Bucket Brigade.String', '压力 Ω');
    assert.equal(written.code, 0, written.error);
    await subscription.until('DA.Bucket Brigade.String', ({ v }) => v === '压力 Ω');
  });

  test('a write reaches the DA server, and what it refuses does not', async () => {
    const admin = await setUp(tagwire);
    await admin.addUser('op1', 'operator', { write: ['DA.**'] });
    operator = await login(tagwire, 'op1');
    const [done] = (await write({ tag: 'DA.Bucket Brigade.Int4', value: 55 })).values;
    assert.deepEqual([done.status, done.value], [0, 55]);
    const asked = await wine.agent('read', 'Tagwire.DA.Simulation.1', 'Bucket Brigade.Int4', '--json');
    assert.equal(JSON.parse(asked.out).value, 55, 'as the DA server itself says');
    await subscription.until('DA.Bucket Brigade.Int4', ({ v, q }) => v === 55 && q === 0);
    const one = async (name, value) => (await write({ tag: `DA.${name}`, value })).values[0];
    assert.equal((await one('Bucket Brigade.Int1', 128)).status, 0x803c0000, 'no SByte holds 128');
    assert.equal((await one('Random.Int4', 1)).status, 0x803b0000, 'the server lets it be read alone');
    const array = await one('Bucket Brigade.ArrayOfReal8', [1, 2.5]);
    assert.deepEqual([array.status, array.value], [0, [1, 2.5]]);
    const blind = await one('Write Only.Int4', 5);
    assert.deepEqual([blind.status, blind.value], [0, null], 'written, and cannot be read back');
  });

  test('a DA server that is killed: Bad with the reason, then Good', async () => {
    const last = subscription.values.get('DA.Bucket Brigade.String').v;
    assert.ok(wine.killSimulator());
    const lost = await subscription.until('DA.Bucket Brigade.String', isBad, back);
    assert.equal(lost.v, last, 'the last value is kept');
    const source = await client.source('da1', ({ state }) => state !== 'live');
    assert.match(source.msg, /Tagwire\.DA\.Simulation\.1: 0x8/);
    const refused = await operator.request('/api/v1/values', { method: 'POST', body: order({ tag: 'DA.Bucket Brigade.Int4', value: 66 }) });
    assert.equal(refused.json().code, 'unreachable', refused.body);
    await client.source('da1', ({ state }) => state === 'live', back);
    await subscription.until('DA.Random.Int1', isGood, back);
    assert.equal((await subscription.until('DA.Bucket Brigade.Int4', isGood, back)).v, 0, 'a new server, to which nothing was written afterwards');
  });

  test('a gateway that is killed and started again gets its values again', async () => {
    await client.connection.close();
    const killed = Date.now();
    await tagwire.restartHard();
    await open();
    await client.source('da1', ({ state }) => state === 'live', back);
    await subscription.until('DA.Random.Int1', isGood, back);
    await subscription.until('DA.Bucket Brigade.Int4', isGood, back);
    // The agent comes again after a second; what changed until then is in the history, as fetched later.
    await eventually('the history has what came meanwhile', async () => {
      const { series } = await client.hist('DA.Random.Int4', killed, killed + 1000);
      return series.get('DA.Random.Int4').v.filter(([, , , , origin]) => origin === 1).length >= 3;
    });
  });

  test('an agent that is killed: Bad with the reason, then Good', async () => {
    await agent.kill();
    await subscription.until('DA.Random.Int1', isBad, back);
    const source = await client.source('da1', ({ state }) => state === 'connecting');
    assert.match(source.msg, /the agent has gone/);
    agent = startAgent();
    await client.source('da1', ({ state }) => state === 'live', back);
    await subscription.until('DA.Random.Int1', isGood, back);
  });

  test('a second agent with the same token takes the place of the first', async () => {
    const second = startAgent();
    await until(said, () => /another agent has come with the same token/.test(agent.error));
    await agent.kill();
    agent = second;
    await eventually('live by the second', () => client.sources.get('da1').state === 'live', { timeout: back });
    await subscription.until('DA.Random.Int1', isGood, back);
  });

  test('as a service it starts by itself, and stops when it is removed', async () => {
    await agent.kill();
    await client.source('da1', ({ state }) => state === 'connecting', back);
    const installed = await wine.agent('install', `ws://${tagwire.host}`, '--token-file', tokenFile);
    assert.equal(installed.code, 0, installed.error);
    await client.source('da1', ({ state }) => state === 'live', back);
    const twice = await wine.agent('install', `ws://${tagwire.host}`, '--token-file', tokenFile);
    assert.match(twice.error, /installed already/);
    const removed = await wine.agent('uninstall');
    assert.equal(removed.code, 0, removed.error);
    await client.source('da1', ({ state }) => state === 'connecting', back);
  });
});
