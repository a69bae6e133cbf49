/// Both sides of the protocol of agents (schema/tagwire-agent-v1.schema.json), independent of ours: an agent that says what
/// a test wants, and a gateway that looks at what an agent says. Every frame that is received is checked by the schema.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { WebSocketServer } from 'ws';

import { root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { openSocket } from './socket-client.mjs';
import { eventually } from './wait.mjs';

const schema = JSON.parse(readFileSync(path.join(root, 'schema/tagwire-agent-v1.schema.json'), 'utf8'));
const ajv = new Ajv2020.default({ strict: false });
ajv.addSchema(schema, 'agent');
const checkers = { agent: ajv.getSchema('agent#/$defs/agentFrame'), gateway: ajv.getSchema('agent#/$defs/gatewayFrame') };

function checked(side, text) {
  const frame = JSON.parse(text);
  if (!checkers[side](frame)) throw new Error(`${side} sent ${text.slice(0, 300)}: ${ajv.errorsText(checkers[side].errors)}`);
  return frame;
}

/// An agent whose every word is the test's.
export class FakeAgent {
  frames = [];
  #connection;

  static async connect(tagwire, token) {
    const agent = new FakeAgent();
    agent.#connection = await openSocket(tagwire, '/api/v1/agent', {
      headers: { authorization: `Bearer ${token}` },
      onMessage: (text) => agent.frames.push(checked('gateway', text)),
    });
    return agent;
  }

  say(frame) {
    this.#connection.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  hello() {
    this.say({ t: 'hello', v: 1, agent: 'fake 1', host: 'test' });
  }

  until(what, where, timeout = 5000) {
    return eventually(what, () => this.frames.find(where), { timeout });
  }

  closed(timeout) {
    return this.#connection.closed(timeout);
  }

  close() {
    return this.#connection.close();
  }

  cut() {
    this.#connection.socket.terminate();
  }
}

/// A gateway with one token that keeps what agents say; with a `certificate` ({cert, key}) over TLS. `requests`: target and
/// Authorization of every connection. `violations`: frames that are not of the schema. `acknowledges`: data frames are
/// acknowledged at once.
export class FakeGateway {
  frames = [];
  requests = [];
  violations = [];
  acknowledges = false;
  #server;
  #http;
  #socket;

  static async start(token, { port, certificate } = {}) {
    const gateway = new FakeGateway();
    gateway.port = port ?? (await freePort());
    gateway.#http = certificate ? https.createServer(certificate) : http.createServer();
    gateway.#server = new WebSocketServer({
      server: gateway.#http,
      path: '/api/v1/agent',
      verifyClient: ({ req: { url, headers } }) => {
        gateway.requests.push([url, headers.authorization]);
        return headers.authorization === `Bearer ${token}` || url.endsWith('?auth=frame');
      },
    });
    gateway.#http.listen(gateway.port, '127.0.0.1');
    await once(gateway.#http, 'listening');
    gateway.#server.on('connection', (socket) => {
      gateway.#socket = socket;
      socket.on('message', (data, binary) => gateway.#take(data.toString('utf8'), binary));
    });
    return gateway;
  }

  #take(text, binary) {
    try {
      if (binary) throw new Error('a binary message');
      const frame = checked('agent', text);
      this.frames.push(frame);
      if (this.acknowledges && frame.t === 'data') this.say({ t: 'ack', seq: frame.seq });
    } catch (error) {
      this.violations.push(error);
    }
  }

  say(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  until(what, where, timeout = 20_000) {
    return eventually(what, () => this.frames.find(where), { timeout });
  }

  stop() {
    this.#socket?.terminate();
    this.#server.close();
    this.#http.close();
  }
}
