/// The servers that take turns under the same load.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { AskedProgram } from '../../tests/system/lib/asked-program.mjs';
import { binary } from '../../tests/system/lib/paths.mjs';
import { freePort } from '../../tests/system/lib/ports.mjs';
import { Tagwire } from '../../tests/system/lib/tagwire.mjs';

export const benchProgram = (name) => path.join(path.dirname(binary()), name);
const peer = (name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
const pairs = (entries) => Object.entries(entries).map(([key, value]) => `${key}=${value}`);

/// Tagwire with nothing but load tags, and without the record, which the other servers do not keep either (bench/history
/// has its price). A tag that changes once a scan changes together with all others.
export async function startTagwire({ tags, rate, arrival = 'spread', server = '' }) {
  const scan = arrival === 'burst' ? Math.max(10, Math.round(1000 / rate)) : 10;
  const simulator = `scan_ms = ${Math.min(scan, 60_000)}\nmatrikon = false\nplant = false\nload_tags = ${tags}\nload_rate_hz = ${rate}`;
  const tagwire = await Tagwire.start({ config: `${server}\n[history]\nenabled = false\n[simulator]\n${simulator}` });
  return { name: 'tagwire', port: tagwire.port, pid: tagwire.program.pid, tagwire, stop: () => tagwire.stop() };
}

async function startAsked(name, file, args, options) {
  const port = await freePort();
  const program = await AskedProgram.start(file, [...args, ...pairs({ port, ...options })], { name });
  return { name, port, pid: program.program.pid, stop: () => program.stop() };
}

const load = ({ tags, rate, arrival = 'spread', min = 100 }) => ({ tags, rate, arrival, period: min });
const node = (file, extra = {}) => (task) => startAsked(file, process.execPath, [peer(file)], { ...load(task), ...extra });

/// Name → how it is started for a task {tags, rate, arrival, min}.
export const servers = {
  tagwire: startTagwire,
  gather: (task) => startAsked('gather', benchProgram('tagwire_bench_gather_server'), [], load(task)),
  broadcast: ({ rate, bytes }) =>
    startAsked('broadcast', benchProgram('tagwire_bench_gather_server'), [], { mode: 'broadcast', rate, bytes }),
  ws_gather: node('ws_server.mjs', { mode: 'gather' }),
  ws_each: node('ws_server.mjs', { mode: 'each' }),
  socketio_each: node('socketio_server.mjs'),
};
