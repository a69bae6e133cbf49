/// The program under test, with its own folder of configuration and its own port.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { get } from './http.mjs';
import { binary } from './paths.mjs';
import { freePort } from './ports.mjs';
import { Program } from './program.mjs';
import { eventually } from './wait.mjs';

/// Longest time from SIGTERM to the end before it is killed; stop.test.mjs holds it to the promised 2 s.
const stopTimeout = 5000;

export class Tagwire {
  #folder;
  #program;

  /// `config`: TOML. Keys before its first table belong to [server], which has `listen` already.
  /// `tls`: {certificate, key, ca} as of lib/tls-certificates.mjs; then clients speak https and wss.
  static async create({ config = '', port, tls } = {}) {
    const tagwire = new Tagwire();
    tagwire.tls = tls;
    tagwire.port = port ?? (await freePort());
    tagwire.#folder = await mkdtemp(path.join(tmpdir(), 'tagwire-test-'));
    tagwire.file = path.join(tagwire.#folder, 'tagwire.toml');
    await tagwire.configure(config);
    return tagwire;
  }

  static async start(options) {
    const tagwire = await Tagwire.create(options);
    try {
      await tagwire.launch();
    } catch (error) {
      await tagwire.stop({ exit: 'any' });
      throw error;
    }
    return tagwire;
  }

  get host() {
    return `127.0.0.1:${this.port}`;
  }

  get url() {
    return `${this.tls ? 'https' : 'http'}://${this.host}`;
  }

  /// Where its configuration lies.
  get folder() {
    return this.#folder;
  }

  get program() {
    return this.#program;
  }

  /// Everything the present process printed.
  get log() {
    return this.#program?.output ?? '';
  }

  async configure(config) {
    const tls = this.tls ? `tls_certificate = "${this.tls.certificate}"\ntls_key = "${this.tls.key}"\n` : '';
    await writeFile(this.file, `[server]\nlisten = "${this.host}"\n${tls}${config}\n`);
  }

  /// Starts the process without waiting for anything; `prefix`: words before the program, such as a shell's.
  spawn(args = ['--config', this.#folder], prefix = []) {
    const [program, ...words] = [...prefix, binary(), ...args];
    const child = spawn(program, words, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#program = new Program(child, 'tagwire');
    return this.#program;
  }

  /// Starts it, with `prefix` before its words, and waits until it says it is ready.
  async launch(prefix) {
    this.spawn(undefined, prefix);
    await eventually('tagwire is ready', async () => !this.#program.running || (await get(this, '/readyz')).status === 200);
    if (!this.#program.running) {
      const { code, signal } = await this.#program.exited;
      throw new Error(`tagwire ended with ${code ?? signal}:\n${this.log}`);
    }
  }

  /// kill -9 and start again with the same configuration on the same port.
  async restartHard() {
    await this.#program.kill();
    await this.launch();
  }

  /// SIGTERM; anything but exit 0 (with `exit: 'any'` allowed) is an error that shows the log. Removes the folder.
  async stop({ exit = 0 } = {}) {
    try {
      if (!this.#program) return;
      this.#program.signal('SIGTERM');
      const end = await this.#program.end(stopTimeout);
      if (exit !== 'any') assert.deepEqual(end, { code: exit, signal: null }, `end of tagwire; its log:\n${this.log}`);
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
