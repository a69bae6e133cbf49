/// A WebSocket client that sends any bytes and shows every frame as it came, for what RFC 6455 forbids. Shares no code with
/// the product or with npm `ws`.
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';

import { Inbox } from './inbox.mjs';
import { within } from './wait.mjs';

export const opcode = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa };

/// One frame of RFC 6455, 5.2. `lengthBytes`: 0, 2 or 8 extended ones, by default the fewest. `length` may lie.
export function frame(code, payload = '', { fin = true, rsv = 0, masked = true, lengthBytes, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const extended = lengthBytes ?? (size < 126 ? 0 : size < 65_536 ? 2 : 8);
  const head = Buffer.alloc(2 + extended + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | code;
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? Number(size) : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(Number(size), 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(size), 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  mask.copy(head, 2 + extended);
  return Buffer.concat([head, body.map((byte, i) => byte ^ mask[i % 4])]);
}

export const closePayload = (code, reason = '') => {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(reason));
  bytes.writeUInt16BE(code);
  bytes.write(reason, 2);
  return bytes;
};

export class RawSocket {
  #rest = Buffer.alloc(0);
  /// Frames: {fin, rsv, code, masked, lengthBytes, payload}.
  frames = new Inbox('frame');

  /// The upgrade by hand; `headers` are added or, with undefined, left out; `early` are frames in the same packet. Rejects with `.status` when refused.
  static async open(tagwire, { target = '/ws', headers = {}, early = [], connect = net.connect } = {}) {
    const raw = new RawSocket();
    const key = randomBytes(16).toString('base64');
    const all = {
      Host: tagwire.host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
      ...headers,
    };
    const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`);
    raw.socket = connect({ port: tagwire.port, host: '127.0.0.1' });
    raw.socket.setNoDelay(true);
    raw.ended = new Promise((resolve) => raw.socket.on('error', () => {}).on('close', resolve));
    const answered = raw.#head();
    raw.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, ...early);
    const head = await within(5000, 'answer to the upgrade', answered);
    raw.status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
    raw.headers = Object.fromEntries(head.split('\r\n').slice(1).map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    if (raw.status !== 101) {
      raw.socket.destroy();
      throw Object.assign(new Error(`HTTP ${raw.status}`), { status: raw.status });
    }
    const expected = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (raw.headers['sec-websocket-accept'] !== expected) throw new Error('wrong Sec-WebSocket-Accept');
    return raw;
  }

  #head() {
    return new Promise((resolve, reject) => {
      const take = (bytes) => {
        this.#rest = Buffer.concat([this.#rest, bytes]);
        const end = this.#rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = this.#rest.subarray(0, end).toString('latin1');
        this.#rest = this.#rest.subarray(end + 4);
        this.socket.off('data', take).on('data', (more) => this.#take(more));
        resolve(head);
        this.#take(Buffer.alloc(0));
      };
      this.socket.on('data', take).once('close', () => {
        reject(new Error('closed without an answer'));
        this.frames.end('the connection ended');
      });
    });
  }

  #take(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const data = this.#rest;
      if (data.length < 2) return;
      const short = data[1] & 0x7f;
      const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
      const masked = (data[1] & 0x80) !== 0;
      const head = 2 + lengthBytes + (masked ? 4 : 0);
      if (data.length < head) return;
      const size = lengthBytes === 0 ? short : lengthBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
      if (data.length < head + size) return;
      this.#rest = data.subarray(head + size);
      this.frames.push({
        fin: (data[0] & 0x80) !== 0,
        rsv: (data[0] >> 4) & 7,
        code: data[0] & 0xf,
        masked,
        lengthBytes,
        payload: Buffer.from(data.subarray(head, head + size)),
      });
    }
  }

  write(...buffers) {
    this.socket.write(Buffer.concat(buffers.map((buffer) => Buffer.from(buffer))));
  }

  /// Every byte in a packet of its own.
  async drip(bytes) {
    for (const byte of bytes) await new Promise((resolve) => this.socket.write(Buffer.from([byte]), resolve));
  }

  send(code, payload, options) {
    this.write(frame(code, payload, options));
  }

  next(where = () => true, timeout = 5000) {
    return this.frames.take(where, timeout);
  }

  /// The next message of the protocol that matches, parsed.
  async message(where, timeout) {
    const { payload } = await this.next(({ code, payload: text }) => code === opcode.text && where(JSON.parse(text)), timeout);
    return JSON.parse(payload);
  }

  /// The server's close frame as {code, reason}, after which it ends the connection.
  async closed(timeout = 5000) {
    const { payload } = await this.next(({ code }) => code === opcode.close, timeout);
    await within(timeout, 'the connection ends', this.ended);
    return payload.length < 2 ? { code: 1005, reason: '' } : { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
  }

  end() {
    this.socket.destroy();
    return this.ended;
  }
}
