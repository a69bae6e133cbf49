/// Clients that stop reading: bounded in memory, told 4008 and cut, and nobody else notices.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { memory } from './lib/memory.mjs';
import { metric } from './lib/metrics.mjs';
import { SocketClient, openSocket } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const slowMs = 2000;
const slowCount = 50;
const tags = 500;
/// Frames that a client gets a second.
const rate = 10;
/// User space for one that does not read, in KiB; see docs/performance.md.
const perClientKiB = 64; // the memory for resuming, which all share, is small here: it fills meanwhile

/// A subscription to all load tags of a client that stops reading at once when told.
async function subscriber(tagwire) {
  const connection = await openSocket(tagwire, '/ws', { onMessage: () => {} });
  connection.send(JSON.stringify({ t: 'sub', id: 1, tags: ['Load.*'], min: 1000 / rate }));
  return connection;
}

describe('clients that do not read', () => {
  let tagwire, healthy, subscription;
  before(async () => {
    tagwire = await Tagwire.start({ config: `slow_client_ms = ${slowMs}\nresume_changes = 1000\n[simulator]\nload_tags = ${tags}\nload_rate_hz = ${rate}\n` });
    healthy = await SocketClient.open(tagwire);
    subscription = await healthy.sub('Load.*', { min: 1000 / rate });
    await subscription.complete();
  });
  after(async () => {
    await healthy?.close();
    await tagwire?.stop();
  });

  const framesIn = async (ms) => {
    const count = subscription.frames.length;
    await sleep(ms);
    return subscription.frames.length - count;
  };

  it('are cut with 4008 in time; the others get what they got before', async () => {
    const slow = await Promise.all(Array.from({ length: slowCount }, () => subscriber(tagwire)));
    await sleep(500);
    const alone = await framesIn(2000);
    const rss = (await memory(tagwire.program.pid)).now;
    for (const { socket } of slow) socket._socket.pause();
    // The kernel's buffers take some hundred frames.
    const together = await framesIn(2000);
    let most = rss;
    const allCut = async () => {
      most = Math.max(most, (await memory(tagwire.program.pid)).now);
      return (await metric(tagwire, 'slow_clients_total')) === slowCount;
    };
    await eventually('all are counted as slow', allCut, { timeout: 60_000 });
    const grown = most - rss;
    // Who goes on at once hears why.
    slow[0].socket._socket.resume();
    const end = await slow[0].closed(10_000).catch(() => undefined);
    for (const { socket } of slow) socket._socket.resume();
    const ends = await Promise.all(slow.map((each) => each.closed(10_000)));
    assert(end && [4008, 1006].includes(end.code), JSON.stringify(end));
    assert(ends.every(({ code }) => code === 4008 || code === 1006), JSON.stringify(ends.map(({ code }) => code)));
    assert(together > 0.7 * alone, `${together} frames instead of ${alone}`);
    assert(grown * 1024 < slowCount * perClientKiB + 4096, `${grown} MB more`);
    await eventually('their connections are gone', async () => (await metric(tagwire, 'connections')) <= 2);
  });

  it('who is only slow gets the latest of every tag, and is not cut', async () => {
    const slow = await SocketClient.open(tagwire);
    const late = await slow.sub('Load.*', { min: 0 });
    await late.complete();
    for (let i = 0; i < 4; i++) {
      slow.connection.socket._socket.pause();
      await sleep(slowMs / 4);
      slow.connection.socket._socket.resume();
      await sleep(100);
    }
    await sleep(500);
    const first = subscription.values;
    // What both have is of the same moment, give or take a frame.
    const apart = [...late.values].filter(([name, { ts }]) => Math.abs(ts - first.get(name).ts) > 1000);
    assert.deepEqual(apart, []);
    await slow.close();
  });
});
