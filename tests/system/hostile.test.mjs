/// OPC UA servers that lie, many at once, each with a source of its own: whatever they send, Tagwire goes on, its other
/// source is not disturbed, each source says what is wrong, nobody is stormed, memory is bounded, the end is quick, and
/// a server that has become honest is read again. HOSTILE=name,name tries just these lies.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { HostileServers } from './lib/hostile-server.mjs';
import { get } from './lib/http.mjs';
import { memory } from './lib/memory.mjs';
import { metric } from './lib/metrics.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const groupSize = 19;
const instrumented = /asan/.test(process.env.TAGWIRE_BINARY ?? '');
/// How long each server lies before it is looked at, and again before the end.
const lyingMs = 2500;
const lyingAtEndMs = 500;
/// From becoming honest to Good: request timeout, waiting for the next attempt, session, items, one publishing.
const honestMs = 5000 * (instrumented ? 3 : 1);
const promisedEnd = 2000;

const times = { request_timeout_ms: 1000, reconnect_min_ms: 500, reconnect_max_ms: 1000, retry_failed_ms: 1000 };
/// An attempt may open a few TCP connections: the library's way through discovery.
const connectionsPerAttempt = 4;
const maxConnections = connectionsPerAttempt * (1 + Math.ceil(lyingMs / times.reconnect_min_ms));
/// Answered PublishRequests at 20 a second, items and attempts are some hundred.
const maxRequests = 3000;

/// Peak of the resident memory in MB. One message may have 128 MB, and is there as bytes, decoded and converted.
const maxMemory = (heavy) => (heavy ? 1200 : 400) * (instrumented ? 3 : 1);

/// What these change is read once a connection: such a server has to close it, as one that is restarted does.
const needsDrop = (lie) => /^!?(namespaces|read-|results|limits|flipped|interval|keep-alive)/.test(lie);

const source = (index) => `h${index}`;
const tag = (index) => `H${index}.A`;

async function readable(tagwire) {
  const { status } = await get(tagwire, '/readyz', { timeout: 1500 });
  assert.equal(status, 200);
}

/// Two different honest values in turn: they count from 1; a last lie that was on its way may be a larger number.
async function countsAgain(subscription, index) {
  const honest = ({ v, q }) => q === 0 && Number.isInteger(v) && v > 0 && v < 1_000_000;
  const first = await subscription.until(tag(index), honest, honestMs);
  await subscription.until(tag(index), (now) => honest(now) && now.v > first.v, honestMs);
}

async function tryLies(servers, lies, heavy) {
  for (const [index, lie] of lies.entries()) await servers.lie(index, lie);
  const sources = lies.map((_, i) => opcUa(source(i), servers.endpoint(i), servers.tags(`H${i}`), times));
  const tagwire = await Tagwire.start({ config: sources.join('') });
  try {
    const client = await SocketClient.open(tagwire);
    const simulator = await client.sub('Random.*', { min: 0 });
    const subscription = await client.sub('H*.**', { min: 0 });
    for (const index of lies.keys()) await servers.stats(index);
    await simulator.complete();
    const before = simulator.rows.length;
    await sleep(lyingMs);
    // Where the whole machine stood still, the timer is heard before the socket is read.
    const brought = () => simulator.rows.length - before;
    await eventually('values of the simulator', () => brought() > 10, { timeout: 2000 }).catch(async (error) => {
      const ready = await get(tagwire, '/readyz', { timeout: 1500 }).then(({ status }) => status, String);
      const ended = await client.closed(100).catch(() => 'open');
      const told = client.violations.slice(0, 5).map(String).join(' | ');
      error.message += `: ${brought()} came; /readyz: ${ready}; connection: ${JSON.stringify(ended)}; violations: ${told}\n${tagwire.log.slice(-5000)}`;
      throw error;
    });
    await readable(tagwire);

    const problems = [];
    const problem = (index, text) => problems.push(`${lies[index]}: ${text}`);
    for (const [index, lie] of lies.entries()) {
      const { connections, requests } = await servers.stats(index);
      if (connections > maxConnections) problem(index, `${connections} connections in ${lyingMs} ms`);
      if (requests > maxRequests && !/interval|more-forever|flood/.test(lie)) problem(index, `${requests} requests in ${lyingMs} ms`);
      const state = client.sources.get(source(index));
      if (state.state !== 'live' && !(/^Bad/.test(state.why) && state.msg?.length > 20)) {
        problem(index, `no reason in ${JSON.stringify(state)}`);
      }
    }

    for (const index of lies.keys()) {
      await servers.lie(index);
      if (needsDrop(lies[index])) await servers.drop(index);
    }
    await Promise.all(
      [...lies.keys()].map((index) =>
        countsAgain(subscription, index).catch((error) => problem(index, `${error.message} ${JSON.stringify(client.sources.get(source(index)))}`)),
      ),
    );
    const { peak } = await memory(tagwire.program.pid);
    if (peak > maxMemory(heavy)) problems.push(`${peak} MB of memory`);

    for (const [index, lie] of lies.entries()) {
      await servers.lie(index, lie);
      if (index % 2 === 0) await servers.drop(index);
    }
    await sleep(lyingAtEndMs);
    await client.close();
    const start = performance.now();
    tagwire.program.signal('SIGTERM');
    const end = await tagwire.program.end(10_000);
    const took = performance.now() - start;
    if (end.code !== 0) problems.push(`ended with ${JSON.stringify(end)}:\n${tagwire.log.slice(-5000)}`);
    if (took > promisedEnd) problems.push(`the end took ${took.toFixed(0)} ms`);
    assert.deepEqual(problems, []);
  } catch (error) {
    if (!tagwire.program.running) {
      const { code, signal } = await tagwire.program.exited;
      error.message += `\ntagwire ended with ${signal ?? code}:\n${tagwire.log.slice(-20_000)}`;
    }
    throw error;
  } finally {
    await tagwire.stop({ exit: 'any' });
  }
}

