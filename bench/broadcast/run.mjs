/// Server CPU per frame when everybody gets the same.
///
///   node bench/broadcast/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference] [--clients 1000]
///
/// Every client watches the same tags, which change ten times a second all at once; the reference server sends one
/// prebuilt frame of the same size to as many clients. See README.md.
import { measure } from '../lib/measure.mjs';
import { conclude, inTurns, medianRatio, options, table } from '../lib/report.mjs';

const given = options({ clients: '1000' });
const rate = 10;
const clients = Number(given.clients);
/// How many tags make a frame of about so many bytes.
const sizes = [
  { name: '64 B', tags: 1 },
  { name: '1 KiB', tags: 50 },
  { name: '8 KiB', tags: 420 },
];

async function one(name, task) {
  const found = await measure(name, { ...task, rate, clients, pick: 'first', min: 1000 / rate }, { seconds: given.seconds, verify: name === 'tagwire' });
  return {
    us_per_frame: (found.shard_cpu_s * 1e6) / found.frames,
    process_us_per_frame: (found.cpu_s * 1e6) / found.frames,
    bytes_per_frame: found.bytes / found.frames,
    frames_per_s: found.frames / found.seconds,
    p99_ms: found.age_us.p99 / 1000,
  };
}

const cases = {};
for (const { name, tags } of sizes) {
  let bytes = 0;
  cases[`tagwire ${name}`] = async () => {
    const found = await one('tagwire', { tags, perClient: tags, arrival: 'burst' });
    bytes = Math.round(found.bytes_per_frame);
    return found;
  };
  cases[`reference ${name}`] = () => one('broadcast', { tags: 1, perClient: 1, bytes });
}
const { medians, rounds } = await inTurns(cases, given.rounds);
table(
  Object.entries(medians).map(([name, found]) => ({
    server: name,
    'bytes/frame': Math.round(found.bytes_per_frame),
    'µs/frame': found.us_per_frame.toFixed(1),
    'whole process': found.process_us_per_frame.toFixed(1),
    'frames/s': Math.round(found.frames_per_s),
    'p99 ms': found.p99_ms.toFixed(1),
  })),
  ['server', 'bytes/frame', 'µs/frame', 'whole process', 'frames/s', 'p99 ms'],
);
const ratios = Object.fromEntries(
  sizes.map(({ name }) => [name, medianRatio(rounds, `tagwire ${name}`, `reference ${name}`, 'us_per_frame')]),
);
console.log('to the reference:', Object.entries(ratios).map(([name, ratio]) => `${name} × ${ratio}`).join(', '));
await conclude('broadcast', {
  results: { ...medians, to_the_reference: ratios },
  bars: {},
  options: given,
  main: medians['tagwire 1 KiB'].us_per_frame,
});
