/// What disks and clocks do to the record while the program runs: live data go on, the log and the numbers say what is
/// wrong, and recording goes on by itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { get } from './lib/http.mjs';
import { metric } from './lib/metrics.mjs';
import { history, historyTool, load, recordOf, samples, tag, verify } from './lib/record.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const run = promisify(execFile);

/// Things to end after each test, last first.
const open = [];
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

const created = async () => {
  const tagwire = await Tagwire.create({ config: load });
  open.push(() => tagwire.stop({ exit: 'any' }));
  return tagwire;
};
const degraded = (tagwire, value, timeout = 20_000) =>
  eventually(`history_degraded is ${value}`, async () => (await metric(tagwire, 'history_degraded')) === value, { timeout });
const liveGoesOn = async (tagwire) => {
  const changes = await metric(tagwire, 'changes_total');
  await eventually('live data go on', async () => (await metric(tagwire, 'changes_total')) > changes + 100);
};

describe('a disk', () => {
  /// The record on a file system of its own, in the program's own mount namespace.
  async function mounted(t, options) {
    if (process.getuid() !== 0) return t.skip('needs root');
    const tagwire = await created();
    await mkdir(recordOf(tagwire));
    const script = `mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"`;
    const { pid } = tagwire.spawn(undefined, ['unshare', '-m', '--propagation', 'private', 'bash', '-c', script, recordOf(tagwire)]);
    const inside = ['nsenter', '-m', '-t', String(pid), '--'];
    const remount = (how) => run(inside[0], [...inside.slice(1), 'mount', '-o', `remount,${how}`, recordOf(tagwire)]);
    return { tagwire, inside, remount };
  }

  it('that cannot be written at first: recording begins when it can', { timeout: 60_000 }, async (t) => {
    const disk = await mounted(t, 'ro');
    if (!disk) return;
    const { tagwire, inside, remount } = disk;
    await degraded(tagwire, 1);
    assert.match(tagwire.log, /nothing can be recorded: .*history.*[Rr]ead-only/);
    await liveGoesOn(tagwire);
    const answer = await get(tagwire, `/api/v1/history?tags=${tag}&from=0`);
    assert.equal(answer.status, 500);
    assert.match(answer.body, /history cannot be read/);
    await remount('rw');
    await degraded(tagwire, 0);
    const recorded = async () => (await get(tagwire, `/api/v1/history?tags=${tag}&from=0`)).json().tags[0].v.length;
    await eventually('it records', async () => (await recorded()) > 10);
    assert.equal((await historyTool(recordOf(tagwire), ['verify'], inside)).code, 0);
  });

  it('that is full: nothing is lost, and all is written when there is room', { timeout: 90_000 }, async (t) => {
    const disk = await mounted(t, 'size=400k');
    if (!disk) return;
    const { tagwire, inside, remount } = disk;
    await degraded(tagwire, 1, 60_000);
    await liveGoesOn(tagwire);
    await sleep(2000);
    await remount('size=100m');
    await degraded(tagwire, 0);
    assert.equal(await metric(tagwire, 'history_lost_total'), 0);
    assert.equal(await metric(tagwire, 'history_damaged_files_total'), 0);
    const { v } = (await get(tagwire, `/api/v1/history?tags=${tag}&from=0`)).json().tags[0];
    const gaps = v.slice(1).map(([time], i) => time - v[i][0]);
    assert(Math.max(...gaps) < 1000, `a gap of ${Math.max(...gaps)} ms`);
    assert.equal((await historyTool(recordOf(tagwire), ['verify'], inside)).code, 0);
  });
});

describe('a file that is damaged is named and kept aside, and recording goes on:', () => {
  const database = (names) => names.find((name) => name === 'history.db');
  const journal = (names) => names.filter((name) => /^journal-\d+\.log$/.test(name)).sort()[0];
  const inTheMiddle = async (file) => {
    const bytes = await readFile(file);
    bytes.fill(0x78, bytes.length >> 1, (bytes.length >> 1) + 50);
    await writeFile(file, bytes);
  };
  for (const [what, choose, damage] of [
    ['a database with a wrong beginning', database, async (file) => writeFile(file, Buffer.alloc(300, 'x'), { flag: 'r+' })],
    ['a database that is cut off', database, (file) => truncate(file, 20_000)],
    ['a database that is a text', database, (file) => writeFile(file, 'not a database at all\n'.repeat(1000))],
    ['a journal with rubbish in the middle', journal, inTheMiddle],
    ['a journal with a wrong beginning', journal, async (file) => writeFile(file, 'rubbish', { flag: 'r+' })],
  ]) {
    it(what, { timeout: 60_000 }, async () => {
      const tagwire = await created();
      await tagwire.launch();
      await sleep(2500);
      tagwire.program.signal('SIGTERM');
      await tagwire.program.end(5000);
      const folder = recordOf(tagwire);
      const name = choose(await readdir(folder));
      await damage(path.join(folder, name));
      await tagwire.launch();
      await degraded(tagwire, 0);
      await eventually('it is counted', async () => (await metric(tagwire, 'history_damaged_files_total')) === 1);
      assert.match(tagwire.log, new RegExp(`${name} is damaged`));
      assert((await readdir(folder)).some((each) => each.startsWith(`${name}.damaged-`)));
      await liveGoesOn(tagwire);
      await sleep(1500);
      const before = Date.now() - 1000;
      await tagwire.program.kill();
      const good = (await samples(folder)).filter(({ status }) => status === 'Good');
      assert(good.filter(({ time }) => time < before).length > 10, `${good.length} samples`);
      await history(folder, 'repair');
      await verify(tagwire);
    });
  }
});

describe('a clock that is set', () => {
  const library = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);

  it('an hour on and back again: every change is recorded once, in each of the times', { timeout: 90_000 }, async (t) => {
    if (!library) return t.skip('needs libfaketime');
    const tagwire = await created();
    const clock = path.join(tagwire.folder, 'clock');
    await writeFile(clock, '+0');
    tagwire.spawn(undefined, ['env', `LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${clock}`, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1']);
    await eventually('tagwire is ready', async () => (await get(tagwire, '/readyz')).status === 200);
    const client = await SocketClient.open(tagwire);
    const subscription = await client.sub(tag, { min: 0, mode: 'all' });
    await subscription.complete();
    const hour = 3_600_000;
    const seen = [];
    for (const offset of [0, hour, 0, -hour, 0]) {
      await writeFile(clock, `${offset < 0 ? '-' : '+'}${Math.abs(offset) / 1000}`);
      await sleep(500);
      const from = subscription.rows.length;
      await sleep(2500);
      const rows = subscription.rows.slice(from);
      assert(rows.length > 10, `${rows.length} live changes at ${offset / 1000} s`);
      for (const { ts, v } of rows) {
        const distance = Math.abs(ts - Date.now() - offset);
        assert(distance < 10_000, `${distance} ms from the clock that was set`);
        seen.push({ time: Math.round(ts), value: v });
      }
    }
    assert.equal(await metric(tagwire, 'history_lost_total'), 0);
    assert.equal(await metric(tagwire, 'history_degraded'), 0);
    await sleep(1000);
    await tagwire.program.kill();
    await verify(tagwire);
    const recorded = new Map();
    for (const { time, value, status } of await samples(recordOf(tagwire))) {
      if (status === 'Good') recorded.set(time, [...(recorded.get(time) ?? []), value]);
    }
    for (const { time, value } of seen) assert(recorded.get(time)?.includes(value), `${value} at ${time} is missing`);
  });
});
