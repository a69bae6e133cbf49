/// permessage-deflate (RFC 7692): off unless configured and offered; the same frames; bombs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { frame, opcode, RawSocket } from './lib/raw-socket.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { makeServerCertificate } from './lib/tls-certificates.mjs';
import { within } from './lib/wait.mjs';

const offer = { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } };

/// RFC 7692, 7.2.1: without the last four bytes of the flush.
const deflate = (bytes) => deflateRawSync(bytes, { finishFlush: 2 }).subarray(0, -4);

describe('permessage-deflate', () => {
  it('is off by default', async () => {
    const tagwire = await Tagwire.start();
    const client = await SocketClient.open(tagwire, { perMessageDeflate: true });
    assert.equal(client.connection.socket.extensions, '');
    await client.close();
    await tagwire.stop();
  });

  for (const secure of [false, true]) {
    it(`the frames are the same, ${secure ? 'wss' : 'ws'}, large ones too`, async () => {
      const tls = secure ? await makeServerCertificate((await Tagwire.create()).folder, 'deflate') : undefined;
      const tagwire = await Tagwire.start({ tls, config: 'compression = true\n[simulator]\nload_tags = 20000\n' });
      const compressed = await SocketClient.open(tagwire, { perMessageDeflate: true });
      assert.equal(compressed.connection.socket.extensions, 'permessage-deflate');
      const plain = await SocketClient.open(tagwire);
      assert.equal(plain.connection.socket.extensions, '');
      const all = await compressed.sub('**', { min: 100 });
      await all.complete();
      assert(all.values.size > 20_000, `${all.values.size}`);
      const few = await plain.sub('Random.Int1');
      for (let i = 0; i < 5; ++i) await all.next();
      await few.next();
      await compressed.close();
      await plain.close();
      await tagwire.stop();
    });
  }

  it('reserved bits without need, garbage and bombs end the connection, and only that', async () => {
    const tagwire = await Tagwire.start({ config: 'compression = true' });
    const open = async () => {
      const socket = await RawSocket.open(tagwire, offer);
      assert.match(socket.headers['sec-websocket-extensions'], /^permessage-deflate/);
      return socket;
    };

    const fine = await open();
    fine.send(opcode.text, deflate('{"t":"ping","id":7}'), { rsv: 4 });
    const answer = await fine.next(({ code, payload, rsv }) => code === opcode.text && rsv === 0 && payload.includes('"pong"'));
    assert.equal(JSON.parse(answer.payload).id, 7);
    await fine.end();

    const bomb = await open();
    bomb.send(opcode.text, deflate(Buffer.alloc(40_000_000, 0x20)), { rsv: 4 });
    assert.equal((await bomb.closed()).code, 1009);

    const garbage = await open();
    garbage.send(opcode.text, Buffer.alloc(50, 0xff), { rsv: 4 });
    await within(5000, 'the connection ends', garbage.ended); // without a code: the stream is beyond saying

    const latin = await open();
    latin.send(opcode.text, deflate(Buffer.from('{"x":"\xfc"}', 'latin1')), { rsv: 4 });
    assert.equal((await latin.closed()).code, 1007);

    for (const [code, rsv, fin] of [[opcode.text, 2, true], [opcode.ping, 4, true]]) {
      const wrong = await open();
      wrong.write(frame(code, '', { rsv, fin }));
      assert.equal((await wrong.closed()).code, 1002);
    }
    const continued = await open();
    continued.write(frame(opcode.text, '{', { fin: false }), frame(opcode.continuation, '}', { rsv: 4 }));
    assert.equal((await continued.closed()).code, 1002);

    const other = await openSocket(tagwire);
    await other.close();
    await tagwire.stop();
  });
});
