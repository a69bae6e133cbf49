/// A child process that takes commands on its standard input, one a line, and answers each with one line: our OPC UA
/// servers for tests (tests/peers/opcua). It prints "ready" when it may be asked, and ends when its input does.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { Inbox } from './inbox.mjs';
import { Program } from './program.mjs';

export class AskedProgram {
  #child;
  #name;
  #lines;
  #turn = Promise.resolve();

  static async start(file, args, { name = file, timeout = 30_000 } = {}) {
    const asked = new AskedProgram();
    asked.#name = name;
    asked.#child = spawn(file, args.map(String), { stdio: ['pipe', 'pipe', 'pipe'] });
    asked.#child.stdin.on('error', () => {}); // a question to a killed process has no answer, which #line says
    asked.program = new Program(asked.#child, name);
    asked.#lines = new Inbox(`line of ${name}`);
    createInterface({ input: asked.#child.stdout }).on('line', (line) => asked.#lines.push(line));
    asked.program.exited.then(() => asked.#lines.end(`${name} ended:\n${asked.program.output}`));
    const first = await asked.#lines.take(() => true, timeout);
    assert.equal(first, 'ready', asked.program.output);
    return asked;
  }

  /// The answer to one command. Questions asked at the same time are put one after the other.
  ask(command, timeout = 10_000) {
    const answer = this.#turn.then(() => {
      this.#child.stdin.write(`${command}\n`);
      return this.#lines.take(() => true, timeout);
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /// Ends it in an orderly way; anything but exit 0 is an error.
  async stop(timeout = 10_000) {
    if (!this.program.running) return;
    this.program.signal('SIGCONT');
    this.#child.stdin.end();
    const end = await this.program.end(timeout);
    assert.deepEqual(end, { code: 0, signal: null }, `end of ${this.#name}:\n${this.program.output}`);
  }
}
