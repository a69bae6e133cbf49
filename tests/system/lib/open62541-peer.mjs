/// The OPC UA server on open62541 (tests/peers/opcua/opcua_peer.cpp) with the interface of OpcUaPeer.
import { AskedProgram } from './asked-program.mjs';
import { peerProgram } from './paths.mjs';
import { freePort } from './ports.mjs';

const namespaceUri = 'http://tagwire.test/plant/';

export class Open62541Peer {
  #asked;
  #options;
  #network;

  /// `options`: of the program, such as {bulk: 100, per_call: 10}. Variables: Level, Bulk.0 … It runs in `network` if
  /// that is given (network.mjs).
  static async start(options = {}, network = undefined) {
    const peer = new Open62541Peer();
    peer.#network = network;
    peer.port = await freePort();
    peer.#options = options;
    await peer.launch();
    return peer;
  }

  get endpoint() {
    return `opc.tcp://${this.#network?.address ?? '127.0.0.1'}:${this.port}`;
  }

  node(name) {
    return `nsu=${namespaceUri};s=${name}`;
  }

  async launch() {
    const options = Object.entries(this.#options).map(([key, value]) => `${key}=${value}`);
    const [program, ...args] = [...(this.#network?.prefix ?? []), peerProgram('tagwire_opcua_peer'), this.port, ...options];
    this.#asked = await AskedProgram.start(program, args);
  }

  async write(name, { value }) {
    const answer = await this.#asked.ask(`set ${name} ${value}`);
    if (answer !== 'Good') throw new Error(`${name}: ${answer}`);
  }

  /// History of the variable Recipe: `count` structures named r0, r1, … from `first` (ms since 1970) on.
  async recordRecipes(first, count, step) {
    const ticks = (BigInt(first) + 11_644_473_600_000n) * 10_000n;
    const answer = await this.#asked.ask(`record_recipes ${ticks} ${count} ${step}`);
    if (answer !== 'Good') throw new Error(`history of Recipe: ${answer}`);
  }

  /// A further Double node `folder.name`, as the option `plant` has them.
  async add(folder, name) {
    const answer = await this.#asked.ask(`add ${folder} ${name}`);
    if (answer !== 'Good') throw new Error(`${folder}.${name}: ${answer}`);
  }

  async remove(name) {
    const answer = await this.#asked.ask(`remove ${name}`);
    if (answer !== 'Good') throw new Error(`${name}: ${answer}`);
  }

  async stats() {
    return { sessions: Number(await this.#asked.ask('sessions')) };
  }

  freeze() {
    this.#asked.program.signal('SIGSTOP');
  }

  thaw() {
    this.#asked.program.signal('SIGCONT');
  }

  kill() {
    return this.#asked.program.kill();
  }

  stop() {
    return this.#asked.stop();
  }
}
