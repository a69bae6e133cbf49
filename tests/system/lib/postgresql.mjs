/// Debian's PostgreSQL with a database of its own, in a temporary folder, on loopback.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { freePort } from './ports.mjs';
import { Program } from './program.mjs';
import { eventually } from './wait.mjs';

const run = promisify(execFile);

/// PostgreSQL does not run as root: then it is Debian's user for it.
const asUser = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
const user = (program, args, options) => {
  const [first, ...rest] = [...asUser, program, ...args];
  return run(first, rest, { cwd: tmpdir(), maxBuffer: 1 << 28, ...options });
};

async function programs() {
  const root = '/usr/lib/postgresql';
  const versions = (await readdir(root)).map(Number).sort((a, b) => b - a);
  return path.join(root, String(versions[0]), 'bin');
}

export class Postgresql {
  #bin;
  #program;

  /// Made and running. Its superuser is "admin" with the password "secret".
  static async start() {
    const database = new Postgresql();
    database.#bin = await programs();
    database.port = await freePort();
    const [first, ...words] = [...asUser, 'mktemp', '-d', path.join(tmpdir(), 'tagwire-postgresql-XXXXXX')];
    database.folder = (await run(first, words, { cwd: tmpdir() })).stdout.trim();
    const secrets = await mkdtemp(path.join(tmpdir(), 'tagwire-postgresql-'));
    try {
      await chmod(secrets, 0o755);
      await user('sh', ['-c', 'echo secret > "$0/password"', database.folder]);
      const data = path.join(database.folder, 'data');
      // Nothing here has to outlive the machine.
      await user(path.join(database.#bin, 'initdb'), [
        ...['-D', data, '-U', 'admin', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256', '--no-sync'],
        `--pwfile=${database.folder}/password`,
      ]);
    } finally {
      await rm(secrets, { recursive: true });
    }
    await database.launch();
    return database;
  }

  /// On the same folder and port.
  async launch() {
    const [first, ...rest] = [
      ...(asUser.length > 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []),
      path.join(this.#bin, 'postgres'),
      ...['-D', path.join(this.folder, 'data'), '-p', String(this.port), '-k', this.folder],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'max_connections=20', '-c', 'allow_system_table_mods=on'],
    ];
    this.#program = new Program(spawn(first, rest, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] }), 'postgres');
    await eventually('PostgreSQL answers', () => this.query('SELECT 1'), { timeout: 30_000, every: 100 });
  }

  /// As for `[postgresql]` `conninfo`.
  get conninfo() {
    return `host=127.0.0.1 port=${this.port} dbname=postgres user=admin`;
  }

  get program() {
    return this.#program;
  }

  /// kill -9 of the main process: those it made end by themselves.
  async kill() {
    await this.#program.kill();
  }

  /// Rows of texts.
  async query(sql, database = 'postgres') {
    const { stdout } = await run(
      'psql',
      ['-X', '-q', '-A', '-t', '-F', '\u001f', '-R', '\u001e', '-v', 'ON_ERROR_STOP=1', '-c', sql, '-h', '127.0.0.1', '-p', String(this.port), '-U', 'admin', database],
      { env: { ...process.env, PGPASSWORD: 'secret', PGTZ: 'UTC' }, maxBuffer: 1 << 28 },
    );
    const text = stdout.replace(/[\n\u001e]$/, '');
    return text === '' ? [] : text.split('\u001e').map((row) => row.split('\u001f'));
  }

  async stop() {
    if (this.#program?.running) {
      this.#program.signal('SIGINT'); // a fast shutdown
      await this.#program.end(20_000);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
