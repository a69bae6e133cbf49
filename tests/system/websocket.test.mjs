/// RFC 6455 by category, byte by byte: what must be taken, what must be refused, and with which code.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';

import { get } from './lib/http.mjs';
import { metric } from './lib/metrics.mjs';
import { closePayload, frame, opcode, RawSocket } from './lib/raw-socket.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep, within } from './lib/wait.mjs';

const limit = 65_536;
const { text, binary, continuation, ping, pong, close } = opcode;
let lastId = 0;

/// A request of exactly `size` bytes, answered by a pong with its id.
function message(size) {
  const id = ++lastId;
  const bare = JSON.stringify({ t: 'ping', id, x: '' });
  if (size !== undefined) assert(size >= bare.length, `${size}`);
  return { id, text: size === undefined ? bare : JSON.stringify({ t: 'ping', id, x: 'x'.repeat(size - bare.length) }) };
}

describe('RFC 6455', () => {
  let tagwire, socket;
  before(async () => {
    tagwire = await Tagwire.start();
  });
  after(() => tagwire?.stop());
  afterEach(async () => {
    await socket?.end();
    socket = undefined;
    assert.equal((await get(tagwire, '/healthz')).status, 200);
  });

  const open = async (options) => {
    socket = await RawSocket.open(tagwire, options);
    await socket.message(({ t }) => t === 'hello');
  };
  const answered = (id) => socket.message((answer) => answer.t === 'pong' && answer.id === id);
  const alive = async () => {
    const { id, text: request } = message();
    socket.send(text, request);
    await answered(id);
  };
  const refused = async (code) => assert.equal((await socket.closed()).code, code);

  describe('4 the opening handshake', () => {
    for (const [what, headers, status] of [
      ['another version: 426 or 400', { 'Sec-WebSocket-Version': '7' }, [400, 426]],
      ['no version', { 'Sec-WebSocket-Version': undefined }, [400, 426]],
      ['no key', { 'Sec-WebSocket-Key': undefined }, [400]],
      ['a key that is too long', { 'Sec-WebSocket-Key': 'x'.repeat(200) }, [400]],
      ['no Upgrade: an ordinary request', { Upgrade: undefined }, [426]],
      ['an unknown subprotocol', { 'Sec-WebSocket-Protocol': 'mqtt' }, [400]],
      ['another host', { Host: 'evil.example' }, [403]],
      ['a page from elsewhere', { Origin: 'https://evil.example' }, [403]],
    ]) {
      it(what, async () => {
        await assert.rejects(RawSocket.open(tagwire, { headers }), (error) => status.includes(error.status));
      });
    }

    it('the subprotocol is answered once, extensions that are off are not', async () => {
      await open({ headers: { 'Sec-WebSocket-Protocol': 'mqtt, tagwire.v1', 'Sec-WebSocket-Extensions': 'permessage-deflate, x-unknown' } });
      assert.equal(socket.headers['sec-websocket-protocol'], 'tagwire.v1');
      assert.equal(socket.headers['sec-websocket-extensions'], undefined);
      await alive();
    });

    it('header names and values in any case, Connection as a list', async () => {
      await open({ headers: { Upgrade: undefined, uPGRADE: 'WebSocket', Connection: 'keep-alive, UPGRADE' } });
      await alive();
    });

    it('frames before the answer: 400, since a client must wait', async () => {
      await assert.rejects(RawSocket.open(tagwire, { early: [frame(text, message().text)] }), { status: 400 });
    });
  });

  describe('5.2 frames', () => {
    it('lengths of 7, 16 and 64 bits, at their borders', async () => {
      await open();
      for (const size of [30, 125, 126, 127, 128, 1000, 65_535, 65_536]) {
        const { id, text: request } = message(size);
        socket.send(text, request);
        await answered(id);
      }
    });

    it('every byte in a packet of its own', async () => {
      await open();
      for (const size of [40, 200]) {
        const { id, text: request } = message(size);
        await socket.drip(frame(text, request));
        await answered(id);
      }
    });

    it('many frames in one packet', async () => {
      await open();
      const messages = Array.from({ length: 100 }, () => message());
      socket.write(...messages.map(({ text: request }) => frame(text, request)));
      for (const { id } of messages) await answered(id);
    });

    for (const [lengthBytes, size] of [[2, 30], [2, 125], [8, 30], [8, 126], [8, 65_535]]) {
      it(`a length of ${size} in ${lengthBytes} bytes is not the shortest form: 1002`, async () => {
        await open();
        socket.send(text, message(size).text, { lengthBytes });
        await refused(1002);
      });
    }

    it('a length with its highest bit set: 1002 or 1009', async () => {
      await open();
      socket.send(text, 'x', { lengthBytes: 8, length: 1n << 63n });
      assert([1002, 1009].includes((await socket.closed()).code));
    });

    it('a frame without mask: 1002', async () => {
      await open();
      socket.send(text, message().text, { masked: false });
      await refused(1002);
    });

    for (const code of [ping, pong, close, continuation]) {
      it(`opcode ${code} without mask: 1002`, async () => {
        await open();
        socket.send(code, '', { masked: false });
        await refused(1002);
      });
    }

    it('a mask of zeros is a mask', async () => {
      await open();
      const { id, text: request } = message();
      socket.write([0x81, 0x80 | request.length, 0, 0, 0, 0], request);
      await answered(id);
    });

    it('nothing the server sends is masked, fragmented, reserved or longer written than needed', async () => {
      await open();
      const request = JSON.stringify({ t: 'sub', id: 9_000_000, tags: ['**'], min: 10 });
      socket.send(text, request);
      socket.send(ping, 'x');
      const seen = new Set();
      for (let i = 0; i < 60; ++i) {
        const { fin, rsv, code, masked, lengthBytes, payload } = await socket.next();
        assert.equal(masked, false);
        assert.equal(fin, true);
        assert.equal(rsv, 0);
        assert.equal(lengthBytes, payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8);
        seen.add(code);
        if (code === text) JSON.parse(payload);
      }
      assert.deepEqual([...seen].sort((a, b) => a - b), [text, pong]);
    });

    for (let rsv = 1; rsv < 8; ++rsv) {
      it(`reserved bits ${rsv.toString(2).padStart(3, '0')}: 1002`, async () => {
        await open();
        socket.send(text, message().text, { rsv });
        await refused(1002);
      });
    }

    for (const code of [ping, pong, close]) {
      it(`reserved bits on opcode ${code}: 1002`, async () => {
        await open();
        socket.send(code, '', { rsv: 4 });
        await refused(1002);
      });
    }

    for (const code of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
      it(`reserved opcode ${code}: 1002`, async () => {
        await open();
        socket.send(code, code === 3 ? '' : 'x');
        await refused(1002);
      });
    }

    it('what came before the offence is answered', async () => {
      await open();
      const { id, text: request } = message();
      socket.write(frame(text, request), frame(5, 'x'), frame(text, message().text));
      await answered(id);
      await refused(1002);
    });
  });

  describe('5.4 fragmentation', () => {
    it('two, many and empty fragments', async () => {
      await open();
      const { id, text: request } = message();
      socket.write(frame(text, request.slice(0, 5), { fin: false }), frame(continuation, request.slice(5)));
      await answered(id);

      const long = message(2000);
      socket.write(
        frame(text, '', { fin: false }),
        ...Array.from(long.text, (letter) => frame(continuation, letter, { fin: false })),
        frame(continuation, ''),
      );
      await answered(long.id);
    });

    it('control frames between fragments are answered at once', async () => {
      await open();
      const { id, text: request } = message();
      socket.send(text, request.slice(0, 3), { fin: false });
      socket.send(ping, 'one');
      assert.equal((await socket.next(({ code }) => code === pong)).payload.toString(), 'one');
      socket.send(continuation, request.slice(3, 6), { fin: false });
      socket.send(pong, 'unasked');
      socket.send(ping, 'two');
      assert.equal((await socket.next(({ code }) => code === pong)).payload.toString(), 'two');
      socket.send(continuation, request.slice(6));
      await answered(id);
    });

    it('close between fragments', async () => {
      await open();
      socket.send(text, '{"t":', { fin: false });
      socket.send(close, closePayload(1000));
      await refused(1000);
    });

    it('a continuation of nothing: 1002', async () => {
      await open();
      socket.send(continuation, message().text);
      await refused(1002);
    });

    it('a continuation after the last fragment: 1002', async () => {
      await open();
      const { id, text: request } = message();
      socket.write(frame(text, request.slice(0, 4), { fin: false }), frame(continuation, request.slice(4)), frame(continuation, 'x'));
      await answered(id);
      await refused(1002);
    });

    for (const code of [text, binary]) {
      it(`a new message (${code}) within fragments: 1002`, async () => {
        await open();
        socket.write(frame(text, '{"t"', { fin: false }), frame(code, message().text));
        await refused(1002);
      });
    }

    for (const code of [ping, pong, close]) {
      it(`a fragmented control frame (${code}): 1002`, async () => {
        await open();
        socket.send(code, '', { fin: false });
        await refused(1002);
      });
    }
  });

  describe('5.5 ping and pong', () => {
    it('a ping is answered with the same payload: none, bytes, 125', async () => {
      await open();
      for (const payload of [Buffer.alloc(0), Buffer.from([0, 0xff, 0xfe, 0]), randomBytes(125)]) {
        socket.send(ping, payload);
        assert.deepEqual((await socket.next(({ code }) => code === pong)).payload, payload);
      }
    });

    for (const code of [ping, pong, close]) {
      it(`126 bytes in opcode ${code}: 1002`, async () => {
        await open();
        socket.send(code, Buffer.alloc(126, 0x41));
        await refused(1002);
      });
    }

    it('pongs that nobody asked for are ignored', async () => {
      await open();
      socket.write(frame(pong, ''), frame(pong, 'x'), frame(pong, randomBytes(125)));
      await alive();
    });

    it('a flood of pings: the last one is answered, requests go on', async () => {
      await open();
      socket.write(...Array.from({ length: 5000 }, (_, i) => frame(ping, String(i))));
      await socket.next(({ code, payload }) => code === pong && payload.toString() === '4999');
      await alive();
    });

    it('a ping in single bytes', async () => {
      await open();
      await socket.drip(frame(ping, 'slowly'));
      assert.equal((await socket.next(({ code }) => code === pong)).payload.toString(), 'slowly');
    });
  });

  describe('8.1 UTF-8', () => {
    const valid = ['κόσμε', '漢字', '\u{10000}', '\u{10FFFF}', '\uD7FF', '\uE000', '\uFFFD', '\uFFFE', '\u{1F600}', '\u007F\u0080\u07FF\u0800'];
    const request = (words) => {
      const id = ++lastId;
      return { id, bytes: Buffer.from(JSON.stringify({ t: 'ping', id, x: words })) };
    };

    for (const words of valid) {
      it(`valid: ${words.codePointAt(0).toString(16)}, whole and split at every byte`, async () => {
        await open();
        const { id, bytes } = request(words);
        socket.send(text, bytes);
        await answered(id);
        const split = request(words);
        socket.write(
          frame(text, '', { fin: false }),
          ...Array.from(split.bytes, (byte) => frame(continuation, [byte], { fin: false })),
          frame(continuation, ''),
        );
        await answered(split.id);
      });
    }

    const invalid = {
      'a lone continuation': [0x80],
      'a lone first byte': [0xc3],
      'half a character at the end': [0xe2, 0x82],
      'an overlong slash, 2 bytes': [0xc0, 0xaf],
      'an overlong slash, 3 bytes': [0xe0, 0x80, 0xaf],
      'an overlong slash, 4 bytes': [0xf0, 0x80, 0x80, 0xaf],
      'an overlong NUL': [0xc0, 0x80],
      'the first surrogate': [0xed, 0xa0, 0x80],
      'a surrogate pair': [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
      'the last surrogate': [0xed, 0xbf, 0xbf],
      'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
      'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
      'six bytes': [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
      '0xFE': [0xfe],
      '0xFF': [0xff],
      'Latin-1': [...Buffer.from('über', 'latin1')],
    };
    for (const [what, bytes] of Object.entries(invalid)) {
      it(`invalid: ${what}, whole and in fragments: 1007`, async () => {
        await open();
        socket.send(text, Buffer.concat([Buffer.from('{"x":"κ'), Buffer.from(bytes)]));
        await refused(1007);
        await open();
        socket.write(
          frame(text, '{"x":"κ', { fin: false }),
          ...bytes.map((byte) => frame(continuation, [byte], { fin: false })),
          frame(continuation, ''),
        );
        await refused(1007);
      });
    }

    it('is refused before the message is complete', async () => {
      await open();
      socket.send(text, Buffer.from([0x7b, 0xff, 0x20, 0x20, 0x20]), { fin: false });
      await refused(1007);
    });

    it('ping and pong may carry any bytes', async () => {
      await open();
      socket.send(ping, [0xff, 0xc0, 0x80]);
      assert.deepEqual([...(await socket.next(({ code }) => code === pong)).payload], [0xff, 0xc0, 0x80]);
      await alive();
    });
  });

  describe('7 the closing handshake', () => {
    for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999]) {
      it(`${code} is echoed`, async () => {
        await open();
        socket.send(close, closePayload(code, 'bye'));
        assert.equal((await socket.closed()).code, code);
      });
    }

    it('without a code: 1000', async () => {
      await open();
      socket.send(close);
      await refused(1000);
    });

    it('with the longest reason, in UTF-8', async () => {
      await open();
      socket.send(close, closePayload(1000, `${'漢'.repeat(41)}`));
      await refused(1000);
    });

    for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999]) {
      it(`${code} must not be sent: 1002`, async () => {
        await open();
        socket.send(close, closePayload(code));
        await refused(1002);
      });
    }

    for (const code of [1014, 5000, 65_535]) {
      it(`${code}, which later registries and nobody else define, ends the connection`, async () => {
        await open();
        socket.send(close, closePayload(code));
        assert([code, 1002].includes((await socket.closed()).code));
      });
    }

    it('a payload of one byte: 1002', async () => {
      await open();
      socket.send(close, 'x');
      await refused(1002);
    });

    it('a reason that is not UTF-8: 1007 or 1002', async () => {
      await open();
      socket.send(close, Buffer.concat([closePayload(1000), Buffer.from([0xce, 0xba, 0xff])]));
      assert([1002, 1007].includes((await socket.closed()).code));
    });

    it('nothing is answered after close', async () => {
      await open();
      socket.write(frame(close, closePayload(1000)), frame(text, message().text), frame(ping, 'x'));
      await refused(1000);
      assert.deepEqual(socket.frames.drain().filter(({ code, payload }) => code === pong || payload.includes('"pong"')), []);
    });

    it('close twice', async () => {
      await open();
      socket.write(frame(close, closePayload(1000)), frame(close, closePayload(1001)));
      await refused(1000);
    });

    it('a peer that never answers our close is cut within 3 s', async () => {
      await open();
      socket.send(binary, 'x');
      const { payload } = await socket.next(({ code }) => code === close);
      assert.equal(payload.readUInt16BE(0), 1003);
      await within(3000, 'the connection ends', socket.ended);
    });

    it('a broken frame behind the one that we close for leaves nothing behind', async () => {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => RawSocket.open(tagwire)));
      await eventually('20 are open', async () => (await metric(tagwire, 'websockets')) >= 20);
      for (const each of sockets) each.write(frame(binary, 'x'), frame(text, 'x', { rsv: 7 }));
      await within(5000, 'the connections end', Promise.all(sockets.map(({ ended }) => ended)));
      await eventually('none is open', async () => (await metric(tagwire, 'websockets')) === 0);
    });

    it('a connection that just ends leaves nothing behind', async () => {
      const open = () => metric(tagwire, 'websockets');
      const sockets = await Promise.all(Array.from({ length: 20 }, () => RawSocket.open(tagwire)));
      await eventually('20 are open', async () => (await open()) === 20);
      for (const [i, each] of sockets.entries()) {
        if (i % 2 === 0) each.write(frame(text, '{"t":"pi', { fin: false }));
        await each.end();
      }
      await eventually('none is open', async () => (await open()) === 0);
    });
  });

  describe('limits', () => {
    it('a message of the limit is taken, in one frame and in fragments', async () => {
      await open();
      const whole = message(limit);
      socket.send(text, whole.text);
      await answered(whole.id);
      const parts = message(limit);
      socket.write(
        ...Array.from({ length: 64 }, (_, i) => frame(i === 0 ? text : continuation, parts.text.slice(i * 1024, (i + 1) * 1024), { fin: i === 63 })),
      );
      await answered(parts.id);
    });

    it('one byte more in a frame: 1009 by its head alone', async () => {
      await open();
      socket.write(frame(text, '', { lengthBytes: 8, length: limit + 1 }));
      await refused(1009);
    });

    it('2^62 bytes announced: 1009', async () => {
      await open();
      socket.write(frame(text, '', { lengthBytes: 8, length: 1n << 62n }));
      await refused(1009);
    });

    it('one byte more in fragments: 1009', async () => {
      await open();
      socket.write(frame(text, ' '.repeat(limit - 10), { fin: false }), frame(continuation, ' '.repeat(11), { fin: false }));
      await refused(1009);
    });

    it('binary messages: 1003, and over the limit 1009', async () => {
      await open();
      socket.send(binary, randomBytes(1000));
      await refused(1003);
      await open();
      socket.write(frame(binary, '', { lengthBytes: 8, length: limit + 1 }));
      await refused(1009);
    });

    it('fragments without end, without a byte, stay bounded: others are served', async () => {
      await open();
      socket.send(text, '', { fin: false });
      for (let i = 0; i < 200; ++i) socket.write(...Array.from({ length: 100 }, () => frame(continuation, '', { fin: false })));
      const other = await RawSocket.open(tagwire);
      await other.message(({ t }) => t === 'hello');
      await other.end();
      await sleep(100);
    });
  });

  it('the same server takes random bytes from 200 clients', async () => {
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const raw = await RawSocket.open(tagwire);
        raw.write(i % 2 === 0 ? randomBytes(500) : Buffer.concat([frame(text, randomBytes(40)), randomBytes(100)]));
        await raw.next(({ code }) => code === close, 10_000).catch(() => {});
        await raw.end();
      }),
    );
  });
});
