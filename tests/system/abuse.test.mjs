/// Clients that take more than their part: limits per connection, address and server, time limits, and that nothing stays
/// behind of thousands that came and went.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';

import { get, request } from './lib/http.mjs';
import { memory, openFiles } from './lib/memory.mjs';
import { metric } from './lib/metrics.mjs';
import { frame, opcode, RawSocket } from './lib/raw-socket.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { EventStream } from './lib/sse.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep, within } from './lib/wait.mjs';

/// Instrumented programs keep freed memory on purpose.
const memoryCounts = !/asan|tsan/.test(process.env.TAGWIRE_BINARY ?? '');
/// How long clients come and go; TAGWIRE_ABUSE_SECONDS=60 for the whole minute.
const abuseSeconds = Number(process.env.TAGWIRE_ABUSE_SECONDS ?? 10);

function connect(tagwire, bytes) {
  const socket = net.connect(tagwire.port, '127.0.0.1').on('error', () => {});
  if (bytes) socket.write(bytes);
  // However it ends: who is cut while he writes is reset.
  socket.gone = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  return socket;
}

/// All that comes until the server closes.
async function readAll(socket, timeout = 5000) {
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  await within(timeout, 'the server closes', socket.gone);
  return answer;
}

/// Runs `work` a few times to warm up, then again, and holds memory and files to what they were.
async function leavesNothing(tagwire, work, { rounds = 1, megabytes = 5 } = {}) {
  const { pid } = tagwire.program;
  const settled = async (files) => {
    await eventually('all connections are gone', async () => (await metric(tagwire, 'connections')) <= 1, { timeout: 20_000 });
    if (files) await eventually('files as before', async () => (await openFiles(pid)) <= files);
    return { files: await openFiles(pid), now: (await memory(pid)).now };
  };
  await work();
  const before = await settled();
  for (let i = 0; i < rounds; ++i) await work();
  const after = await settled(before.files);
  if (memoryCounts) assert(after.now - before.now <= megabytes, `memory ${before.now} → ${after.now} MB`);
}

describe('limits of the server', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: 'max_connections = 20\nmax_total_subscriptions = 10\nmax_connection_tags = 30\nshards = 2' });
  });
  after(() => tagwire?.stop());

  it('one connection too many: 503 with Retry-After, in whole, also for who asks late; and room again afterwards', async () => {
    const held = Array.from({ length: 20 }, () => connect(tagwire));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await sleep(200);
    const late = connect(tagwire);
    await once(late, 'connect');
    await sleep(300);
    late.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const [head, body] = (await readAll(late)).split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 503 /);
    assert.match(head, /\r\nRetry-After: 5/);
    assert.equal(Number(/Content-Length: (\d+)/.exec(head)[1]), body.length);
    assert.equal(JSON.parse(body).code, 'overloaded');
    await assert.rejects(RawSocket.open(tagwire), { status: 503 });
    for (const socket of held) socket.destroy();
    await eventually('room again', async () => (await get(tagwire, '/healthz')).status === 200);
    assert((await metric(tagwire, 'connections_refused_total')) >= 2);
  });

  it('subscriptions of all clients: overloaded, event streams 503', async () => {
    const clients = [];
    for (let i = 0; i < 6; ++i) clients.push(await SocketClient.open(tagwire));
    const results = [];
    for (const client of clients) {
      for (let i = 0; i < 4; ++i) results.push(await client.sub('Random.Int1').then(() => 'ok', ({ code, retry }) => `${code} ${retry}`));
    }
    assert.equal(results.filter((result) => result === 'ok').length, 10);
    assert(results.includes('overloaded true'));
    const stream = await get(tagwire, '/api/v1/stream?tags=Random.Int1');
    assert.equal(stream.status, 503);
    assert.equal(stream.headers['retry-after'], '5');
    for (const client of clients) await client.close();
    await eventually('room again', async () => {
      const again = await EventStream.open(tagwire, '/api/v1/stream?tags=Random.Int1');
      again.close();
      return true;
    });
  });

  it('tags of one connection: the list is cut, then further subscriptions are refused', async () => {
    const client = await SocketClient.open(tagwire);
    const first = await client.sub('**');
    assert.equal(first.tags.size, 30);
    assert(first.ok.bad.every(({ code }) => code === 'too_many_tags'));
    await assert.rejects(client.sub('Random.Int1'), { code: 'too_many_tags' });
    await first.end();
    const few = await client.sub(['Random.Int1', 'Random.Int2']);
    const rest = await client.sub('**');
    assert.equal(few.tags.size + rest.tags.size, 30);
    await client.close();
  });
});

