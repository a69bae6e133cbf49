/// From a DA server through the agent and the gateway to WebSocket clients; each of the three lost and found again.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

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
  let wine, tagwire, agent, client, subscription, tokenFile;

  const startAgent = () => wine.start({ limit: 300_000 }, 'bridge', `ws://${tagwire.host}`, '--token-file', tokenFile);
  const said = () => agent.error;
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
items = ["Random.Int1", "Random.*", "Bucket Brigade.*", "Triangle Waves.Real8", "Read Error.Int4", "No.Such"]
rate_ms = 100
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

  test('a DA server that is killed: Bad with the reason, then Good', async () => {
    const last = subscription.values.get('DA.Bucket Brigade.String').v;
    assert.ok(wine.killSimulator());
    const lost = await subscription.until('DA.Bucket Brigade.String', isBad, back);
    assert.equal(lost.v, last, 'the last value is kept');
    const source = await client.source('da1', ({ state }) => state !== 'live');
    assert.match(source.msg, /Tagwire\.DA\.Simulation\.1: 0x8/);
    await client.source('da1', ({ state }) => state === 'live', back);
    await subscription.until('DA.Random.Int1', isGood, back);
  });

  test('a gateway that is killed and started again gets its values again', async () => {
    await client.connection.close();
    const killed = Date.now();
    await tagwire.restartHard();
    await open();
    await client.source('da1', ({ state }) => state === 'live', back);
    await subscription.until('DA.Random.Int1', isGood, back);
    await subscription.until('DA.Bucket Brigade.Int4', isGood, back);
    // The agent comes again after a second; what changed until then is in the history.
    await eventually('the history has what came meanwhile', async () => {
      const { series } = await client.hist('DA.Random.Int4', killed, killed + 1000);
      return series.get('DA.Random.Int4').v.length >= 3;
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
