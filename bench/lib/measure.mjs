/// One server under one load: CPU, updates, ages and losses.
import { AskedProgram } from '../../tests/system/lib/asked-program.mjs';
import { sleep } from '../../tests/system/lib/wait.mjs';
import { cpu } from './proc.mjs';
import { benchProgram, servers } from './servers.mjs';

/// The names of Tagwire's threads that serve clients.
const shardThreads = /^tw-shard/;

export class Clients {
  #program;

  static async start(server, { clients, tags, perClient, pick, min = 100, mode, slow }) {
    const found = new Clients();
    const given = { protocol: server.name.startsWith('socketio') ? 'socketio' : 'tagwire', pick, min, mode, slow };
    const args = { port: server.port, clients, tags, per_client: perClient, ...given };
    const known = Object.entries(args).filter(([, value]) => value !== undefined);
    found.#program = await AskedProgram.start(
      benchProgram('tagwire_bench_client'),
      known.map(([key, value]) => `${key}=${value}`),
      { name: 'client', timeout: 120_000 },
    );
    return found;
  }

  ask = (command) => this.#program.ask(command, 60_000);
  verify = async (afterMs) => JSON.parse(await this.ask(`verify ${afterMs}`));
  stop = () => this.#program.stop();

  /// What came within `seconds`, and what it cost the server.
  async during(server, seconds) {
    await this.ask('begin');
    const before = await cpu(server.pid);
    await sleep(seconds * 1000);
    const after = await cpu(server.pid);
    const report = JSON.parse(await this.ask('report'));
    if (report.disconnects > 0) throw new Error(`${report.disconnects} clients were disconnected: ${report.last_error}`);
    if (report.backwards > 0) throw new Error(`${report.backwards} values came out of order`);
    const used = after.process - before.process;
    const shards = Object.entries(after.threads)
      .filter(([name]) => shardThreads.test(name))
      .reduce((sum, [name, value]) => sum + value - (before.threads[name] ?? 0), 0);
    return { ...report, cpu_s: used, shard_cpu_s: shards > 0 ? shards : used };
  }
}

/// Starts server and clients, lets them settle, measures, checks that every final value arrived, and ends both.
export async function measure(name, task, { seconds, settle = 0.5, verify = true }) {
  const server = await servers[name](task);
  try {
    const clients = await Clients.start(server, task);
    try {
      await sleep(settle * 1000);
      const found = await clients.during(server, seconds);
      const final = verify ? await clients.verify(1000 + 2 * (task.min ?? 100)) : { checked: 0, stale: 0 };
      if (final.stale > 0) throw new Error(`${name}: ${final.stale} of ${final.checked} final values did not arrive`);
      return { ...found, checked: final.checked };
    } finally {
      await clients.stop();
    }
  } finally {
    await server.stop();
  }
}