describe('limits of an address', () => {
  it('connections: 429; those of shared addresses are not counted', async () => {
    const tagwire = await Tagwire.start({ config: 'max_connections_per_address = 5\nshared_addresses = []' });
    try {
      const clients = [];
      for (let i = 0; i < 5; ++i) clients.push(await openSocket(tagwire, '/ws'));
      const [head, body] = (await readAll(connect(tagwire, 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'))).split('\r\n\r\n');
      assert.match(head, /^HTTP\/1\.1 429 /);
      assert.match(head, /\r\nRetry-After: 5/);
      assert.equal(Number(/Content-Length: (\d+)/.exec(head)[1]), body.length);
      assert.match(JSON.parse(body).msg, /this address/);
      const other = net.connect({ port: tagwire.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
      other.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      other.gone = once(other, 'close');
      assert.match(await readAll(other), /^HTTP\/1\.1 200 /);
      await clients[0].close();
      await eventually('room again', async () => (await get(tagwire, '/healthz')).status === 200);
      for (const client of clients.slice(1)) await client.close();
    } finally {
      await tagwire.stop();
    }
    const proxied = await Tagwire.start({ config: 'max_connections_per_address = 5\nmax_requests_per_second = 5' });
    try {
      const clients = [];
      for (let i = 0; i < 20; ++i) clients.push(await openSocket(proxied, '/ws'));
      for (const client of clients) await client.close();
    } finally {
      await proxied.stop();
    }
  });

  it('requests a second: 429 with Retry-After, then again; WebSockets count, their messages do not', async () => {
    const tagwire = await Tagwire.start({ config: 'max_requests_per_second = 50\nshared_addresses = ["10.0.0.1"]' });
    try {
      await sleep(1100);
      const statuses = await Promise.all(Array.from({ length: 120 }, () => get(tagwire, '/healthz').then(({ status }) => status)));
      const taken = statuses.filter((status) => status === 200).length;
      assert(taken >= 50 && taken < 110, `${taken}`);
      assert.equal(statuses.filter((status) => status === 429).length, 120 - taken);
      const refused = await eventually('refused', async () => {
        const answers = await Promise.all(Array.from({ length: 60 }, () => get(tagwire, '/healthz')));
        return answers.find(({ status }) => status === 429);
      });
      assert.equal(refused.headers['retry-after'], '1');
      assert.match(refused.json().msg, /50 requests a second/);
      await sleep(1100);
      const client = await SocketClient.open(tagwire);
      for (let i = 0; i < 200; ++i) client.send({ t: 'ping' });
      assert.equal((await client.request({ t: 'ping' })).t, 'pong');
      await client.close();
      assert((await metric(tagwire, 'http_requests_refused_total')) > 10);
    } finally {
      await tagwire.stop();
    }
  });
});

it('messages of one WebSocket are read at the rate of the limit, none is lost, others notice nothing', async () => {
  const tagwire = await Tagwire.start({ config: 'max_messages_per_second = 200' });
  try {
    const flood = await RawSocket.open(tagwire);
    const start = performance.now();
    flood.write(...Array.from({ length: 600 }, (_, id) => frame(opcode.text, `{"t":"ping","id":${id + 1}}`)));
    const other = await SocketClient.open(tagwire);
    const asked = performance.now();
    assert.equal((await other.request({ t: 'ping' })).t, 'pong');
    assert(performance.now() - asked < 500);
    for (let id = 1; id <= 600; ++id) await flood.message((answer) => answer.t === 'pong' && answer.id === id);
    const passed = performance.now() - start;
    assert(passed > 1800 && passed < 6000, `${passed} ms for 600 messages, of which 200 at once`);
    await flood.end();
    await other.close();
  } finally {
    await tagwire.stop();
  }
});

describe('time limits', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: 'handshake_timeout_ms = 1500\nrequest_timeout_ms = 2000\nkeep_alive_ms = 1000\nslow_client_ms = 2000' });
  });
  after(() => tagwire?.stop());

  it('10,000 that say nothing are gone after the handshake time, and others are served meanwhile', async () => {
    const silent = Array.from({ length: 10_000 }, () => connect(tagwire));
    await eventually('all have come', async () => (await metric(tagwire, 'connections_accepted_total')) >= 10_000, { timeout: 20_000 });
    await eventually('many are open at once', async () => (await metric(tagwire, 'connections')) >= 1000, { timeout: 5000 });
    const asked = performance.now();
    const client = await SocketClient.open(tagwire);
    await (await client.sub('Random.Int1')).next();
    assert(performance.now() - asked < 1500);
    await within(20_000, 'all are gone', Promise.all(silent.map(({ gone }) => gone)));
    await client.close();
  });

  it('slowloris: a byte a second does not prolong a request, in head or body', async () => {
    const start = performance.now();
    const sockets = [
      ...Array.from({ length: 100 }, () => connect(tagwire, 'GET / HTTP/1.1\r\nhost: localhost\r\nx: ')),
      ...Array.from({ length: 100 }, () => connect(tagwire, 'POST /api/v1/opcua/endpoints HTTP/1.1\r\nhost: localhost\r\ncontent-length: 50\r\n\r\n')),
      ...Array.from({ length: 100 }, () => connect(tagwire, 'GET /ws HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\n')),
    ];
    const timer = setInterval(() => {
      for (const socket of sockets) socket.write('x');
    }, 1000);
    try {
      await within(5000, 'all are cut', Promise.all(sockets.map(({ gone }) => gone)));
    } finally {
      clearInterval(timer);
    }
    assert(performance.now() - start > 1900);
  });

  it('a kept connection that asks nothing more', async () => {
    const socket = connect(tagwire, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const start = performance.now();
    assert.match(await readAll(socket), /^HTTP\/1\.1 200 /);
    assert(performance.now() - start < 2500);
  });

  it('who does not read an answer is cut', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const socket = connect(tagwire);
    socket.pause();
    // More answers than the kernel's buffers hold.
    const one = 'GET /api/v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n';
    for (let i = 0; i < 400; ++i) socket.write(one);
    await eventually('cut', async () => (await metric(tagwire, 'connections')) <= 1, { timeout: 10_000 });
    socket.destroy();
    agent.destroy();
  });
});

