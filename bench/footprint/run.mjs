/// What Tagwire takes when nothing happens: time to start, size of the program, memory.
///
///   node bench/footprint/run.mjs [--rounds 5] [--quick] [--write-reference] [--tags 10000]
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { binary } from '../../tests/system/lib/paths.mjs';
import { Tagwire } from '../../tests/system/lib/tagwire.mjs';
import { get } from '../../tests/system/lib/http.mjs';
import { eventually, sleep } from '../../tests/system/lib/wait.mjs';
import { memory } from '../lib/proc.mjs';
import { bar, conclude, inTurns, options, round, table } from '../lib/report.mjs';

const given = options({ tags: '10000' });
const config = `[simulator]\nmatrikon = false\nplant = false\nload_tags = ${given.tags}\nload_rate_hz = 0.001`;

const listens = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

async function one() {
  const tagwire = await Tagwire.create({ config });
  try {
    const begun = performance.now();
    const { pid } = tagwire.spawn();
    await eventually('tagwire listens', () => listens(tagwire.port), { every: 1 });
    const listening = performance.now() - begun;
    await eventually('tagwire is ready', async () => (await get(tagwire, '/readyz')).status === 200, { every: 1 });
    const ready = performance.now() - begun;
    await sleep(2000);
    const { rss, anon } = await memory(pid);
    return { listening_ms: listening, ready_ms: ready, rss_mb: rss / 1024, anon_mb: anon / 1024 };
  } finally {
    await tagwire.stop();
  }
}

/// What is shipped has no line tables.
async function strippedMegabytes() {
  const folder = await mkdtemp(path.join(tmpdir(), 'tagwire-bench-'));
  try {
    const file = path.join(folder, 'tagwire');
    await promisify(execFile)('strip', ['-o', file, binary()]);
    return (await stat(file)).size / 1e6;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const { medians } = await inTurns({ tagwire: one }, given.rounds);
const found = { ...medians.tagwire, stripped_mb: round(await strippedMegabytes(), 1) };
table([found], Object.keys(found));
await conclude('footprint', {
  results: found,
  bars: {
    'ms from the start until it listens': bar(found.listening_ms, { most: 300 }),
    'MB of the stripped program': bar(found.stripped_mb, { most: 20 }),
    'MB resident when idle': bar(round(found.rss_mb, 1), { most: 60 }),
  },
  options: given,
  main: found.rss_mb,
});
