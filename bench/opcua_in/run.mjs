/// CPU of an OPC UA client per value change, and how quickly it creates its items.
///
///   node bench/opcua_in/run.mjs [--rounds 3] [--seconds 4] [--write-reference]
///
/// One load server; Tagwire's source, the library's callback client and node-opcua's client take turns at it, so that
/// what else the machine does falls on all of them. Results are medians over the rounds; see README.md.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

import { AskedProgram } from '../../tests/system/lib/asked-program.mjs';
import { binary, root } from '../../tests/system/lib/paths.mjs';
import { freePort } from '../../tests/system/lib/ports.mjs';

const run = promisify(execFile);
const programs = path.dirname(binary());
const nodeClient = fileURLToPath(new URL('node_client.mjs', import.meta.url));
const referenceFile = path.join(root, 'bench/opcua_in/reference.json');

const publishingMs = 50;
/// What the server has; the bar for creating items is for all of them.
const nodes = 200_000;
const barCpuMicroseconds = 0.15;
const barCreateSeconds = 1;

const client = (kind) => [path.join(programs, 'tagwire_bench_opcua_client'), [kind]];
/// node-opcua's client cannot take what the others can: it gets as much as leaves it some idle time.
const clients = [
  { name: 'tagwire', start: client('source'), nodes: 20_000, rate: 400_000 },
  { name: 'callbacks', start: client('callbacks'), nodes: 20_000, rate: 400_000 },
  { name: 'node_opcua', start: [process.execPath, [nodeClient]], nodes: 5_000, rate: 50_000 },
  { name: 'tagwire_200k', start: client('source'), nodes, rate: 400_000 },
  { name: 'callbacks_200k', start: client('callbacks'), nodes, rate: 400_000 },
];
/// Without load, so that the server has nothing else to do.
const creators = [
  { name: 'tagwire', start: client('source') },
  { name: 'callbacks', start: client('callbacks') },
];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const round = (number, digits = 4) => Number(number.toFixed(digits));

async function measure(server, endpoint, { start: [file, args], nodes: count, rate }, seconds) {
  await server.ask(`load ${count} ${rate}`);
  const before = JSON.parse(await server.ask('stats'));
  const { stdout } = await run(file, [...args, endpoint, count, seconds, publishingMs].map(String));
  const after = JSON.parse(await server.ask('stats'));
  if (after.sessions + after.subscriptions + after.monitored_items > 0) {
    throw new Error(`${file} ${args} left something behind at the server: ${JSON.stringify(after)}`);
  }
  const result = JSON.parse(stdout.trim().split('\n').at(-1));
  return { ...result, serverMicroseconds: (after.cpu_us - before.cpu_us) / (after.written - before.written) };
}

/// Medians of the rounds of one client.
function summary(rounds) {
  const of = (value) => round(median(rounds.map(value)));
  return {
    cpu_us_per_change: of(({ cpu_s, changes }) => (cpu_s * 1e6) / changes),
    changes_per_s: Math.round(of(({ changes, seconds }) => changes / seconds)),
    missed: rounds.reduce((sum, { missed }) => sum + missed, 0),
  };
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    'write-reference': { type: 'boolean', default: false },
  },
});
const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)];

const port = await freePort();
const server = await AskedProgram.start(path.join(programs, 'tagwire_opcua_load_server'), [port, `nodes=${nodes}`, 'rate=0'], {
  timeout: 120_000,
});
const endpoint = `opc.tcp://127.0.0.1:${port}`;
const found = Object.fromEntries(clients.map(({ name }) => [name, []]));
const created = Object.fromEntries(creators.map(({ name }) => [name, []]));
try {
  for (let i = 0; i < rounds; ++i) {
    for (const one of clients) found[one.name].push(await measure(server, endpoint, one, seconds));
    for (const one of creators) created[one.name].push(await measure(server, endpoint, { ...one, nodes, rate: 0 }, 1));
  }
} finally {
  await server.stop(60_000);
}

const results = Object.fromEntries(clients.map(({ name }) => [name, summary(found[name])]));
const create = Object.fromEntries(creators.map(({ name }) => [name, round(median(created[name].map((r) => r.create_s)))]));
const reference = await readFile(referenceFile, 'utf8').then(JSON.parse, () => undefined);
const bars = {
  cpu_us_per_change: { bar: barCpuMicroseconds, met: results.tagwire.cpu_us_per_change <= barCpuMicroseconds },
  cpu_us_per_change_200k: { bar: barCpuMicroseconds, met: results.tagwire_200k.cpu_us_per_change <= barCpuMicroseconds },
  create_200k_s: { bar: barCreateSeconds, met: create.tagwire <= barCreateSeconds },
  missed: { bar: 0, met: results.tagwire.missed + results.tagwire_200k.missed === 0 },
};

console.log('client           µs CPU a change   changes/s   missed');
for (const [name, { cpu_us_per_change, changes_per_s, missed }] of Object.entries(results)) {
  console.log(name.padEnd(15), String(cpu_us_per_change).padStart(17), String(changes_per_s).padStart(11), String(missed).padStart(8));
}
console.log(`${nodes} items created in ${create.tagwire} s (tagwire), ${create.callbacks} s (callbacks)`);
const ratio = reference && round(results.tagwire.cpu_us_per_change / reference.results.tagwire.cpu_us_per_change, 2);
const serverCpu = round(median(found.tagwire.map((r) => r.serverMicroseconds)), 2);
console.log(
  JSON.stringify({ bench: 'opcua_in', results, create_200k_s: create, server_us_per_change: serverCpu, bars, ratio: ratio ?? null }),
);
if (options['write-reference']) {
  const machine = `${os.cpus().length} × ${os.cpus()[0].model}, ${os.type()}, Node.js ${process.version}`;
  await writeFile(referenceFile, `${JSON.stringify({ machine, rounds, seconds, results, create_200k_s: create }, null, 2)}\n`);
}
