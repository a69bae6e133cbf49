/// The record of changes: what a client saw a second before kill -9 is in it, once; a full disk stops nothing else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { metric } from './lib/metrics.mjs';
import { load, recordOf, samples, tag, verify } from './lib/record.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const run = promisify(execFile);
const rounds = Number(process.env.TAGWIRE_KILL_ROUNDS ?? 5);

/// Things to end after each test, last first.
const open = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

describe('history', () => {
  it(`kill -9, ${rounds} times: what is older than a second is there, once`, { timeout: 60_000 + rounds * 10_000 }, async () => {
    const tagwire = await Tagwire.create({ config: load });
    open.push(() => tagwire.stop({ exit: 'any' }));
    // Two changes within a millisecond have different values: a scan that was late is made up for at once.
    const keyOf = (time, value) => `${value} at ${time}`;
    const seen = new Set();
    for (let round = 0; round < rounds; ++round) {
      await tagwire.launch();
      const client = await SocketClient.open(tagwire);
      const subscription = await client.sub(tag, { min: 0, mode: 'all' });
      await subscription.complete();
      await sleep(1500 + Math.random() * 1500);
      // A second ago by the clock that the simulator's times are from.
      const old = Date.now() - 1000;
      await tagwire.program.kill();
      for (const { ts, v } of subscription.rows) if (ts < old) seen.add(keyOf(Math.round(ts), v));
      await verify(tagwire); // exit code 0: nothing is damaged

      const found = new Set();
      for (const { time, value, status } of await samples(recordOf(tagwire))) {
        if (status !== 'Good') continue;
        const key = keyOf(time, value);
        assert(!found.has(key), `${key} twice in round ${round}`);
        found.add(key);
      }
      for (const key of seen) assert(found.has(key), `${key} is lost in round ${round}`);
    }
    assert(seen.size > rounds * 5, `${seen.size} samples`);
    const stops = (await samples(recordOf(tagwire))).filter(({ status }) => status === 'BadDataLost');
    assert(stops.length >= rounds - 1, `${stops.length} gaps between the runs`);
  });

  it('an orderly end is BadShutdown', { timeout: 30_000 }, async () => {
    const tagwire = await Tagwire.start({ config: load });
    open.push(() => tagwire.stop({ exit: 'any' }));
    await sleep(500);
    tagwire.program.signal('SIGTERM');
    assert.deepEqual(await tagwire.program.end(5000), { code: 0, signal: null }, tagwire.log);
    assert.equal((await samples(recordOf(tagwire))).at(-1).status, 'BadShutdown');
  });

  it('a disk that takes nothing more: live data go on, and all is recorded when there is room', { timeout: 60_000 }, async () => {
    const tagwire = await Tagwire.create({ config: load });
    open.push(() => tagwire.stop({ exit: 'any' }));
    // In units of 1,024 bytes: the database fits, and some seconds of the journal.
    const { pid } = tagwire.spawn(undefined, ['bash', '-c', 'ulimit -S -f 192; exec "$@"', 'bash']);
    await eventually('the history is degraded', async () => (await metric(tagwire, 'history_degraded')) === 1, { timeout: 40_000 });
    const changes = await metric(tagwire, 'changes_total');
    await eventually('live data go on', async () => (await metric(tagwire, 'changes_total')) > changes + 100);
    assert.match(tagwire.log, /recorded values wait in memory/);
    await run('prlimit', ['--pid', String(pid), '--fsize=unlimited:']);
    await eventually('the history records again', async () => (await metric(tagwire, 'history_degraded')) === 0, { timeout: 10_000 });
    assert.equal(await metric(tagwire, 'history_lost_total'), 0);
    tagwire.program.signal('SIGTERM');
    await tagwire.program.end(5000);
    await verify(tagwire);
    const times = (await samples(recordOf(tagwire))).filter(({ status }) => status === 'Good').map(({ time }) => time);
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    assert(Math.max(...gaps) < 1000, `a gap of ${Math.max(...gaps)} ms`);
  });
});
