/// A node-opcua server with methods, history and nodes that refuse (peer/services-server.mjs), in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from './ports.mjs';
import { Program } from './program.mjs';
import { within } from './wait.mjs';

const script = fileURLToPath(new URL('peer/services-server.mjs', import.meta.url));
const namespaceUri = 'urn:tagwire:test:plant';

export class ServicesPeer {
  #child;
  #program;
  #folder;

  /// `historyStart`: Date of the first of the 2,500 values that each of History.0 … 4 has, a second apart.
  static async start(historyStart) {
    const peer = new ServicesPeer();
    const port = await freePort();
    peer.port = port;
    peer.endpoint = `opc.tcp://127.0.0.1:${port}`;
    peer.#folder = await mkdtemp(path.join(tmpdir(), 'tagwire-peer-'));
    const words = [String(port), peer.#folder, namespaceUri, String(historyStart.getTime())];
    peer.#child = fork(script, words, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    peer.#program = new Program(peer.#child, 'OPC UA server');
    await within(60_000, () => `start of the OPC UA server\n${peer.#program.output}`, once(peer.#child, 'message'));
    return peer;
  }

  node(name) {
    return `nsu=${namespaceUri};s=${name}`;
  }

  /// From now on History.0 changes every `ms`, in its history too.
  count(ms) {
    this.#child.send({ count: ms });
  }

  /// Ends count(); [ms since 1970, value] of each change.
  async counted() {
    this.#child.send({ stop: true });
    const [{ samples }] = await within(10_000, 'samples of the OPC UA server', once(this.#child, 'message'));
    return samples;
  }

  async stop() {
    if (this.#program.running) this.#child.disconnect();
    await this.#program.end(10_000);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
