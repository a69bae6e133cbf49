/// How long a change takes from an OPC UA server to a frame in a WebSocket client.
///
///   node bench/line/run.mjs [--seconds 10] [--write-reference]
///
/// Three processes on one machine: the clock server (open62541), Tagwire, and this one. A value is the time of its own
/// writing, so its age on arrival is the latency of the whole line; see README.md.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { noSimulator, opcUa } from '../../tests/system/lib/config.mjs';
import { binary, root } from '../../tests/system/lib/paths.mjs';
import { freePort } from '../../tests/system/lib/ports.mjs';
import { Program } from '../../tests/system/lib/program.mjs';
import { SocketClient } from '../../tests/system/lib/socket-client.mjs';
import { Tagwire } from '../../tests/system/lib/tagwire.mjs';
import { eventually, sleep } from '../../tests/system/lib/wait.mjs';

const referenceFile = path.join(root, 'bench/line/reference.json');
const clockServer = process.env.TAGWIRE_BENCH_CLOCK_SERVER ?? path.join(path.dirname(binary()), 'tagwire_bench_clock_server');

/// One tag is written every 7.3 ms, so that writes fall anywhere within the intervals; each tag once in 0.73 s, longer
/// than any path here holds a value back, so that none is conflated.
const everyMs = 7.3;
const tags = 100;

/// The intervals of the path: of OPC UA (0 = at each write), and of the subscription here.
const scenarios = [
  { name: 'fastest', sampling: 0, publishing: 10, min: 10 },
  { name: 'quick', sampling: 0, publishing: 50, min: 50 },
  { name: 'default', sampling: 200, publishing: 200, min: 100 },
];

const nowMicroseconds = () => Number(process.hrtime.bigint() / 1000n);
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
const round = (ms) => Math.round(ms * 100) / 100;

async function withClockServer(use) {
  const port = await freePort();
  const child = spawn(clockServer, [port, tags, everyMs].map(String), { stdio: ['pipe', 'pipe', 'pipe'] });
  const program = new Program(child, clockServer);
  await eventually('the clock server listens', () => {
    if (!program.running) throw new Error(program.output);
    return program.output.includes('ready');
  });
  try {
    await use(`opc.tcp://127.0.0.1:${port}`);
  } finally {
    child.stdin.end();
    await program.end(5000);
  }
}

/// Latencies in ms of all changes that arrive within `seconds`.
async function latencies(tagwire, min, seconds) {
  const client = await SocketClient.open(tagwire);
  await client.source('clocks', ({ state }) => state === 'live', 10_000);
  const subscription = await client.sub('Clock.*', { min });
  await client.until('every tag has a value', () => [...subscription.values.values()].filter(({ v }) => v > 0).length === tags);
  const found = [];
  const take = client.connection.socket;
  const record = (data) => {
    const arrived = nowMicroseconds();
    const frame = JSON.parse(data);
    if (frame.t === 'data') for (const [, written] of frame.v) found.push((arrived - written) / 1000);
  };
  take.on('message', record);
  await sleep(seconds * 1000);
  take.off('message', record);
  await client.close();
  return found;
}

async function measure(scenario, endpoint, seconds) {
  const nodes = Object.fromEntries(Array.from({ length: tags }, (_, i) => [`Clock.${i}`, `nsu=urn:tagwire:bench;s=${i}`]));
  const source = opcUa('clocks', endpoint, nodes, {
    sampling_interval_ms: scenario.sampling,
    publishing_interval_ms: scenario.publishing,
  });
  const tagwire = await Tagwire.start({ config: `min_interval_ms = ${Math.min(10, scenario.min)}\n${noSimulator}${source}` });
  try {
    const sorted = (await latencies(tagwire, scenario.min, seconds)).sort((a, b) => a - b);
    const expected = (seconds * 1000) / everyMs;
    if (sorted.length < expected * 0.9) throw new Error(`${sorted.length} of about ${expected.toFixed(0)} changes arrived`);
    return {
      changes: sorted.length,
      p50: round(quantile(sorted, 0.5)),
      p99: round(quantile(sorted, 0.99)),
      max: round(sorted.at(-1)),
    };
  } finally {
    await tagwire.stop();
  }
}

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, 'write-reference': { type: 'boolean', default: false } },
});
const seconds = Number(options.seconds);
const reference = await readFile(referenceFile, 'utf8').then(JSON.parse, () => ({ results: {} }));
const results = {};

console.log('scenario   sampling  publishing  min    p50 ms  p99 ms  max ms  changes   p50 and p99 to the reference');
await withClockServer(async (endpoint) => {
  for (const scenario of scenarios) {
    const result = await measure(scenario, endpoint, seconds);
    const stored = reference.results[scenario.name];
    const ratio = stored ? { p50: round(result.p50 / stored.p50), p99: round(result.p99 / stored.p99) } : null;
    results[scenario.name] = result;
    console.log(
      scenario.name.padEnd(9),
      ...[`${scenario.sampling} ms`, `${scenario.publishing} ms`, `${scenario.min} ms`].map((s, i) => s.padStart([9, 11, 7][i])),
      ...[result.p50, result.p99, result.max].map((ms) => ms.toFixed(2).padStart(7)),
      String(result.changes).padStart(8),
      ratio ? `   × ${ratio.p50} and × ${ratio.p99}` : '   no reference',
    );
    console.log(JSON.stringify({ bench: 'line', ...scenario, ...result, ratio }));
  }
});
if (options['write-reference']) {
  const machine = `${os.cpus().length} × ${os.cpus()[0].model}, ${os.type()}, Node.js ${process.version}`;
  await writeFile(referenceFile, `${JSON.stringify({ machine, seconds, results }, null, 2)}\n`);
}
