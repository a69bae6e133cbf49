/// The end of the program: SIGTERM under load, and what clients are told.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { closeCode } from './lib/frame-checker.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { EventStream } from './lib/sse.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, within } from './lib/wait.mjs';

const promised = 2000;

describe('SIGTERM', () => {
  it('under load: clients are told 4000, exit 0 within 2 s', async () => {
    const tagwire = await Tagwire.start({ config: '[simulator]\nload_tags = 500\nload_rate_hz = 10' });
    try {
      const clients = await Promise.all(Array.from({ length: 10 }, () => SocketClient.open(tagwire)));
      const subscriptions = await Promise.all(clients.map((client) => client.sub('Load.**', { min: 50 })));
      await Promise.all(subscriptions.map((subscription) => subscription.complete()));
      const values = await openSocket(tagwire, '/tagCurValue');
      const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Load.**');
      await stream.next('data');
      const streamEnd = assert.rejects(stream.next('never', undefined, 5000), /the stream ended/);

      const start = performance.now();
      tagwire.program.signal('SIGTERM');
      const closes = await Promise.all([...clients, values].map((client) => client.closed()));
      const end = await tagwire.program.end(5000);
      const passed = performance.now() - start;

      assert.deepEqual(end, { code: 0, signal: null }, tagwire.log);
      for (const { code } of closes) assert.equal(code, closeCode.restart);
      assert(passed < promised, `${passed} ms`);
      await streamEnd;
      for (const client of clients) assert.deepEqual(client.violations, []);
    } finally {
      await tagwire.stop({ exit: 'any' });
    }
  });

  it('does not wait for a client that takes nothing', async () => {
    const tagwire = await Tagwire.start({ config: '[simulator]\nload_tags = 500\nload_rate_hz = 10' });
    try {
      const client = await SocketClient.open(tagwire);
      await client.sub('Load.**', { min: 10 });
      client.connection.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const start = performance.now();
      tagwire.program.signal('SIGTERM');
      const end = await tagwire.program.end(5000);
      assert.deepEqual(end, { code: 0, signal: null }, tagwire.log);
      assert(performance.now() - start < promised, `${performance.now() - start} ms`);
      client.connection.socket.terminate();
    } finally {
      await tagwire.stop({ exit: 'any' });
    }
  });

  describe('with an OPC UA server', () => {
    let peer;
    before(async () => {
      peer = await OpcUaPeer.start([{ name: 'A', type: 'Double', value: 1 }]);
    });
    after(() => peer?.stop());

    it('closes the session there', async () => {
      const tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, peer.tags('Line')) });
      await eventually('the session is open', async () => (await peer.stats()).subscriptions === 1, { timeout: 20_000 });
      await tagwire.stop();
      await eventually('the session is closed', async () => {
        const { sessions, subscriptions } = await peer.stats();
        return sessions === 0 && subscriptions === 0;
      });
    });

    it('does not wait for a server that hangs', async () => {
      const tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, peer.tags('Line')) });
      await eventually('the session is open', async () => (await peer.stats()).subscriptions === 1, { timeout: 20_000 });
      peer.freeze();
      try {
        const start = performance.now();
        tagwire.program.signal('SIGTERM');
        const end = await within(5000, 'the end', tagwire.program.exited);
        assert.deepEqual(end, { code: 0, signal: null }, tagwire.log);
        assert(performance.now() - start < promised, `${performance.now() - start} ms`);
      } finally {
        peer.thaw();
        await tagwire.stop({ exit: 'any' });
      }
    });
  });

  for (const signal of ['SIGINT']) {
    it(`${signal} ends it, too`, async () => {
      const tagwire = await Tagwire.start();
      tagwire.program.signal(signal);
      assert.deepEqual(await tagwire.program.end(5000), { code: 0, signal: null });
      await tagwire.stop({ exit: 'any' });
    });
  }
});
