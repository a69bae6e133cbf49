/// Server CPU per delivered update when many clients watch many tags each.
///
///   node bench/fanout/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference]
///        [--tags 1000] [--rate 10] [--clients 500] [--per-client 100] [--only tagwire,gather]
///
/// Tagwire and the reference server take turns at the same load; so do npm `ws` and `socket.io`, at a tenth of the load
/// where they send one message per update, because they cannot take more. See README.md.
import { measure } from '../lib/measure.mjs';
import { bar, conclude, inTurns, medianRatio, options, round, table } from '../lib/report.mjs';

const given = options({ tags: '1000', rate: '10', clients: '500', 'per-client': '100', only: '' });
const numbers = { tags: Number(given.tags), rate: Number(given.rate) };
const watching = { clients: Number(given.clients), perClient: Number(given['per-client']), min: 100 };

async function one(name, task) {
  const found = await measure(name, task, { seconds: given.seconds, verify: !name.endsWith('_each') });
  const each = (cpu) => (cpu * 1e6) / found.updates;
  return {
    us_per_update: each(found.cpu_s),
    fanout_us_per_update: each(found.shard_cpu_s),
    us_per_frame: (found.cpu_s * 1e6) / found.frames,
    updates_per_s: found.updates / found.seconds,
    frames_per_s: found.frames / found.seconds,
    updates_per_frame: found.updates / found.frames,
    fanout_core_percent: (found.shard_cpu_s / found.seconds) * 100,
    conflated_percent: (found.skipped / (found.updates + found.skipped)) * 100,
    lag_frames: found.lag,
    skipped: found.skipped,
    p50_ms: found.age_us.p50 / 1000,
    p99_ms: found.age_us.p99 / 1000,
  };
}

const cases = {};
for (const arrival of ['burst', 'spread']) {
  const task = { ...numbers, ...watching, arrival };
  const tenth = { ...task, rate: numbers.rate / 10 };
  for (const name of ['tagwire', 'gather', 'ws_gather']) cases[`${name} ${arrival}`] = () => one(name, task);
  cases[`tagwire all ${arrival}`] = () => one('tagwire', { ...task, mode: 'all' });
  cases[`ws_each ${arrival}`] = () => one('ws_each', tenth);
  cases[`socketio_each ${arrival}`] = () => one('socketio_each', tenth);
}
const only = given.only === '' ? undefined : given.only.split(',');
const chosen = Object.fromEntries(Object.entries(cases).filter(([name]) => only?.includes(name.split(' ')[0]) ?? true));

const { medians, rounds } = await inTurns(chosen, given.rounds);
table(
  Object.entries(medians).map(([name, found]) => ({
    server: name,
    'µs/update': found.us_per_update.toFixed(3),
    'fan-out alone': found.fanout_us_per_update.toFixed(3),
    'µs/frame': found.us_per_frame.toFixed(1),
    'updates/s': Math.round(found.updates_per_s),
    'frames/s': Math.round(found.frames_per_s),
    'conflated %': found.conflated_percent.toFixed(2),
    'p50 ms': found.p50_ms.toFixed(1),
    'p99 ms': found.p99_ms.toFixed(1),
  })),
  ['server', 'µs/update', 'fan-out alone', 'µs/frame', 'updates/s', 'frames/s', 'conflated %', 'p50 ms', 'p99 ms'],
);

const bars = {};
for (const arrival of ['burst', 'spread']) {
  const ratio = (over, under) => medianRatio(rounds, `${over} ${arrival}`, `${under} ${arrival}`, 'fanout_us_per_update');
  if (chosen[`tagwire ${arrival}`] && chosen[`gather ${arrival}`]) {
    bars[`fan-out CPU to the reference, ${arrival}`] = bar(ratio('tagwire', 'gather'), { most: 1.25 });
  }
  if (chosen[`tagwire ${arrival}`] && chosen[`ws_each ${arrival}`]) {
    bars[`ws, a message per update, to Tagwire, ${arrival}`] = bar(ratio('ws_each', 'tagwire'), { least: 4 });
    bars[`socket.io to Tagwire, ${arrival}`] = bar(ratio('socketio_each', 'tagwire'), { least: 4 });
  }
  const own = medians[`tagwire ${arrival}`];
  if (own) {
    bars[`share of a core for the fan-out in %, ${arrival}`] = bar(round(own.fanout_core_percent, 1), { most: 15 });
    bars[`p99 in ms, ${arrival}`] = bar(round(own.p99_ms, 1), { most: watching.min + 20 });
  }
  const all = rounds[`tagwire all ${arrival}`];
  if (all) bars[`changes skipped in mode all, ${arrival}`] = bar(all.reduce((sum, { skipped }) => sum + skipped, 0), { most: 0 });
}
await conclude('fanout', { results: medians, bars, options: given, main: medians['tagwire burst']?.us_per_update ?? 0 });
