/// What browsers, proxies and scripts expect of HTTP (RFC 9110, RFC 9112), byte by byte where a library would hide it.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { get, request } from './lib/http.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, within } from './lib/wait.mjs';

describe('HTTP', () => {
  let tagwire, asset;
  before(async () => {
    tagwire = await Tagwire.start({ config: 'request_timeout_ms = 2000' });
    asset = `/${/src="\.\/(assets\/[^"]+\.js)"/.exec((await get(tagwire, '/')).body)[1]}`;
  });
  after(() => tagwire?.stop());

  /// Sends bytes, or pieces of them one after the other; resolves with all that came when the server closes.
  async function raw(...pieces) {
    const socket = net.connect(tagwire.port, '127.0.0.1').on('error', () => {});
    socket.setNoDelay(true);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    const end = new Promise((resolve) => socket.on('close', () => resolve(answer)));
    for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
    return within(6000, 'the server closes', end).finally(() => socket.destroy());
  }
  const status = (answer) => Number(/^HTTP\/1\.\d (\d{3}) /.exec(answer)?.[1]);
  const host = 'Host: localhost\r\n';
  const close = 'Connection: close\r\n';

  describe('connections', () => {
    it('stay open in HTTP/1.1, for requests one after the other or all at once', async () => {
      const one = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
      const answer = await raw(one + one + one, one, `GET /healthz HTTP/1.1\r\n${host}${close}\r\n`);
      assert.equal(answer.match(/HTTP\/1\.1 200 OK/g).length, 5);
      assert.equal(answer.match(/Connection: close/g).length, 1);
    });

    it('close in HTTP/1.0, unless asked to stay; no Host is needed', async () => {
      assert.equal(status(await raw('GET /healthz HTTP/1.0\r\n\r\n')), 200);
      const kept = await raw(`GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`, `GET /healthz HTTP/1.0\r\n\r\n`);
      assert.equal(kept.match(/ 200 OK/g).length, 2);
      assert.match(kept, /connection: keep-alive/i);
    });

    it('a request in single bytes, empty lines before it, and bare line feeds: answered or 400', async () => {
      assert.equal(status(await raw(...`GET /healthz HTTP/1.1\r\n${host}${close}\r\n`)), 200);
      for (const text of [`\r\nGET /healthz HTTP/1.1\r\n${host}${close}\r\n`, `GET /healthz HTTP/1.1\n${host}${close}\n`]) {
        assert([200, 400].includes(status(await raw(text))));
      }
    });
  });

  describe('hosts and targets', () => {
    it('HTTP/1.1 has exactly one Host: 400', async () => {
      assert.equal(status(await raw(`GET /healthz HTTP/1.1\r\n${close}\r\n`)), 400);
      assert.equal(status(await raw(`GET /healthz HTTP/1.1\r\n${host}${host}${close}\r\n`)), 400);
    });

    it('the absolute form goes before Host, and its host is checked', async () => {
      assert.equal(status(await raw(`GET http://localhost/healthz HTTP/1.1\r\n${host}${close}\r\n`)), 200);
      assert.equal(status(await raw(`GET http://127.0.0.1:1?x HTTP/1.1\r\nHost: evil.example\r\n${close}\r\n`)), 200);
      assert.equal(status(await raw(`GET http://evil.example/healthz HTTP/1.1\r\n${host}${close}\r\n`)), 403);
      assert.equal(status(await raw(`GET ftp://localhost/ HTTP/1.1\r\n${host}${close}\r\n`)), 400);
      assert.equal(status(await raw(`CONNECT localhost:80 HTTP/1.1\r\n${host}${close}\r\n`)), 400);
    });

    it('OPTIONS *', async () => {
      const answer = await raw(`OPTIONS * HTTP/1.1\r\n${host}${close}\r\n`);
      assert.equal(status(answer), 204);
      assert.match(answer, /Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS/);
    });

    for (const target of ['', 'x', '/%zz', '/a b', '/\u0001', '/%']) {
      it(`${JSON.stringify(target)}: 400`, async () => {
        assert.equal(status(await raw(`GET ${target} HTTP/1.1\r\n${host}${close}\r\n`)), 400);
      });
    }

    it('nothing above the root, however it is written', async () => {
      for (const target of ['/../etc/passwd', '/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '//etc/passwd', '/assets/../../etc/passwd', '/%00', '/index.html%00.js']) {
        const answer = await raw(`GET ${target} HTTP/1.1\r\n${host}${close}\r\n`);
        assert([400, 404].includes(status(answer)), `${target}: ${answer.slice(0, 50)}`);
      }
    });
  });

  describe('errors', () => {
    it('404 and 405 as JSON, with what is allowed', async () => {
      const missing = await get(tagwire, '/nothing/here');
      assert.equal(missing.status, 404);
      assert.equal(missing.json().code, 'not_found');
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
        const answer = await request(tagwire, '/api/v1/tags', { method });
        assert.equal(answer.status, 405, method);
        assert.match(answer.headers.allow, /GET, HEAD/);
      }
      assert([400, 405].includes(status(await raw(`BREW /healthz HTTP/1.1\r\n${host}${close}\r\n`))));
    });

    it('a long target: 414; long or many fields: 431', async () => {
      assert.equal(status(await raw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`)), 414);
      assert.equal(status(await raw(`GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`)), 431);
      assert.equal(status(await raw(`GET / HTTP/1.1\r\n${host}${'X: x\r\n'.repeat(5000)}\r\n`)), 431);
    });

    it('a long body: 413, read by the client although it is still sending', async () => {
      const head = `POST /api/v1/opcua/endpoints HTTP/1.1\r\n${host}`;
      assert.equal(status(await raw(`${head}Content-Length: 1000000\r\n\r\n`, 'x'.repeat(500_000), 'x'.repeat(500_000))), 413);
      assert.equal(status(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, `30000\r\n${'x'.repeat(0x30000)}\r\n0\r\n\r\n`)), 413);
    });

    it('two lengths, a length and chunks, a wrong length: 400, and nothing after it is taken for a request', async () => {
      const smuggled = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
      for (const fields of [
        'Content-Length: 5\r\nContent-Length: 6\r\n',
        'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
        'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
        'Content-Length: -1\r\n',
        'Content-Length: 0x10\r\n',
        'Content-Length: 99999999999999999999\r\n',
        'Content-Length : 5\r\n',
      ]) {
        const answer = await raw(`POST /x HTTP/1.1\r\n${host}${fields}\r\n0\r\n\r\n${smuggled}`);
        assert.equal(status(answer), 400, `${JSON.stringify(fields)}: ${answer.slice(0, 60)}`);
        assert.equal(answer.match(/HTTP\/1\.1 /g).length, 1, fields);
      }
    });

    it('other versions: 505', async () => {
      assert.equal(status(await raw(`GET / HTTP/2.0\r\n${host}\r\n`)), 505);
      assert.equal(status(await raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')), 505);
      assert([400, 505].includes(status(await raw(`GET / HTTP/9\r\n${host}\r\n`))));
    });

    it('what is expected: 100-continue is answered before the body, anything else 417', async () => {
      const socket = net.connect(tagwire.port, '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text) => {
        answer += text;
      });
      socket.write(`POST /x HTTP/1.1\r\n${host}${close}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
      await eventually('100', () => answer === 'HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('hello');
      await eventually('405', () => / 405 /.test(answer));
      socket.destroy();
      assert.equal(status(await raw(`POST /x HTTP/1.1\r\n${host}Content-Length: 5\r\nExpect: miracles\r\n\r\n`)), 417);
      assert.equal(status(await raw(`POST /x HTTP/1.1\r\n${host}Content-Length: 900000\r\nExpect: 100-continue\r\n\r\n`)), 413);
    });

    it('no header of ours is made of what was asked', async () => {
      const answer = await raw(`GET /%0d%0aX-Evil:%201 HTTP/1.1\r\n${host}${close}\r\n`);
      assert.doesNotMatch(answer.split('\r\n\r\n')[0], /x-evil/i);
    });
  });

  describe('HEAD', () => {
    for (const target of ['/', '/api/v1/tags/Random.Int1', '/api/v1/openapi.json', '/nothing']) {
      it(`${target}: the head of GET, without a body`, async () => {
        const whole = await get(tagwire, target);
        const head = await request(tagwire, target, { method: 'HEAD' });
        assert.equal(head.status, whole.status);
        assert.equal(head.bytes.length, 0);
        for (const name of ['content-type', 'etag', 'cache-control', 'vary']) assert.equal(head.headers[name], whole.headers[name]);
        // Values change their length between two requests.
        assert(Math.abs(Number(head.headers['content-length']) - whole.bytes.length) < 10);
      });
    }

    it('an event stream ends after its head', async () => {
      const head = await request(tagwire, '/api/v1/stream?tags=Random.Int1', { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.equal(head.headers['content-type'], 'text/event-stream');
    });

    it('the connection stays usable', async () => {
      const answer = await raw(`HEAD / HTTP/1.1\r\n${host}\r\nGET /healthz HTTP/1.1\r\n${host}${close}\r\n`);
      assert.match(answer, /\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n$/);
    });
  });

  describe('assets', () => {
    it('are compressed ahead, the same in each coding, and for ever where their name carries their content', async () => {
      const plain = await get(tagwire, asset);
      const gzip = await get(tagwire, asset, { headers: { 'accept-encoding': 'gzip, deflate' } });
      const br = await get(tagwire, asset, { headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } });
      assert.equal(gzip.headers['content-encoding'], 'gzip');
      assert.equal(br.headers['content-encoding'], 'br');
      assert.deepEqual(gunzipSync(gzip.bytes), plain.bytes);
      assert.deepEqual(brotliDecompressSync(br.bytes), plain.bytes);
      assert(br.bytes.length < plain.bytes.length / 2);
      for (const { headers } of [plain, gzip, br]) {
        assert.match(headers.vary, /accept-encoding/i);
        assert.match(headers.vary, /origin/i);
        assert.match(headers['cache-control'], /max-age=31536000, immutable/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
      }
      const none = await get(tagwire, asset, { headers: { 'accept-encoding': 'br;q=0, gzip;q=0' } });
      assert.equal(none.headers['content-encoding'], undefined);
    });

    it('304 to who has it: without a body, with what a cache needs', async () => {
      const { headers, status: first } = await get(tagwire, '/');
      assert.equal(first, 200);
      for (const tag of [headers.etag, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
        const again = await get(tagwire, '/', { headers: { 'if-none-match': tag } });
        assert.equal(again.status, 304, tag);
        assert.equal(again.bytes.length, 0);
        for (const name of ['etag', 'cache-control', 'vary']) assert.equal(again.headers[name], headers[name]);
      }
      assert.equal((await get(tagwire, '/', { headers: { 'if-none-match': '"other"' } })).status, 200);
    });

    it('a range, which is not offered, is answered with the whole', async () => {
      const whole = await get(tagwire, asset);
      const range = await get(tagwire, asset, { headers: { range: 'bytes=0-9' } });
      assert.equal(range.status, 200);
      assert.deepEqual(range.bytes, whole.bytes);
    });

    it('answers of the API are never stored', async () => {
      for (const target of ['/api/v1/values?tags=Random.Int1', '/api/v1/tags', '/metrics', '/nothing']) {
        assert.equal((await get(tagwire, target)).headers['cache-control'], 'no-store');
      }
    });
  });
});
