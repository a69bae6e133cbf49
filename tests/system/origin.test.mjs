/// Which pages may read: the Origin and Host headers, on every door.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from './lib/http.mjs';
import { openSocket } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

describe('origins', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({
      config: 'allowed_origins = ["https://hmi.example.com"]\nallowed_hosts = ["gateway.example.com"]',
    });
  });
  after(() => tagwire?.stop());

  const allowed = [
    undefined,
    'http://127.0.0.1',
    'http://127.0.0.1:8008',
    'http://localhost:3000',
    'http://[::1]:8008',
    'https://hmi.example.com',
  ];
  const refused = [
    'http://hmi.example.com',
    'https://hmi.example.com:8443',
    'https://hmi.example.com.evil.example',
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://localhost@evil.example',
    'null',
    'file://',
  ];

  for (const target of ['/ws', '/tagCurValue']) {
    for (const origin of allowed) {
      it(`${target} accepts ${origin ?? 'a program without an origin'}`, async () => {
        const socket = await openSocket(tagwire, target, { origin });
        assert.match(await socket.messages.take(() => true), /hello|^-?\d+$/);
        await socket.close();
      });
    }
    for (const origin of refused) {
      it(`${target} refuses ${origin}`, async () => {
        await assert.rejects(openSocket(tagwire, target, { origin }), { status: 403 });
      });
    }
  }

  for (const target of ['/api/v1/values?tags=Random.Int1', '/api/v1/stream?tags=Random.Int1', '/api/v1/info']) {
    it(`${target} refuses a foreign origin`, async () => {
      const answer = await request(tagwire, target, { headers: { origin: 'https://evil.example' } });
      assert.equal(answer.status, 403);
      assert.equal(answer.json().code, 'forbidden');
      assert.notEqual(answer.json().msg, '');
    });
  }

  it('REST lets an allowed page read the answer', async () => {
    const answer = await request(tagwire, '/api/v1/info', { headers: { origin: 'https://hmi.example.com' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], 'https://hmi.example.com');
    assert.match(answer.headers.vary ?? '', /origin/i);
  });

  for (const [host, status] of [
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['[::1]:5000', 200],
    ['gateway.example.com', 200],
    ['rebound.example', 403],
    ['127.0.0.1.rebound.example', 403],
  ]) {
    it(`a request for host ${host} is answered ${status}`, async () => {
      assert.equal((await request(tagwire, '/api/v1/info', { headers: { host } })).status, status);
    });
  }
});