describe('a million tags', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({
      config: `[simulator]
plant = false
load_tags = 1000000
load_rate_hz = 0.01
scan_ms = 1000
[history]
enabled = false`,
    });
    await eventually('all tags', async () => (await metric(tagwire, 'tags')) >= 1_000_000, { timeout: 60_000 });
  });
  after(() => tagwire?.stop());

  it('matched by a wildcard: a connection gets its limit, and others are served meanwhile', { timeout: 120_000 }, async () => {
    const many = await RawSocket.open(tagwire);
    const other = await SocketClient.open(tagwire);
    many.write(frame(opcode.text, '{"t":"sub","id":1,"tags":["**"],"min":1000}'));
    const asked = performance.now();
    const values = await other.sub('Random.Int1');
    await values.next();
    assert(performance.now() - asked < 5000);
    const ok = await many.message((answer) => answer.id === 1, 60_000);
    assert.equal(ok.t, 'ok');
    assert(ok.bad.some(({ code }) => code === 'too_many_tags'), JSON.stringify(ok).slice(0, 300));
    await values.next();
    await many.end();
    await other.close();
  });
});

describe('thousands come and go', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: 'max_messages_per_second = 10000' });
  });
  after(() => tagwire?.stop());

  it(`subscribing and unsubscribing 1,000 times a second for ${abuseSeconds} s leaves nothing`, { timeout: 400_000 }, async () => {
    const work = async (seconds) => {
      const client = await RawSocket.open(tagwire);
      let done = 0;
      const start = performance.now();
      for (let id = 1; id <= 1000 * seconds; ++id) {
        // The subscription's number is the id: each connection counts from 1.
        client.write(
          frame(opcode.text, `{"t":"sub","id":${2 * id},"tags":["Random.*","Plant.**"],"min":10}`),
          frame(opcode.text, `{"t":"unsub","id":${2 * id + 1},"sub":${id}}`),
        );
        if (id % 100 === 0) {
          await client.message((answer) => answer.id === 2 * id + 1 && answer.t === 'ok');
          client.frames.drain();
          done = id;
          await sleep(Math.max(0, start + id - performance.now()));
        }
      }
      const passed = performance.now() - start;
      await client.end();
      return { done, passed };
    };
    await leavesNothing(tagwire, () => work(2));
    const { pid } = tagwire.program;
    const before = (await memory(pid)).now;
    const { done, passed } = await work(abuseSeconds);
    assert.equal(done, 1000 * abuseSeconds);
    if (memoryCounts) assert(passed < 2000 * abuseSeconds, `${passed} ms`);
    await eventually('gone', async () => (await metric(tagwire, 'subscriptions')) === 0);
    const after = (await memory(pid)).now;
    if (memoryCounts) assert(after - before <= 5, `memory ${before} → ${after} MB`);
  });

  it(`500 connections a second open and close for ${abuseSeconds} s: HTTP, WebSocket, and nothing at all`, { timeout: 400_000 }, async () => {
    const kinds = [
      (done) => connect(tagwire, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n').on('data', () => {}).on('close', done),
      (done) =>
        connect(tagwire, 'GET /ws HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n')
          .on('close', done)
          .once('data', function hello() {
            this.write(frame(opcode.text, '{"t":"sub","id":1,"tags":["Random.*"]}'));
            setTimeout(() => this.destroy(), 20);
          }),
      (done) => connect(tagwire).on('close', done).on('connect', function leave() {
        this.destroy();
      }),
    ];
    const work = async (seconds) => {
      const start = performance.now();
      let open = 0;
      let count = 0;
      while (count < 500 * seconds) {
        const due = Math.min(500 * seconds, Math.ceil((performance.now() - start) / 2));
        for (; count < due && open < 300; ++count) {
          ++open;
          kinds[count % kinds.length](() => --open);
        }
        await sleep(10);
      }
      await eventually('all have gone', () => open === 0);
      return performance.now() - start;
    };
    await leavesNothing(tagwire, () => work(abuseSeconds));
    if (memoryCounts) assert((await work(3)) < 8000);
  });
});
