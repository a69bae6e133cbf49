/// A WebSocket client of tagwire.v1 of its own, independent of web/client: on npm `ws`, and strict (frame-checker).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';

import { FrameChecker } from './frame-checker.mjs';
import { Inbox } from './inbox.mjs';
import { within } from './wait.mjs';

/// A request the server answered with err; `code` and `retry` as sent.
export class Refused extends Error {
  constructor(frame) {
    super(`${frame.code}: ${frame.msg}`);
    Object.assign(this, { code: frame.code, retry: frame.retry, frame });
  }
}

/// Opens a WebSocket at `target` and nothing else. Resolves with it, or rejects with `.status` when refused by HTTP.
/// Messages go to `onMessage` (text as a string, binary as a Buffer), by default into `messages`.
export async function openSocket(tagwire, target = '/ws', { protocol, origin, headers, onMessage, perMessageDeflate = false } = {}) {
  const url = `${tagwire.tls ? 'wss' : 'ws'}://${tagwire.host}${target}`;
  const socket = new WebSocket(url, protocol ?? [], { origin, headers, perMessageDeflate, ca: tagwire.tls?.ca });
  socket.binaryType = 'nodebuffer';
  const messages = new Inbox(`message of ${target}`);
  const take = onMessage ?? ((message) => messages.push(message));
  socket.on('message', (data, binary) => take(binary ? data : data.toString('utf8')));
  const refused = new Promise((_, reject) => {
    socket.on('unexpected-response', (request, response) => {
      reject(Object.assign(new Error(`HTTP ${response.statusCode}`), { status: response.statusCode }));
      request.destroy();
    });
    socket.on('error', reject);
  });
  refused.catch(() => {});
  const closed = once(socket, 'close').then(([code, reason]) => {
    const end = { code, reason: reason.toString('utf8') };
    messages.end(`the connection closed: ${JSON.stringify(end)}`);
    return end;
  });
  closed.catch(() => {});
  await within(5000, `WebSocket ${target}`, Promise.race([once(socket, 'open'), refused]));
  return {
    socket,
    messages,
    end: closed,
    send: (data) => socket.send(data),
    closed: (timeout = 5000) => within(timeout, 'close of the connection', closed),
    close: () => {
      socket.close();
      return within(5000, 'close of the connection', closed);
    },
  };
}

/// What a subscription learned: `tags` (path → description), `values` (path → {v, ts, q}), `frames`, `seq`.
class Subscription {
  tags = new Map();
  values = new Map();
  frames = [];
  seq;
  lag = [];
  #paths = new Map();

  constructor(client, ok) {
    this.client = client;
    this.id = ok.sub;
    this.ok = ok;
    this.declare(ok.tags);
  }

  declare(descriptions = []) {
    for (const description of descriptions) {
      this.tags.set(description.n, description);
      this.#paths.set(description.h, description.n);
    }
  }