/// Lies are dealt out like cards, so that each group has some of every kind.
function groups(lies) {
  const count = Math.ceil(lies.length / groupSize);
  return Array.from({ length: count }, (_, i) => lies.filter((_lie, at) => at % count === i));
}

describe('OPC UA servers that lie', () => {
  let servers, lies;
  before(async () => {
    servers = await HostileServers.start(groupSize);
    lies = process.env.HOSTILE?.split(',') ?? (await servers.lies());
    assert(lies.length > 0);
  });
  after(() => servers?.stop());

  it('many at once', async (t) => {
    for (const group of groups(lies.filter((lie) => !lie.startsWith('!')))) {
      await t.test(group.join(' '), () => tryLies(servers, group, false));
    }
  });

  /// Reads server 0 while it is honest, then while it lies; `look` gets what is known of its two tags then.
  async function whileLying(lie, look) {
    await servers.lie(0);
    const tagwire = await Tagwire.start({ config: opcUa(source(0), servers.endpoint(0), servers.tags('H0'), times) });
    try {
      const client = await SocketClient.open(tagwire);
      const subscription = await client.sub('H0.**', { min: 0 });
      await countsAgain(subscription, 0);
      await servers.lie(0, lie);
      await look(subscription, tagwire);
      assert.equal(client.sources.get(source(0)).state, 'live');
      await client.close();
    } finally {
      await servers.lie(0);
      await tagwire.stop();
    }
  }
  const messagesLost = (tagwire) => metric(tagwire, 'source_messages_lost_total', { source: source(0) });

  it('a value that cannot be decoded is Bad, and its neighbour in the message goes on', () =>
    whileLying('body-one-undecodable', async (subscription) => {
      const badDecodingError = 0x80070000;
      await subscription.until('H0.A', ({ q }) => q === badDecodingError);
      for (let i = 0; i < 3; ++i) {
        const { v } = subscription.values.get('H0.B');
        await subscription.until('H0.B', (now) => now.q === 0 && now.v > v);
        assert.equal(subscription.values.get('H0.A').q, badDecodingError);
      }
    }));

  it('what stands before a broken place in a message is taken, the loss behind it is told', () =>
    whileLying('body-cut', async (subscription, tagwire) => {
      const before = await messagesLost(tagwire);
      const { v: last } = subscription.values.get('H0.B');
      const overflow = 0x480;
      for (let i = 0; i < 3; ++i) {
        const { v } = subscription.values.get('H0.A');
        await subscription.until('H0.A', (now) => now.v > v && now.q === overflow);
      }
      await eventually('each is counted', async () => (await messagesLost(tagwire)) >= before + 3);
      assert.ok(subscription.values.get('H0.B').v <= last + 1, 'nothing is made up for what is missing');
    }));

  it('one at a time, with much memory', async (t) => {
    for (const lie of lies.filter((lie) => lie.startsWith('!'))) await t.test(lie, () => tryLies(servers, [lie], true));
  });
});
