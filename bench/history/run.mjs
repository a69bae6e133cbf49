/// What recording costs, in time and bytes, and how long a trend waits for its line.
///
///   node bench/history/run.mjs [--rounds 5] [--quick] [--write-reference] [--samples 2000000] [--folder /tmp]
///
/// Recording and a plain SQLite table take turns with the same samples. The month that is asked for is made once, and so
/// are the blocks of Prometheus, where its promtool is installed.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { binary } from '../../tests/system/lib/paths.mjs';
import { bar, conclude, inTurns, medianRatio, options, round, table } from '../lib/report.mjs';

const given = options({ samples: '2000000', folder: tmpdir() });
const program = path.join(path.dirname(binary()), 'tagwire_bench_history');
const samples = given.quick ? '400000' : given.samples;

const run = async (task, folder) =>
  JSON.parse((await promisify(execFile)(program, [task, folder, samples])).stdout.trim());

/// A task in a folder of its own, which goes with it.
async function alone(task) {
  const folder = await mkdtemp(path.join(given.folder, 'tagwire-bench-'));
  try {
    return await run(task, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/// Bytes a sample of Prometheus' blocks, which keep a number and a time; nothing where there is no promtool.
async function blocks() {
  if (spawnSync('promtool', ['--version']).status !== 0) return undefined;
  const folder = await mkdtemp(path.join(given.folder, 'tagwire-bench-'));
  try {
    await run('text', folder);
    const made = path.join(folder, 'blocks');
    await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', path.join(folder, 'samples.txt'), made]);
    let bytes = 0;
    for (const name of await readdir(made, { recursive: true })) {
      const entry = await stat(path.join(made, name));
      if (entry.isFile()) bytes += entry.size;
    }
    return { bytes: round(bytes / Number(samples), 3) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const month = await mkdtemp(path.join(given.folder, 'tagwire-bench-'));
try {
  const made = await run('month', month);
  const { medians, rounds } = await inTurns(
    { tagwire: () => alone('ingest'), rows: () => alone('rows'), ask: () => run('ask', month) },
    given.rounds,
  );
  const prometheus = await blocks();
  const results = { ...medians, ...(prometheus && { prometheus }), month: made };
  table(
    ['tagwire', 'rows', 'prometheus'].filter((name) => results[name]).map((name) => ({ name, ...results[name] })),
    ['name', 'durable_per_s', 'packed_per_s', 'cpu_us', 'bytes'],
  );
  await conclude('history', {
    results: { ...results, rows_bytes_over_tagwire: medianRatio(rounds, 'rows', 'tagwire', 'bytes') },
    bars: {
      'samples a second, durable and packed, on one core': bar(medians.tagwire.packed_per_s, { least: 400_000 }),
      'bytes a sample': bar(round(medians.tagwire.bytes, 2), { most: 2.5 }),
      'ms for a day of one tag at 1 Hz as 1,000 pixels': bar(medians.ask.day_ms, { most: 6 }),
      'ms for 30 days of eight as 1,000 pixels': bar(medians.ask.month_ms, { most: 150 }),
    },
    options: given,
    main: medians.tagwire.cpu_us,
  });
} finally {
  await rm(month, { recursive: true });
}