  data(frame) {
    this.frames.push(frame);
    if (!frame.more) this.seq = frame.seq;
    for (const [handle, v, dt = 0, q = 0] of frame.v) this.values.set(this.#paths.get(handle), { v, ts: frame.b + dt, q });
  }

  /// The rows of all frames so far as {n, v, ts, q}.
  get rows() {
    return this.frames.flatMap((frame) =>
      frame.v.map(([handle, v, dt = 0, q = 0]) => ({ n: this.#paths.get(handle), v, ts: frame.b + dt, q })),
    );
  }

  /// Waits for the next data frame that matches; frames are handed out once each.
  next(where = () => true, timeout) {
    return this.client.frames.take((frame) => frame.t === 'data' && frame.sub === this.id && where(frame), timeout);
  }

  /// Waits until the snapshot (or what was missed) is complete.
  complete(timeout = 5000) {
    return this.client.until('end of the snapshot', () => this.seq !== undefined, timeout);
  }

  /// Waits until the latest {v, ts, q} of a tag satisfies `where`; returns it.
  until(path, where, timeout = 5000) {
    return this.client.until(
      () => `${path} ${where}; it is ${JSON.stringify(this.values.get(path))}`,
      () => this.values.has(path) && where(this.values.get(path)) && this.values.get(path),
      timeout,
    );
  }

  credit(n = 1) {
    this.client.send({ t: 'credit', sub: this.id, n });
  }

  end() {
    return this.client.request({ t: 'unsub', sub: this.id });
  }
}

/// The parts of an answer to hist as path → {ty, b, before, v, i}.
function join(parts) {
  const series = new Map();
  for (const { n, ty, b, before, v = [], i = [] } of parts) {
    const known = series.get(n);
    if (known) {
      known.v.push(...v);
      known.i.push(...i);
    } else {
      series.set(n, { ty, b, before, v: [...v], i: [...i] });
    }
  }
  return series;
}

export class SocketClient {
  #checker = new FrameChecker();
  #pending = new Map();
  #subscriptions = new Map();
  #conditions = new Set();
  #nextId = 1;
  /// Frames that were not asked for yet.
  frames = new Inbox('frame');
  sources = new Map();
  /// Breaches of the protocol by the server; close() throws the first.
  violations = [];

  static async open(tagwire, options) {
    const client = new SocketClient();
    client.connection = await openSocket(tagwire, '/ws', { ...options, onMessage: (m) => client.#receive(m) });
    client.connection.end.then((end) => client.#ended(end));
    client.hello = await client.frames.take((frame) => frame.t === 'hello');
    return client;
  }

  #receive(message) {
    let frame;
    try {
      assert.equal(typeof message, 'string', 'a binary message');
      frame = this.#checker.check(message, this.#pending);
    } catch (error) {
      this.violations.push(new Error(`${error.message} in ${message.toString().slice(0, 500)}`));
      return;
    }
    this.#take(frame);
    for (const check of this.#conditions) check();
  }

  #take(frame) {
    if (frame.t === 'src') this.sources.set(frame.n, frame);
    const subscription = this.#subscriptions.get(frame.sub);
    if (frame.t === 'tags') subscription?.declare(frame.add);
    if (frame.t === 'data') subscription?.data(frame);
    if (frame.t === 'lag') subscription?.lag.push(frame);
    const request = this.#pending.get(frame.id);
    if (frame.t === 'hist' && request) {
      request.parts.push(frame);
      return;
    }
    if (!request || !['ok', 'err', 'pong'].includes(frame.t)) {
      this.frames.push(frame);
      return;
    }
    this.#pending.delete(frame.id);
    if (frame.t === 'err') {
      request.reject(new Refused(frame));
    } else if (request.t === 'sub') {
      const created = new Subscription(this, frame);
      this.#subscriptions.set(frame.sub, created);
      request.resolve(created);
    } else {
      if (request.t === 'unsub') this.#subscriptions.delete(request.sub);
      request.resolve(request.t === 'hist' ? { ok: frame, series: join(request.parts) } : frame);
    }
  }

  #ended(end) {
    const error = new Error(`the connection closed: ${JSON.stringify(end)}`);
    this.frames.end(error.message);
    for (const request of this.#pending.values()) request.reject(error);
    this.#pending.clear();
  }

  send(frame) {
    this.connection.send(JSON.stringify(frame));
  }

  /// Sends a request with a fresh id, or its own. Resolves with its answer (a Subscription for sub), or rejects with Refused.
  request(frame, timeout = 5000) {
    const id = frame.id ?? this.#nextId++;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { ...frame, parts: [], resolve, reject }));
    this.send({ ...frame, id });
    return within(timeout, `answer to ${JSON.stringify(frame)}`, answer);
  }

  sub(tags, options = {}) {
    return this.request({ t: 'sub', tags: [tags].flat(), ...options });
  }

  /// Asks for the past: {ok, series: path → {ty, b, before, v, i}}.
  hist(tags, from, to, options = {}) {
    return this.request({ t: 'hist', tags: [tags].flat(), from, to, ...options });
  }

  /// Resolves with the first true result of `condition`, which is asked after each frame.
  until(what, condition, timeout = 5000) {
    let check;
    const met = new Promise((resolve, reject) => {
      check = () => {
        try {
          const result = condition();
          if (result) resolve(result);
        } catch (error) {
          reject(error);
        }
      };
    });
    this.#conditions.add(check);
    check();
    return within(timeout, what, met).finally(() => this.#conditions.delete(check));
  }

  source(name, where, timeout) {
    return this.until(
      () => `source ${name} ${where}; it is ${JSON.stringify(this.sources.get(name))}`,
      () => this.sources.has(name) && where(this.sources.get(name)) && this.sources.get(name),
      timeout,
    );
  }

  /// How the server closed the connection.
  closed(timeout) {
    return this.connection.closed(timeout);
  }

  /// Closes and throws if the server ever broke the protocol.
  async close() {
    await this.connection.close();
    if (this.violations.length > 0) throw this.violations[0];
  }
}
