/// Whether cost grows in proportion: CPU per delivered update with more clients and with more tags, and what a tag costs
/// that nobody watches.
///
///   node bench/growth/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference]
///
/// Each series keeps everything but one number: clients with 100 random tags each; tags of which each of 100 clients
/// watches a tenth, with the same changes a second in all. See README.md.
import { sleep } from '../../tests/system/lib/wait.mjs';
import { measure } from '../lib/measure.mjs';
import { cpu } from '../lib/proc.mjs';
import { bar, conclude, inTurns, median, options, round, table } from '../lib/report.mjs';
import { servers } from '../lib/servers.mjs';

const given = options();
const clientCounts = given.quick ? [100, 1000] : [100, 1000, 10_000];
const tagCounts = given.quick ? [1000, 20_000] : [1000, 20_000, 200_000];
const changesPerSecond = 10_000;
const unwatched = { tags: 100_000, rate: 2 };

async function watched(task) {
  const server = `max_connections = ${task.clients + 100}`;
  const found = await measure('tagwire', { ...task, server }, { seconds: given.seconds, settle: 1.5 });
  return {
    us_per_update: (found.shard_cpu_s * 1e6) / found.updates,
    process_us_per_update: (found.cpu_s * 1e6) / found.updates,
    updates_per_s: found.updates / found.seconds,
    updates_per_frame: found.updates / found.frames,
    p99_ms: found.age_us.p99 / 1000,
  };
}

/// Nobody is connected: all that the shards do is for tags that nobody watches.
async function withoutClients() {
  const server = await servers.tagwire(unwatched);
  try {
    await sleep(1000);
    const before = await cpu(server.pid);
    await sleep(given.seconds * 1000);
    const after = await cpu(server.pid);
    const changes = unwatched.tags * unwatched.rate * given.seconds;
    const of = (name) => ((after.threads[name] - before.threads[name]) * 1e6) / changes;
    return {
      shard_us_per_change: of('tw-shard'),
      store_us_per_change: of('tw-store'),
      process_us_per_change: ((after.process - before.process) * 1e6) / changes,
    };
  } finally {
    await server.stop();
  }
}

const cases = {};
for (const clients of clientCounts) {
  cases[`${clients} clients`] = () => watched({ tags: 1000, rate: 1, clients, perClient: 100, min: 1000 });
}
for (const tags of tagCounts) {
  cases[`${tags} tags`] = () => watched({ tags, rate: changesPerSecond / tags, clients: 100, pick: 'tenth', min: 100 });
}
cases.unwatched = withoutClients;
const { medians, rounds } = await inTurns(cases, given.rounds);

const series = Object.keys(cases).filter((name) => name !== 'unwatched');
table(
  series.map((name) => ({
    load: name,
    'µs/update': medians[name].us_per_update.toFixed(3),
    'whole process': medians[name].process_us_per_update.toFixed(3),
    'updates/s': Math.round(medians[name].updates_per_s),
    'updates/frame': medians[name].updates_per_frame.toFixed(1),
    'p99 ms': medians[name].p99_ms.toFixed(0),
  })),
  ['load', 'µs/update', 'whole process', 'updates/s', 'updates/frame', 'p99 ms'],
);
const { shard_us_per_change, store_us_per_change, process_us_per_change } = medians.unwatched;
console.log(`unwatched: shard ${shard_us_per_change} µs, store ${store_us_per_change} µs, process ${process_us_per_change} µs a change`);

const growth = (names) => {
  const first = names[0];
  const last = names.at(-1);
  return round(median(rounds[last].map((each, i) => each.us_per_update / rounds[first][i].us_per_update)), 2);
};
const of = (unit) => growth(series.filter((name) => name.endsWith(unit)));
await conclude('growth', {
  results: medians,
  bars: {
    [`CPU per update, ${clientCounts.at(-1)} clients to ${clientCounts[0]}`]: bar(of('clients'), { most: 1.2 }),
    [`CPU per update, ${tagCounts.at(-1)} tags to ${tagCounts[0]}`]: bar(of('tags'), { most: 1.2 }),
    'µs per change of a tag that nobody watches, in the shard': bar(shard_us_per_change, { most: 0.2 }),
  },
  options: given,
  main: medians['1000 clients'].us_per_update,
});
