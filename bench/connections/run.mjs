/// Many connections at once, each with a few slow tags: memory and CPU, and nobody is lost.
///
///   node bench/connections/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference] [--connections 10000]
///
/// Each connection watches 10 random tags of 1,000 that change once a second, and wants a frame a second at most. The
/// reference server sends frames of the same size to as many. Open files: as many as connections, in each of two
/// processes (`ulimit -n`). See README.md.
import { Clients } from '../lib/measure.mjs';
import { memory } from '../lib/proc.mjs';
import { bar, conclude, median, medianRatio, inTurns, options, round, table } from '../lib/report.mjs';
import { servers } from '../lib/servers.mjs';
import { sleep } from '../../tests/system/lib/wait.mjs';

const given = options({ connections: '' });
const connections = Number(given.connections || (given.quick ? 2000 : 10_000));
const task = { tags: 1000, rate: 1, clients: connections, perClient: 10, min: 1000 };

async function one(name, own) {
  const server = await servers[name]({ ...own, server: `max_connections = ${connections + 100}\nresume_changes = 1000` });
  try {
    await sleep(2000); // what it keeps for clients that come back is full, and no connection's
    const before = await memory(server.pid);
    const begun = performance.now();
    const clients = await Clients.start(server, own);
    try {
      const opened = (performance.now() - begun) / 1000;
      await sleep(2000);
      const found = await clients.during(server, given.seconds);
      const after = await memory(server.pid);
      const final = name === 'tagwire' ? await clients.verify(3000) : { stale: 0 };
      if (final.stale > 0) throw new Error(`${final.stale} of ${final.checked} final values did not arrive`);
      return {
        us_per_frame: (found.shard_cpu_s * 1e6) / found.frames,
        process_us_per_frame: (found.cpu_s * 1e6) / found.frames,
        kib_per_connection: (after.anon - before.anon) / connections,
        frames_per_s: found.frames / found.seconds,
        updates_per_frame: found.updates / found.frames,
        bytes_per_frame: found.bytes / found.frames,
        connections_opened_per_s: connections / opened,
        p99_ms: found.age_us.p99 / 1000,
        disconnects: found.disconnects,
      };
    } finally {
      await clients.stop();
    }
  } finally {
    await server.stop();
  }
}

let bytes = 200;
const { medians, rounds } = await inTurns(
  {
    tagwire: async () => {
      const found = await one('tagwire', task);
      bytes = Math.round(found.bytes_per_frame);
      return found;
    },
    reference: () => one('broadcast', { ...task, tags: 1, perClient: 1, bytes }),
  },
  given.rounds,
);
table(
  Object.entries(medians).map(([name, found]) => ({
    server: name,
    'KiB/connection': found.kib_per_connection.toFixed(1),
    'µs/frame': found.us_per_frame.toFixed(1),
    'whole process': found.process_us_per_frame.toFixed(1),
    'bytes/frame': Math.round(found.bytes_per_frame),
    'frames/s': Math.round(found.frames_per_s),
    'opened/s': Math.round(found.connections_opened_per_s),
    'p99 ms': found.p99_ms.toFixed(0),
  })),
  ['server', 'KiB/connection', 'µs/frame', 'whole process', 'bytes/frame', 'frames/s', 'opened/s', 'p99 ms'],
);
await conclude('connections', {
  results: medians,
  bars: {
    'KiB of user space per connection': bar(round(medians.tagwire.kib_per_connection, 1), { most: 12 }),
    'CPU per frame to the reference': bar(medianRatio(rounds, 'tagwire', 'reference', 'us_per_frame'), { most: 1.3 }),
    disconnects: bar(median(rounds.tagwire.map(({ disconnects }) => disconnects)), { most: 0 }),
  },
  options: given,
  main: medians.tagwire.us_per_frame,
});
