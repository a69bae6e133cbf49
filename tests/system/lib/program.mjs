/// A child process with its output kept, ended by its own pid.
import { once } from 'node:events';

import { within } from './wait.mjs';

export class Program {
  #child;
  #name;
  #output = '';

  /// Takes over a freshly started child with piped stdout and stderr.
  constructor(child, name) {
    this.#child = child;
    this.#name = name;
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    this.exited.catch(() => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#output += text;
      });
    }
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /// Everything it printed so far.
  get output() {
    return this.#output;
  }

  signal(name) {
    this.#child.kill(name);
  }

  /// kill -9, and waits for the end.
  async kill() {
    if (this.running) this.signal('SIGKILL');
    await this.exited;
  }

  /// How it ended, within `timeout` ms; a program that does not end is killed and that is an error.
  async end(timeout) {
    try {
      return await within(timeout, () => `end of ${this.#name}`, this.exited);
    } catch (error) {
      await this.kill();
      error.message += `\n${this.#output}`;
      throw error;
    }
  }
}
