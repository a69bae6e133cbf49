/// What clients should not send: each gets an answer that says so, and the others notice nothing.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import net from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';

import { closeCode } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { within } from './lib/wait.mjs';

describe('bad input', () => {
  let tagwire, watcher, subscription;

  before(async () => {
    tagwire = await Tagwire.start({ config: 'max_subscriptions = 3\nmax_tags = 50\nrequest_timeout_ms = 1000' });
    watcher = await SocketClient.open(tagwire);
    subscription = await watcher.sub('Random.Int1');
  });
  afterEach(async () => {
    // Whatever was sent: the program runs and another client's values go on.
    const frame = await subscription.next(({ seq }) => seq > subscription.seq - 1);
    await subscription.next(({ seq }) => seq > frame.seq);
    assert.equal((await get(tagwire, '/healthz')).status, 200);
  });
  after(async () => {
    await watcher?.close();
    await tagwire?.stop();
  });

  describe('a frame that is no frame is answered err bad_request and the connection closed', () => {
    for (const [what, message] of [
      ['no JSON', 'hello'],
      ['half an object', '{"t":"sub","id":1'],
      ['two objects', '{"t":"ping"}{"t":"ping"}'],
      ['an array', '[1,2,3]'],
      ['a number', '42'],
      ['nothing', ''],
      ['no t', '{"id":1}'],
      ['t that is no string', '{"t":7,"id":1}'],
      ['deep nesting', `{"t":"ping","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
      ['a key twice', '{"t":"ping","t":"sub"}'],
      ['a number that is none', '{"t":"ping","id":1e}'],
      ['a comment', '{"t":"ping"/*x*/}'],
      ['NaN', '{"t":"ping","id":NaN}'],
    ]) {
      it(what, async () => {
        const { send, messages, closed } = await openSocket(tagwire);
        send(message);
        const err = JSON.parse(await messages.take((text) => JSON.parse(text).t === 'err'));
        assert.equal(err.code, 'bad_request');
        assert.equal(err.retry, false);
        assert.notEqual(err.msg, '');
        assert.equal((await closed()).code, closeCode.protocol_error);
      });
    }
  });

  describe('a request that is wrong is answered err and the connection stays', () => {
    const sub = { t: 'sub', id: 1, tags: ['Random.Int1'] };
    for (const [what, message, code, words] of [
      ['an unknown type', { t: 'fly', id: 1 }, 'unsupported', /fly/],
      ['a frame of a later version', { t: 'teleport', id: 1 }, 'unsupported', /teleport/],
      ['sub without id', { t: 'sub', tags: ['Random.Int1'] }, 'bad_request', /id/],
      ['sub without tags', { t: 'sub', id: 1 }, 'bad_request', /tags/],
      ['tags that are a string', { ...sub, tags: 'Random.Int1' }, 'bad_request', /tags/],
      ['tags that are numbers', { ...sub, tags: [1, 2] }, 'bad_request', /tags/],
      ['no tags', { ...sub, tags: [] }, 'bad_request', /tags/],
      ['an empty tag', { ...sub, tags: [''] }, 'bad_request', /tags/],
      ['a long tag', { ...sub, tags: ['x'.repeat(2000)] }, 'bad_request', /tags/],
      ['an unknown mode', { ...sub, mode: 'fast' }, 'bad_request', /mode/],
      ['min below 0', { ...sub, min: -1 }, 'bad_request', /min/],
      ['min of an hour', { ...sub, min: 3_600_000 }, 'bad_request', /min/],
      ['min as text', { ...sub, min: '100' }, 'bad_request', /min/],
      ['no credits', { ...sub, credits: 0 }, 'bad_request', /credits/],
      ['half a credit', { ...sub, credits: 1.5 }, 'bad_request', /credits/],
      ['resume without seq', { ...sub, resume: { boot: '00000000' } }, 'bad_request', /seq/],
      ['resume as a number', { ...sub, resume: 7 }, 'bad_request', /resume/],
      ['id as text', { ...sub, id: '1' }, 'bad_request', /id/],
      ['id below 0', { ...sub, id: -1 }, 'bad_request', /id/],
      ['unsub of nothing', { t: 'unsub', id: 1 }, 'bad_request', /sub/],
      ['unsub of an unknown one', { t: 'unsub', id: 1, sub: 99 }, 'unknown_sub', /99/],
      ['credit without n', { t: 'credit', sub: 1 }, 'bad_request', /n/],
    ]) {
      it(what, async () => {
        const client = await SocketClient.open(tagwire);
        client.send(message);
        const err = await client.frames.take(({ t }) => t === 'err');
        assert.equal(err.code, code);
        assert.match(err.msg, words);
        if (Number.isSafeInteger(message.id) && message.id >= 0) assert.equal(err.id, message.id);
        assert.equal((await client.request({ t: 'ping' })).t, 'pong');
        await client.close();
      });
    }

    it('1e400 is no number of milliseconds', async () => {
      const { send, messages, close } = await openSocket(tagwire);
      send('{"t":"sub","id":1,"tags":["Random.Int1"],"min":1e400}');
      const err = JSON.parse(await messages.take((text) => JSON.parse(text).t === 'err'));
      assert.equal(err.code, 'bad_request');
      await close();
    });

    it('unknown tags are listed and the subscription is there', async () => {
      const client = await SocketClient.open(tagwire);
      const { ok } = await client.sub(['Nope', '__proto__', 'a'.repeat(1024)]);
      assert.deepEqual(ok.bad.map(({ code }) => code), ['unknown_tag', 'unknown_tag', 'unknown_tag']);
      await client.close();
    });

    it('more tags than allowed', async () => {
      const client = await SocketClient.open(tagwire);
      const { ok, tags } = await client.sub('**');
      assert.deepEqual(ok.bad.map(({ n, code }) => [n, code]), [['**', 'too_many_tags']]);
      assert(tags.size <= 50);
      await client.close();
    });

    it('more subscriptions than allowed', async () => {
      const client = await SocketClient.open(tagwire);
      const subscriptions = [];
      for (let i = 0; i < 3; ++i) subscriptions.push(await client.sub('Random.Int1'));
      await assert.rejects(client.sub('Random.Int1'), { code: 'too_many_subs' });
      await subscriptions[0].end();
      await client.sub('Random.Int1');
      await client.close();
    });

    it('a hundred errors at once end the connection', async () => {
      const { send, closed } = await openSocket(tagwire);
      for (let i = 0; i < 150; ++i) send('{"t":"fly"}');
      assert.equal((await closed()).code, closeCode.protocol_error);
    });
  });

  describe('frames the transport refuses', () => {
    it('2 MB: 1009', async () => {
      const { send, closed } = await openSocket(tagwire);
      send(`{"t":"ping","x":"${'x'.repeat(2 * 1024 * 1024)}"}`);
      assert.equal((await closed()).code, 1009);
    });

    it('one byte more than hello allows: 1009; exactly so much is fine', async () => {
      const client = await SocketClient.open(tagwire);
      const frame = (size) => `{"t":"ping","id":7,"x":"${'x'.repeat(size - 26)}"}`;
      assert.equal(frame(client.hello.max.frame).length, client.hello.max.frame);
      client.connection.send(frame(client.hello.max.frame));
      assert.equal((await client.frames.take(({ t }) => t === 'pong')).id, 7);
      client.connection.send(frame(client.hello.max.frame + 1));
      assert.equal((await client.closed()).code, 1009);
    });

    it('binary: 1003', async () => {
      const { send, closed } = await openSocket(tagwire);
      send(Buffer.from('{"t":"ping"}'));
      assert.equal((await closed()).code, 1003);
    });

    it('text that is not UTF-8: 1007', async () => {
      const { socket, closed } = await openSocket(tagwire);
      socket.send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), { binary: false });
      assert.equal((await closed()).code, 1007);
    });

    it('a frame without mask: 1002', async () => {
      const { socket, closed } = await openSocket(tagwire);
      socket.send('{"t":"ping"}', { mask: false });
      assert.equal((await closed()).code, 1002);
    });
  });

  describe('HTTP', () => {
    /// Sends raw bytes; resolves with everything until the server closes.
    function raw(bytes) {
      const socket = net.connect(tagwire.port, '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text) => {
        answer += text;
      });
      socket.write(bytes);
      const end = new Promise((resolve) => socket.on('close', () => resolve(answer)).on('error', () => {}));
      return within(5000, 'the server closes', end).finally(() => socket.destroy());
    }

    it('a request line that is none: 400', async () => {
      assert.match(await raw('MAKE COFFEE\r\n\r\n'), /^HTTP\/1\.1 400 /);
    });

    it('a head without end: 431 or the connection ends', async () => {
      const answer = await raw(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(100_000)}`);
      assert(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer), answer.slice(0, 100));
    });

    it('a client that does not finish its request is let go after the time limit', async () => {
      const start = performance.now();
      const answer = await raw('GET /api/v1/info HTTP/1.1\r\nhost: loc');
      const passed = performance.now() - start;
      assert(passed > 900 && passed < 3500, `${passed} ms`);
      assert(answer === '' || answer.startsWith('HTTP/1.1 408 '), answer);
    });

    it('no host: 400', async () => {
      assert.match(await raw('GET /api/v1/info HTTP/1.1\r\nconnection: close\r\n\r\n'), /^HTTP\/1\.1 40[03] /);
    });

    it('a body of 2 MB: 413 or 405, never read in full', async () => {
      const body = 'x'.repeat(2 * 1024 * 1024);
      const answer = await request(tagwire, '/api/v1/values', { method: 'POST', body }).catch((error) => error);
      // The server may close before this side has written all.
      if (answer instanceof Error) assert.match(answer.code, /ECONNRESET|EPIPE/);
      else assert([405, 413].includes(answer.status), String(answer.status));
    });

    it('a percent sign that encodes nothing: 400', async () => {
      const answer = await get(tagwire, '/api/v1/tags/%zz');
      assert.equal(answer.status, 400);
    });

    it('a tag that is no UTF-8: an answer in UTF-8', async () => {
      const answer = await get(tagwire, '/api/v1/tags/%ff%fe');
      assert([400, 404].includes(answer.status), String(answer.status));
      assert(isUtf8(answer.bytes), 'the bytes came back as they were');
    });
  });
});
