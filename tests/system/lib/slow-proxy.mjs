/// A TCP proxy that is a bad network: it delays, loses as TCP sees loss (what is lost comes later, and what follows waits
/// for it), breaks the way altogether while both ends keep their connections, and cuts connections with what is on its way.
import { once } from 'node:events';
import net from 'node:net';

import { freePort } from './ports.mjs';

/// After so long TCP sends again what was lost.
const retransmitMs = 200;

/// One direction of one connection: chunks in order, each at its time.
class Way {
  #chunks = [];
  #timer;
  #last = 0;

  constructor(proxy, from, to, back) {
    this.proxy = proxy;
    this.back = back;
    this.to = to;
    from.on('data', (bytes) => this.#take(bytes));
  }

  #take(bytes) {
    if (this.back && this.proxy.swallowing) return;
    const lost = Math.random() < this.proxy.loss;
    this.#last = Math.max(this.#last, performance.now() + this.proxy.delay + (lost ? retransmitMs : 0));
    this.#chunks.push({ bytes, due: this.#last });
    this.run();
  }

  run() {
    if (this.#timer || this.proxy.partitioned || this.#chunks.length === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        while (!this.proxy.partitioned && this.#chunks.length > 0 && this.#chunks[0].due <= performance.now()) {
          if (!this.to.destroyed) this.to.write(this.#chunks[0].bytes);
          this.#chunks.shift();
        }
        this.run();
      },
      Math.max(0, this.#chunks[0].due - performance.now()),
    );
  }

  stop() {
    clearTimeout(this.#timer);
    this.#chunks = [];
  }
}

export class SlowProxy {
  delay = 0;
  loss = 0;
  partitioned = false;
  /// What the server sends is gone for ever; only for connections that are cut afterwards.
  swallowing = false;
  /// When each connection was made, in ms (performance.now).
  connections = [];
  #ways = new Set();
  #sockets = new Set();
  #server;

  /// To 127.0.0.1:`target`. `delay`: ms each way; `loss`: share of the chunks.
  static async start(target, { delay = 0, loss = 0 } = {}) {
    const proxy = Object.assign(new SlowProxy(), { delay, loss, port: await freePort() });
    proxy.#server = net.createServer((client) => proxy.#connect(client, target));
    proxy.#server.listen(proxy.port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint() {
    return `opc.tcp://127.0.0.1:${this.port}`;
  }

  #connect(client, target) {
    this.connections.push(performance.now());
    const server = net.connect(target, '127.0.0.1');
    const ways = [new Way(this, client, server, false), new Way(this, server, client, true)];
    for (const way of ways) this.#ways.add(way);
    for (const [socket, other] of [[client, server], [server, client]]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const way of ways) {
          way.stop();
          this.#ways.delete(way);
        }
        // Through a broken way nobody hears that the other has closed.
        if (!this.partitioned) other.destroy();
      });
    }
  }

  /// Nothing passes any more; connections are still taken.
  partition() {
    this.partitioned = true;
  }

  /// What waited goes on.
  heal() {
    this.partitioned = false;
    for (const way of this.#ways) way.run();
  }

  /// Ends every connection there is; new ones are taken.
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop() {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }
}
