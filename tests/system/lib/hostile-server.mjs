/// OPC UA servers that lie (tests/peers/opcua/hostile_server.cpp), several in one process, one a port.
import path from 'node:path';

import { AskedProgram } from './asked-program.mjs';
import { peerProgram } from './paths.mjs';
import { freePorts } from './ports.mjs';

export class HostileServers {
  #asked;

  static async start(count) {
    const servers = new HostileServers();
    servers.port = await freePorts(count);
    servers.#asked = await AskedProgram.start(peerProgram('tagwire_opcua_hostile_server'), [servers.port, count]);
    return servers;
  }

  endpoint(index) {
    return `opc.tcp://127.0.0.1:${this.port + index}`;
  }

  /// path → node id of the variables, which count 20 times a second.
  tags(prefix) {
    return Object.fromEntries(['A', 'B'].map((name) => [`${prefix}.${name}`, `nsu=urn:tagwire:hostile;s=${name}`]));
  }

  /// All names. One that begins with ! takes or sends much memory.
  async lies() {
    return (await this.#asked.ask('lies')).split(' ');
  }

  /// Server `index` lies like this from now on; honest without a name.
  async lie(index, name = '') {
    const answer = await this.#asked.ask(`lie ${index} ${name}`);
    if (answer !== 'ok') throw new Error(`${name}: ${answer}`);
  }

  drop(index) {
    return this.#asked.ask(`drop ${index}`);
  }

  /// {connections, open, activated, requests} since the last time.
  async stats(index) {
    return JSON.parse(await this.#asked.ask(`stats ${index}`));
  }

  stop() {
    return this.#asked.stop();
  }
}
