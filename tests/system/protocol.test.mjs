/// tagwire.v1 over /ws: subscriptions, snapshot and changes, intervals, modes, flow control, resume, heartbeat.
/// Values come from an OPC UA server the test commands, so that each change is known.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { sleep } from './lib/wait.mjs';

const variables = ['A', 'B', 'C', 'Fast'].map((name) => ({ name, type: 'Double', value: 0 }));
const seriesLength = 200;
const series = (from, count) => Array.from({ length: count }, (_, i) => from + i);

describe('tagwire.v1', () => {
  let peer, tagwire, client, next;

  before(async () => {
    peer = await OpcUaPeer.start(variables);
    const tags = peer.tags('Line.Unit');
    tags['Line.Other.A'] = peer.node('A');
    tags['Line.Unit.Fast'] = { node: peer.node('Fast'), sampling_interval_ms: 0, queue_size: 1000 };
    tagwire = await Tagwire.start({
      config: `ping_ms = 1000\nall_queue_rows = ${seriesLength}\n${noSimulator}${opcUa('plc', peer.endpoint, tags, { writable: ['**'] })}`,
    });
    client = await SocketClient.open(tagwire);
    await client.source('plc', ({ state }) => state === 'live', 20_000);
    const all = await client.sub('**');
    for (const path of Object.keys(tags)) await all.until(path, ({ q }) => q === 0);
    await client.until('what the server says of its nodes', () => [...all.tags.values()].every(({ rw }) => rw === 'rw'));
    await client.close();
    next = 1;
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });
  beforeEach(async () => {
    client = await SocketClient.open(tagwire);
  });
  afterEach(() => client.close());

  /// Writes a value never used before and returns it once Tagwire has it.
  async function change(name) {
    const value = next++;
    const watcher = await SocketClient.open(tagwire);
    const subscription = await watcher.sub(`Line.Unit.${name}`, { min: 0 });
    await peer.write(name, { value });
    await subscription.until(`Line.Unit.${name}`, ({ v }) => v === value);
    await watcher.close();
    return value;
  }

  describe('hello', () => {
    it('comes first, then every source', async () => {
      const { hello } = client;
      assert.equal(hello.v, 1);
      assert.equal(hello.ping, 1000);
      assert.match(hello.server, /^Tagwire \d+\.\d+\.\d+$/);
      assert(Math.abs(hello.now - Date.now()) < 2000);
      assert.equal(hello.max.frame, 65536);
      const source = await client.source('plc', () => true);
      assert.equal(source.kind, 'opcua');
      assert.equal(source.state, 'live');
      assert.equal(source.endpoint, peer.endpoint);
      assert.equal(source.tags, 5);
    });

    it('has the same boot for every client', async () => {
      const other = await SocketClient.open(tagwire);
      assert.equal(other.hello.boot, client.hello.boot);
      await other.close();
    });

    for (const protocol of ['tagwire.v1', ['graphql-ws', 'tagwire.v1']]) {
      it(`chooses its subprotocol of ${protocol}`, async () => {
        const { socket, close } = await openSocket(tagwire, '/ws', { protocol });
        assert.equal(socket.protocol, 'tagwire.v1');
        await close();
      });
    }

    it('is refused when only other subprotocols are offered', async () => {
      await assert.rejects(openSocket(tagwire, '/ws', { protocol: ['graphql-ws', 'tagwire.v2'] }), { status: 400 });
    });
  });

  describe('sub', () => {
    it('describes the tags and sends their values', async () => {
      const value = await change('A');
      const subscription = await client.sub(['Line.Unit.A', 'Line.Unit.B']);
      assert.equal(subscription.ok.bad, undefined);
      assert.equal(subscription.ok.resumed, undefined);
      const { ty, src, rw } = subscription.tags.get('Line.Unit.A');
      assert.deepEqual({ ty, src, rw }, { ty: 'f64', src: 'plc', rw: 'rw' });
      const frame = await subscription.next();
      assert.equal(frame.snap, 1);
      assert.equal(frame.v.length, 2);
      const { v, q, ts } = subscription.values.get('Line.Unit.A');
      assert.deepEqual({ v, q }, { v: value, q: 0 });
      assert(Math.abs(ts - Date.now()) < 60_000, `source time ${ts}`);
    });

    for (const [patterns, expected] of [
      [['Line.Unit.*'], ['Line.Unit.A', 'Line.Unit.B', 'Line.Unit.C', 'Line.Unit.Fast']],
      [['Line.*.A'], ['Line.Other.A', 'Line.Unit.A']],
      [['Line.Unit.F*'], ['Line.Unit.Fast']],
      [['*.A'], []],
      [['**.A'], ['Line.Other.A', 'Line.Unit.A']],
      [['Line.**'], ['Line.Other.A', 'Line.Unit.A', 'Line.Unit.B', 'Line.Unit.C', 'Line.Unit.Fast']],
      [['**', 'Line.Unit.A', 'Line.*.A'], ['Line.Other.A', 'Line.Unit.A', 'Line.Unit.B', 'Line.Unit.C', 'Line.Unit.Fast']],
    ]) {
      it(`to ${patterns} finds ${expected.length} tags, each once`, async () => {
        const subscription = await client.sub(patterns);
        assert.deepEqual([...subscription.tags.keys()].sort(), expected);
        if (expected.length > 0) await subscription.complete();
        assert.deepEqual(subscription.rows.map(({ n }) => n).sort(), expected);
      });
    }

    it('serves the good names and names the bad ones', async () => {
      const { tags, ok } = await client.sub(['Line.Unit.A', 'Line.Unit.Nope', 'Line.***', 'Line..A']);
      assert.deepEqual([...tags.keys()], ['Line.Unit.A']);
      const bad = Object.fromEntries(ok.bad.map(({ n, code }) => [n, code]));
      assert.equal(bad['Line.Unit.Nope'], 'unknown_tag');
      assert.equal(bad['Line.***'], 'bad_pattern');
      assert(['bad_pattern', 'unknown_tag'].includes(bad['Line..A']), bad['Line..A']);
      for (const { msg } of ok.bad) assert.notEqual(msg, '');
    });
  });

  describe('changes', () => {
    it('come alone', async () => {
      const subscription = await client.sub('Line.Unit.*');
      await subscription.complete();
      const seen = subscription.frames.length;
      const before = subscription.seq;
      const value = await change('B');
      await subscription.until('Line.Unit.B', ({ v }) => v === value);
      const rows = subscription.frames.slice(seen).flatMap(({ v }) => v);
      assert.deepEqual(rows.map(([handle, v]) => [handle, v]), [[subscription.tags.get('Line.Unit.B').h, value]]);
      assert(subscription.seq > before);
    });

    it('do not come when there are none', async () => {
      const subscription = await client.sub('**');
      await subscription.complete();
      const seen = subscription.frames.length;
      await sleep(1500);
      assert.equal(subscription.frames.length, seen);
    });

    it('carry the source time and the quality', async () => {
      const subscription = await client.sub('Line.Unit.C');
      const sourceTime = new Date(Date.UTC(2001, 8, 9, 1, 46, 40, 123));
      await peer.write('C', { value: 7.5, status: 0x40900000, sourceTime });
      const { v, ts } = await subscription.until('Line.Unit.C', ({ q }) => q === 0x40900000);
      assert.equal(v, 7.5);
      assert.equal(ts, sourceTime.getTime());
      await peer.write('C', { value: 8, status: 0 });
      await subscription.until('Line.Unit.C', ({ q }) => q === 0);
    });

    it('come at most every min ms, and the last one always', async () => {
      const min = 400;
      const subscription = await client.sub('Line.Unit.Fast', { min });
      await subscription.complete();
      const arrivals = [];
      const watch = (async () => {
        for (;;) {
          await subscription.next(undefined, 10_000);
          arrivals.push(performance.now());
        }
      })().catch(() => {});
      const values = series(10_000, 100);
      await peer.writeSeries('Fast', values, 20);
      await subscription.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      const gaps = arrivals.slice(1).map((time, i) => time - arrivals[i]);
      assert(gaps.length >= 3, `2 s of changes gave ${arrivals.length} frames`);
      // The first arrival is the snapshot or, when that was taken before, a change; gaps are measured on this side.
      // A late frame does not put off the next: a fifth of the interval is made up for.
      for (const gap of gaps.slice(1)) assert(gap > min * 0.8 - 50, `${gap} ms between two frames`);
      await client.close();
      await watch;
    });

    it('of one tag conflate in mode latest and all come in mode all', async () => {
      const latest = await client.sub('Line.Unit.Fast', { min: 500 });
      const all = await client.sub('Line.Unit.Fast', { mode: 'all', min: 50 });
      await Promise.all([latest.complete(), all.complete()]);
      const values = series(20_000, seriesLength);
      await peer.writeSeries('Fast', values, 2);
      await all.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      await latest.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      const got = all.rows.map(({ v }) => v).filter((v) => v >= values[0]);
      assert.deepEqual(got, values);
      assert.deepEqual(all.lag, []);
      assert(latest.rows.length < seriesLength / 10, `${latest.rows.length} rows in mode latest`);
    });
  });

  it('unsub ends the data', async () => {
    const subscription = await client.sub('Line.Unit.A', { min: 0 });
    const other = await client.sub('Line.Unit.A', { min: 0 });
    await Promise.all([subscription.complete(), other.complete()]);
    await subscription.end();
    const value = await change('A');
    await other.until('Line.Unit.A', ({ v }) => v === value);
    await sleep(200); // the checker notes any data of the ended subscription
    await assert.rejects(subscription.end(), { code: 'unknown_sub', retry: false });
  });

  describe('credits', () => {
    it('stop the data until they return, then the latest comes', async () => {
      const subscription = await client.sub('Line.Unit.A', { credits: 2, min: 0 });
      await subscription.complete();
      const second = await change('A');
      await subscription.until('Line.Unit.A', ({ v }) => v === second);
      await change('A');
      const fourth = await change('A');
      await sleep(300);
      assert.equal(subscription.frames.length, 2, 'frames without credit');
      subscription.credit();
      await subscription.until('Line.Unit.A', ({ v }) => v === fourth);
      assert.equal(subscription.frames.length, 3);
    });

    it('never exceed what sub asked for', async () => {
      const subscription = await client.sub('Line.Unit.A', { credits: 1, min: 0 });
      await subscription.complete();
      for (let i = 0; i < 10; ++i) subscription.credit(5);
      const first = await change('A');
      await subscription.until('Line.Unit.A', ({ v }) => v === first);
      await change('A');
      await sleep(300);
      assert.equal(subscription.frames.length, 2);
    });

    it('for an unknown subscription are an error', async () => {
      client.send({ t: 'credit', sub: 4711, n: 1 });
      const { code } = await client.frames.take(({ t }) => t === 'err');
      assert.equal(code, 'unknown_sub');
    });
  });

  describe('resume', () => {
    /// A subscription as a client leaves it: {boot, seq} and the time in between filled by `missed`.
    async function resume(tags, missed, options = {}, change = (point) => point) {
      const first = await SocketClient.open(tagwire);
      const left = await first.sub(tags, { min: 0, ...options });
      await left.complete();
      const point = change({ boot: first.hello.boot, seq: left.seq });
      await first.close();
      await missed();
      return client.sub(tags, { min: 0, ...options, resume: point });
    }

    it('with nothing missed sends nothing, then goes on', async () => {
      const subscription = await resume('Line.Unit.*', async () => {});
      assert.equal(subscription.ok.resumed, true);
      assert.equal(subscription.ok.tags.length, 4);
      await sleep(300);
      assert.deepEqual(subscription.rows, []);
      const value = await change('A');
      await subscription.until('Line.Unit.A', ({ v }) => v === value);
      assert.equal(subscription.rows.length, 1);
    });

    it('with one change missed sends that one', async () => {
      let value;
      const subscription = await resume('Line.Unit.*', async () => {
        value = await change('B');
      });
      assert.equal(subscription.ok.resumed, true);
      await subscription.complete();
      assert.deepEqual(subscription.rows.map(({ n, v }) => [n, v]), [['Line.Unit.B', value]]);
      assert(subscription.frames.every(({ snap }) => snap === undefined));
    });

    it('in mode latest sends the latest of what was missed', async () => {
      const values = series(30_000, 100);
      let c;
      const subscription = await resume('Line.Unit.*', async () => {
        await peer.writeSeries('Fast', values, 2);
        await change('C');
        c = await change('C');
      });
      await subscription.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      await subscription.until('Line.Unit.C', ({ v }) => v === c);
      assert.equal(subscription.ok.resumed, true);
      assert.equal(subscription.rows.length, 2);
    });

    it('in mode all sends every change missed, in order', async () => {
      const values = series(40_000, 100);
      const subscription = await resume('Line.Unit.Fast', () => peer.writeSeries('Fast', values, 2), { mode: 'all' });
      assert.equal(subscription.ok.resumed, true);
      await subscription.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      assert.deepEqual(subscription.rows.map(({ v }) => v), values);
    });

    for (const [what, change] of [
      ['of another boot', ({ boot, seq }) => ({ boot: boot === '00000000' ? '00000001' : '00000000', seq })],
      ['of a seq that was not yet', ({ boot }) => ({ boot, seq: Number.MAX_SAFE_INTEGER })],
    ]) {
      it(`${what} is answered by a snapshot`, async () => {
        const subscription = await resume('Line.Unit.*', async () => {}, {}, change);
        assert.equal(subscription.ok.resumed, false);
        await subscription.complete();
        assert(subscription.frames.every(({ snap }) => snap === 1));
        assert.equal(subscription.rows.length, 4);
      });
    }
  });

  it('lag tells what mode all skipped', async () => {
    const subscription = await client.sub('Line.Unit.Fast', { mode: 'all', min: 0, credits: 1 });
    await subscription.complete();
    const count = seriesLength + 100;
    const values = series(50_000, count);
    await peer.writeSeries('Fast', values, 1);
    await change('A'); // comes after them on the same way
    const giver = setInterval(() => subscription.credit(), 20);
    try {
      await subscription.until('Line.Unit.Fast', ({ v }) => v === values.at(-1));
      await client.until('lag current', () => subscription.lag.at(-1)?.state === 'current');
    } finally {
      clearInterval(giver);
    }
    assert.equal(subscription.lag[0].state, 'conflating');
    const got = subscription.rows.map(({ v }) => v).filter((v) => v >= values[0]);
    assert.deepEqual(got, got.toSorted((a, b) => a - b), 'order');
    assert.equal(subscription.lag.at(-1).skipped, count - got.length, 'skipped and received are all');
    assert(got.length < count);
  });

  describe('heartbeat', () => {
    it('answers ping', async () => {
      const pong = await client.request({ t: 'ping', now: Date.now() });
      assert.equal(pong.t, 'pong');
      assert(Math.abs(pong.now - Date.now()) < 2000);
      client.send({ t: 'ping' });
      assert.equal((await client.frames.take(({ t }) => t === 'pong')).id, undefined);
    });

    it('pings a client that hears nothing else', async () => {
      const pings = [];
      for (let i = 0; i < 3; ++i) {
        const ping = await client.frames.take(({ t }) => t === 'ping', 3000);
        assert(Math.abs(ping.now - Date.now()) < 2000);
        pings.push(performance.now());
      }
      for (const gap of [pings[1] - pings[0], pings[2] - pings[1]]) {
        assert(gap > 800 && gap < 2000, `${gap} ms between two pings`);
      }
    });
  });
});
