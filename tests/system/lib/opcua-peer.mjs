/// An OPC UA server that is not ours (node-opcua) in a process of its own, so that it can be killed and frozen.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from './ports.mjs';
import { Program } from './program.mjs';
import { within } from './wait.mjs';

const scripts = {
  open: fileURLToPath(new URL('peer/opcua-server.mjs', import.meta.url)),
  secure: fileURLToPath(new URL('peer/secure-server.mjs', import.meta.url)),
};
export const namespaceUri = 'urn:tagwire:test:plant';

/// node-opcua takes some seconds to load its address space, more on a loaded machine.
const startTimeout = 60_000;

export class OpcUaPeer {
  #child;
  #program;
  #folder;
  #variables;
  #secure;
  #script;
  #nextId = 1;
  #answers = new Map();

  /// `variables`: see peer/variables.mjs, such as {name: 'Level', type: 'Double', value: 1.5}.
  /// `script`: the child process, if it is another one than the plain server.
  static async start(variables, script = scripts.open) {
    const peer = new this();
    peer.#script = script;
    peer.port = await freePort();
    peer.#variables = variables;
    peer.#folder = await mkdtemp(path.join(tmpdir(), 'tagwire-peer-'));
    await peer.launch();
    return peer;
  }

  /// A server with security; `settings`: see peer/secure-server.mjs. It has the variable Level.
  static async startSecure(settings) {
    const peer = new OpcUaPeer();
    peer.port = await freePort();
    peer.#variables = [{ name: 'Level' }];
    peer.#secure = settings;
    peer.#script = scripts.secure;
    peer.#folder = await mkdtemp(path.join(tmpdir(), 'tagwire-peer-'));
    await peer.launch();
    return peer;
  }

  get endpoint() {
    return `opc.tcp://127.0.0.1:${this.port}`;
  }

  /// Node id of a variable as the configuration takes it.
  node(name) {
    return `nsu=${namespaceUri};s=${name}`;
  }

  /// path → node id of all variables, below `prefix`.
  tags(prefix) {
    return Object.fromEntries(this.#variables.map(({ name }) => [`${prefix}.${name}`, this.node(name)]));
  }

  /// (Re)starts the process on its port; resolves when it listens.
  async launch() {
    this.#child = fork(this.#script, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#program = new Program(this.#child, 'OPC UA server');
    this.#child.on('message', ({ id, error, result }) => {
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (error) answer?.reject(new Error(`OPC UA server: ${error}`));
      else answer?.resolve(result);
    });
    await this.ask('start', { port: this.port, folder: this.#folder, namespaceUri, variables: this.#variables, ...this.#secure }, startTimeout);
  }

  /// Other settings from the next launch() on.
  change(settings) {
    this.#secure = { ...this.#secure, ...settings };
  }

  /// Any command of the child process.
  ask(command, parameters = {}, timeout = 10_000) {
    const id = this.#nextId++;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    const died = this.#program.exited.then(() => {
      throw new Error(`the OPC UA server ended:\n${this.#program.output}`);
    });
    died.catch(() => {});
    this.#child.send({ id, command, ...parameters });
    return within(timeout, `OPC UA server: ${command}`, Promise.race([answer, died]));
  }

  /// Sets a variable: {value?, status? (number), sourceTime? (Date)}; what is left out stays, time is now.
  write(name, change) {
    return this.ask('write', { name, ...change });
  }

  /// The value that the server itself has.
  read(name) {
    return this.ask('read', { name });
  }

  /// Writes `values` one after the other, `interval` ms apart (0: at once); resolves after the last.
  writeSeries(name, values, interval) {
    return this.ask('writeSeries', { name, values, interval }, 10_000 + values.length * interval);
  }

  /// {sessions, subscriptions, monitoredItems} it has now, and {sessionsEver, subscriptionsEver}.
  stats() {
    return this.ask('stats');
  }

  /// A secure server trusts a client's certificate, or a user's, from the file on.
  trustClient(file) {
    return this.ask('trustClient', { file });
  }

  trustUser(file) {
    return this.ask('trustUser', { file });
  }

  /// Sessions of a secure server.
  sessions() {
    return this.ask('sessions');
  }

  /// SIGSTOP: connections stay open and nothing answers.
  freeze() {
    this.#program.signal('SIGSTOP');
  }

  thaw() {
    this.#program.signal('SIGCONT');
  }

  /// kill -9
  async kill() {
    await this.#program.kill();
  }

  async stop() {
    try {
      if (!this.#program.running) return;
      this.thaw();
      this.#child.disconnect();
      const end = await this.#program.end(30_000);
      assert.deepEqual(end, { code: 0, signal: null }, `end of the OPC UA server:\n${this.#program.output}`);
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
