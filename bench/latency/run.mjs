/// From a change to its arrival, and what clients that stop reading do to the others.
///
///   node bench/latency/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference] [--clients 1000]
///
/// One server, one client program: the rounds take turns between everybody reading and a tenth of the clients not
/// reading. After each, the final value of every tag must have arrived. See README.md.
import { sleep } from '../../tests/system/lib/wait.mjs';
import { Clients } from '../lib/measure.mjs';
import { memory } from '../lib/proc.mjs';
import { bar, conclude, median, options, round, table } from '../lib/report.mjs';
import { servers } from '../lib/servers.mjs';

const given = options({ clients: '1000', min: '100', 'stalled-seconds': '12' });
const clients = Number(given.clients);
const slow = clients / 10;
const task = { tags: 1000, rate: 10, arrival: 'spread', clients, perClient: 100, min: Number(given.min), slow };
/// Long enough for the kernel's buffers to fill, so that the server has to keep what they do not take.
const stalledMs = Number(given['stalled-seconds']) * 1000;

/// What the server keeps for clients that come back is full before the first round, and no slow client's.
const resumeChanges = 10_000;

const ms = (us) => round(us / 1000, 1);
const numbersOf = ({ age_us, updates, seconds, shard_cpu_s }) => ({
  p50_ms: ms(age_us.p50),
  p90_ms: ms(age_us.p90),
  p99_ms: ms(age_us.p99),
  p999_ms: ms(age_us.p999),
  max_ms: ms(age_us.max),
  updates_per_s: Math.round(updates / seconds),
  us_per_update: round((shard_cpu_s * 1e6) / updates),
});

const server = await servers.tagwire({ ...task, server: `slow_client_ms = 3600000\nresume_changes = ${resumeChanges}` });
const found = { reading: [], stalled: [] };
const slowKib = [];
let slowSkipped = 0;
let checked = 0;
try {
  const program = await Clients.start(server, task);
  await sleep(3000);
  for (let i = 0; i < given.rounds; ++i) {
    found.reading.push(numbersOf(await program.during(server, given.seconds)));
    const before = await memory(server.pid);
    await program.ask('stall');
    await sleep(stalledMs);
    found.stalled.push(numbersOf(await program.during(server, given.seconds)));
    slowKib.push(((await memory(server.pid)).anon - before.anon) / slow);
    await program.ask('begin');
    await program.ask('resume');
    const final = await program.verify(2000);
    if (final.stale > 0) throw new Error(`${final.stale} of ${final.checked} final values did not arrive`);
    checked = final.checked;
    slowSkipped += JSON.parse(await program.ask('report')).slow_skipped;
  }
  await program.stop();
} finally {
  await server.stop();
}
if (slowSkipped === 0) throw new Error('the slow clients missed nothing, so the server never noticed them: take more --stalled-seconds');

const medians = Object.fromEntries(
  Object.entries(found).map(([name, list]) => [name, Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((each) => each[key]))]))]),
);
table(
  Object.entries(medians).map(([name, numbers]) => ({ clients: name === 'reading' ? 'all read' : 'a tenth does not', ...numbers })),
  ['clients', 'p50_ms', 'p90_ms', 'p99_ms', 'p999_ms', 'max_ms', 'updates_per_s', 'us_per_update'],
);
const ratio = round(median(found.stalled.map((each, i) => each.p99_ms / found.reading[i].p99_ms)), 2);
await conclude('latency', {
  results: { ...medians, slow_clients: slow, slow_kib: slowKib.map((kib) => round(kib, 1)), slow_conflated_changes: slowSkipped, final_values_checked: checked },
  bars: {
    'p99 in ms': bar(medians.reading.p99_ms, { most: task.min + 20 }),
    'p99 of the others when a tenth does not read, at most': bar(ratio, { most: 1.2 }),
    'p99 of the others when a tenth does not read, at least': bar(ratio, { least: 0.8 }),
    'KiB of user space per slow client': bar(round(Math.max(...slowKib), 1), { most: 64 }),
  },
  options: given,
  main: medians.reading.p99_ms,
});
