/// TLS on the server's port: everything over https and wss, what is refused, renewed files, words for wrong ones.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';

import { Browser } from './lib/browser.mjs';
import { noSimulator } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { memory, openFiles } from './lib/memory.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { EventStream } from './lib/sse.mjs';
import { TagTable } from './lib/tag-table.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { makeServerCertificate, openssl } from './lib/tls-certificates.mjs';
import { eventually, within } from './lib/wait.mjs';

/// A bare TLS connection; resolves when the handshake is done.
async function shakeHands(tagwire, options = {}) {
  const socket = tls.connect({ port: tagwire.port, host: '127.0.0.1', ca: tagwire.tls.ca, ...options });
  await within(5000, 'TLS handshake', once(socket, 'secureConnect'));
  return socket;
}

/// Sends bytes over TCP; resolves with the answer when the server closes.
function raw(port, bytes, timeout = 5000) {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  if (bytes) socket.write(bytes);
  const end = new Promise((resolve) => socket.on('close', () => resolve(answer)).on('error', () => {}));
  return within(timeout, 'the server closes', end).finally(() => socket.destroy());
}

describe('tls', () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-tls-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe('everything goes over it', () => {
    let tagwire;
    before(async () => {
      const certificate = await makeServerCertificate(folder, 'all');
      tagwire = await Tagwire.start({ tls: certificate, config: 'handshake_timeout_ms = 1000' });
    });
    after(() => tagwire?.stop());

    it('says https where it is ready, and which certificate it shows', () => {
      assert.match(tagwire.log, new RegExp(`is ready: https://127\\.0\\.0\\.1:${tagwire.port}`));
      assert.match(tagwire.log, /TLS with the certificate CN=all-server,O=Plant, valid until \d{4}-\d\d-\d\d/);
    });

    it('the page, the API, HEAD', async () => {
      const page = await get(tagwire, '/', { headers: { 'accept-encoding': 'br' } });
      assert.equal(page.status, 200);
      assert.match(page.headers['content-type'], /^text\/html/);
      assert.match((await get(tagwire, '/api/v1/info')).json().server, /^Tagwire/);
      assert.equal((await request(tagwire, '/', { method: 'HEAD' })).status, 200);
      assert.match((await get(tagwire, '/ws')).json().msg, /wss:\/\//);
    });

    it('several requests over one connection, each in pieces', async () => {
      const socket = await shakeHands(tagwire);
      let answer = '';
      socket.setEncoding('latin1').on('data', (text) => {
        answer += text;
      });
      for (let i = 0; i < 3; ++i) {
        for (const piece of ['GET /healthz HT', 'TP/1.1\r\nhost: local', 'host\r\n\r\n']) {
          await new Promise((resolve) => socket.write(piece, resolve));
        }
        await eventually('answer', () => answer.match(/200 OK/g)?.length === i + 1);
      }
      socket.end();
      await within(5000, 'the server closes', once(socket, 'close'));
    });

    it('TLS 1.2 and 1.3 with forward secrecy, nothing older, and http/1.1 by ALPN', async () => {
      for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const socket = await shakeHands(tagwire, { minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] });
        assert.equal(socket.getProtocol(), version);
        assert.equal(socket.alpnProtocol, 'http/1.1');
        assert.equal(socket.authorized, true);
        assert.equal(socket.getEphemeralKeyInfo().type, 'ECDH');
        socket.destroy();
      }
      const weak = { ciphers: 'ALL:@SECLEVEL=0' };
      await assert.rejects(shakeHands(tagwire, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ...weak }), /protocol version/i);
      await assert.rejects(shakeHands(tagwire, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }), /handshake failure/i);
      await assert.rejects(shakeHands(tagwire, { ALPNProtocols: ['ftp'] }), /application protocol/i);
    });

    it('sessions are resumed', async () => {
      const first = await shakeHands(tagwire, { maxVersion: 'TLSv1.2' });
      const session = first.getSession();
      first.destroy();
      const second = await shakeHands(tagwire, { maxVersion: 'TLSv1.2', session });
      assert.equal(second.isSessionReused(), true);
      second.destroy();
    });

    it('wss: snapshot of all tags, changes, unsubscribe, close by the client', async () => {
      const client = await SocketClient.open(tagwire);
      const all = await client.sub('**');
      await all.complete();
      assert(all.values.size > 20);
      const random = await client.sub('Random.Int1');
      for (let i = 0; i < 3; ++i) await random.next();
      await random.end();
      await client.close();
    });

    it('wss: a message over the limit 1009, and the closing handshake', async () => {
      const { send, closed } = await openSocket(tagwire);
      send('x'.repeat(100_000));
      assert.equal((await closed()).code, 1009);
    });

    it('/tagCurValue and event streams', async () => {
      const { messages, close } = await openSocket(tagwire, '/tagCurValue');
      assert.match(await messages.take(() => true), /^-?\d+$/);
      await close();
      const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Random.*');
      await stream.next('data');
      await stream.next('data');
      stream.close();
    });

    it('plain HTTP is sent to https; what is no page is told so', async () => {
      const host = tagwire.host;
      const page = await raw(tagwire.port, `GET /x?y=1 HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      assert.match(page, /^HTTP\/1\.1 308 /);
      assert.match(page, new RegExp(`\r\nLocation: https://${host.replaceAll('.', '\\.')}/x\\?y=1\r\n`));
      assert.doesNotMatch(page, /location: https:\/\/evil/i);
      const evil = await raw(tagwire.port, 'GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n');
      assert.match(evil, /^HTTP\/1\.1 403 /);
      const post = await raw(tagwire.port, `POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      assert.match(post, /^HTTP\/1\.1 400 [^]*https:\/\/ and wss:\/\//);
      await assert.rejects(openSocket({ host }), { status: 400 });
    });

    it('who says nothing, begins and goes silent, or talks nonsense, is let go in time', async () => {
      const client = await SocketClient.open(tagwire);
      const random = await client.sub('Random.Int1');
      const before = performance.now();
      const hello = Buffer.from('16030100c8010000c40303', 'hex');
      const ends = await Promise.all([
        ...Array.from({ length: 50 }, () => raw(tagwire.port, undefined)),
        ...Array.from({ length: 50 }, () => raw(tagwire.port, hello)),
        ...Array.from({ length: 50 }, () => raw(tagwire.port, Buffer.concat([Buffer.from([0x16]), Buffer.alloc(300, 0xff)]))),
      ]);
      assert(performance.now() - before < 4000);
      assert.deepEqual(ends.slice(0, 100).filter(Boolean), []);
      await random.next();
      await client.close();
      const metrics = (await get(tagwire, '/metrics')).body;
      assert(Number(/^tagwire_tls_handshake_failures_total (\d+)$/m.exec(metrics)[1]) >= 100, metrics);
      assert.match(metrics, /^tagwire_tls_certificate_expiry_seconds 1\d{9}$/m);
    });

    it('a connection that sends a byte a second during the handshake is cut as well', async () => {
      const socket = net.connect(tagwire.port, '127.0.0.1').on('error', () => {});
      const timer = setInterval(() => socket.write(Buffer.from([0x16])), 300);
      const start = performance.now();
      await within(4000, 'the server closes', once(socket, 'close'));
      clearInterval(timer);
      assert(performance.now() - start < 2500);
    });

    it('200 connections open and close: memory and files are as before', async () => {
      const { pid } = tagwire.program;
      const round = async () => {
        // Not all at once: a busy machine would not be through with their handshakes within this server's time for them.
        const clients = [];
        while (clients.length < 200) clients.push(...(await Promise.all(Array.from({ length: 20 }, () => openSocket(tagwire, '/ws')))));
        const open = await memory(pid);
        await Promise.all(clients.map(({ close }) => close()));
        return open.now;
      };
      await round();
      const files = await eventually('connections gone', async () => {
        const count = await openFiles(pid);
        return count < 60 && count;
      });
      const before = (await memory(pid)).now;
      for (let i = 0; i < 3; ++i) await round();
      await eventually('files as before', async () => (await openFiles(pid)) <= files);
      const after = (await memory(pid)).now;
      if (!process.env.TAGWIRE_BINARY?.includes('san')) assert(after - before <= 8, `${before} → ${after} MB`);
    });

    it('in Chromium the page is alive', async () => {
      const browser = await Browser.start();
      try {
        const { page, close, requests } = await browser.page({ ignoreHTTPSErrors: true });
        const table = await TagTable.open(page, tagwire, 'Random.Int1');
        const { row } = await table.until('Random.Int1', { quality: 'good' });
        await eventually('a new value', async () => (await table.read('Random.Int1')).value !== row.value);
        assert(requests.some((url) => url.startsWith('wss://')));
        await close();
      } finally {
        await browser.stop();
      }
    });
  });

  it('SIGTERM: clients are told 4000, within 2 s, exit 0', async () => {
    const tagwire = await Tagwire.start({ tls: await makeServerCertificate(folder, 'stop') });
    const client = await openSocket(tagwire);
    const idle = await shakeHands(tagwire);
    const silent = net.connect(tagwire.port, '127.0.0.1');
    await once(silent, 'connect');
    for (const unaware of [idle, silent]) unaware.on('error', () => {}); // they may be reset
    const start = performance.now();
    const stopped = tagwire.stop();
    assert.equal((await client.closed()).code, 4000);
    await stopped;
    assert(performance.now() - start < 2500);
    idle.destroy();
    silent.destroy();
  });

  it('a client that takes nothing is cut, the others notice nothing', async () => {
    const tagwire = await Tagwire.start({
      tls: await makeServerCertificate(folder, 'slow'),
      config: 'slow_client_ms = 1000\n[simulator]\nload_tags = 20000\n',
    });
    const slow = await openSocket(tagwire, '/ws');
    slow.send('{"t":"sub","id":1,"tags":["**"],"min":10}');
    await slow.messages.take((text) => text.startsWith('{"t":"ok"'));
    slow.socket.pause();
    const client = await SocketClient.open(tagwire);
    const random = await client.sub('Random.Int1');
    await eventually('cut', async () => /^tagwire_slow_clients_total 1$/m.test((await get(tagwire, '/metrics')).body), { timeout: 15_000 });
    await random.next();
    slow.socket.terminate();
    await client.close();
    await tagwire.stop();
  });

  describe('renewed files', () => {
    let tagwire, files, first, second;
    const shown = async () => {
      const socket = await shakeHands(tagwire, { ca: [first.ca, second.ca] });
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const fingerprint = async ({ own }) => new X509Certificate(await readFile(own)).fingerprint256;

    before(async () => {
      first = await makeServerCertificate(folder, 'first');
      second = await makeServerCertificate(folder, 'second', { days: 5 });
      files = { certificate: path.join(folder, 'used.pem'), key: path.join(folder, 'used.key'), ca: [first.ca, second.ca] };
      await copyFile(first.certificate, files.certificate);
      await copyFile(first.key, files.key);
      tagwire = await Tagwire.start({ tls: files });
    });
    after(() => tagwire?.stop());

    it('half renewed: the old pair stays in use, and the log says why', async () => {
      const client = await SocketClient.open(tagwire);
      assert.equal(await shown(), await fingerprint(first));
      await copyFile(second.certificate, files.certificate);
      await eventually('warning', () => / warning serve: .*do not belong together.*stays in use/.test(tagwire.log));
      assert.equal(await shown(), await fingerprint(first));
      await client.close();
    });

    it('both renewed: new connections get it, open ones stay', async () => {
      const client = await SocketClient.open(tagwire);
      const random = await client.sub('Random.Int1');
      await copyFile(second.key, `${files.key}.new`);
      await rename(`${files.key}.new`, files.key);
      await eventually('the new certificate', async () => (await shown()) === (await fingerprint(second)));
      await random.next();
      await client.close();
      await eventually('word of its end', () => /certificate CN=second-server,O=Plant expires on/.test(tagwire.log));
    });

    it('files that vanish: the last pair stays in use', async () => {
      await rm(files.key);
      await eventually('warning', () => /tls_key: '.*used\.key' cannot be read: No such file/.test(tagwire.log));
      assert.equal(await shown(), await fingerprint(second));
      await copyFile(second.key, files.key);
    });
  });

  describe('files that do not fit are named at the start, and by --check', () => {
    let good, other;
    const file = (name) => path.join(folder, name);

    before(async () => {
      good = await makeServerCertificate(folder, 'good');
      other = await makeServerCertificate(folder, 'other');
      await makeServerCertificate(folder, 'weak', { algorithm: ['rsa:1024'] });
      await openssl('x509', '-in', good.own, '-outform', 'DER', '-out', file('good.der'));
      await openssl('pkey', '-in', good.key, '-aes128', '-passout', 'pass:secret', '-out', file('encrypted.key'));
      await writeFile(file('empty.pem'), '');
      await writeFile(file('huge.pem'), Buffer.alloc(3_000_000, 0x2d));
      const pem = await readFile(good.own, 'utf8');
      await writeFile(file('garbled.pem'), pem.replace(/MII/, 'AAA'));
      await writeFile(file('tail.pem'), `${pem}${pem.replace(/MII/, 'AAA')}`);
      await writeFile(file('chain.pem'), pem.repeat(30));
    });

    for (const [what, certificate, key, words] of [
      ['no certificate file', 'none.pem', 'good-server.key', /server\.tls_certificate: '.*none\.pem' cannot be read: No such file/],
      ['no key file', 'good.pem', 'none.key', /server\.tls_key: '.*none\.key' cannot be read: No such file/],
      ['a folder', '.', 'good-server.key', /tls_certificate: .* is a folder/],
      ['a DER file', 'good.der', 'good-server.key', /tls_certificate: .* no PEM text .*openssl x509 -inform DER/],
      ['an empty file', 'empty.pem', 'good-server.key', /tls_certificate: .* no PEM text/],
      ['3 MB', 'huge.pem', 'good-server.key', /tls_certificate: .* larger than 1 MiB/],
      ['a garbled certificate', 'garbled.pem', 'good-server.key', /tls_certificate: .* holds no certificate in PEM form \(/],
      ['a garbled chain', 'tail.pem', 'good-server.key', /tls_certificate: .* is damaged after its first certificate/],
      ['an endless chain', 'chain.pem', 'good-server.key', /tls_certificate: .* more than 20 certificates/],
      ['the two swapped', 'good-server.key', 'good.pem', /tls_certificate: .* holds no certificate/],
      ['a certificate as key', 'good.pem', 'good.pem', /tls_key: .* holds no private key/],
      ['an encrypted key', 'good.pem', 'encrypted.key', /tls_key: .* is encrypted; decrypt it with: openssl pkey/],
      ['the key of another', 'good.pem', 'other-server.key', /tls_certificate: .* and the key '.*other-server\.key' do not belong together/],
      ['a weak key', 'weak.pem', 'weak-server.key', /tls_certificate: .* cannot be used: .*key too small/],
    ]) {
      it(what, async () => {
        const tagwire = await Tagwire.create({ tls: { certificate: file(certificate), key: file(key) }, config: noSimulator });
        for (const args of [['--config', tagwire.folder], ['--config', tagwire.folder, '--check']]) {
          const program = tagwire.spawn(args);
          assert.deepEqual(await program.end(5000), { code: 2, signal: null });
          assert.match(program.output, words);
          assert.doesNotMatch(program.output, /secret|BEGIN PRIVATE/);
        }
        await tagwire.stop({ exit: 'any' });
      });
    }

    it('one without the other, with file and line', async () => {
      const tagwire = await Tagwire.create({ config: `tls_key = "${good.key}"` });
      const program = tagwire.spawn();
      assert.deepEqual(await program.end(5000), { code: 2, signal: null });
      assert.match(program.output, /tagwire\.toml:\d+: server\.tls_certificate: is missing: a certificate needs both/);
      await tagwire.stop({ exit: 'any' });
    });

    it('names count from the folder of the configuration; an expired certificate is used, with a warning', async () => {
      const tagwire = await Tagwire.create({ tls: { certificate: 'own/server.pem', key: 'own/server.key', ca: good.ca } });
      const own = path.join(tagwire.folder, 'own');
      await mkdir(own);
      await copyFile(other.certificate, path.join(own, 'server.pem'));
      await copyFile(other.key, path.join(own, 'server.key'));
      tagwire.tls.ca = other.ca;
      await tagwire.launch();
      assert.equal((await get(tagwire, '/healthz')).status, 200);
      await tagwire.stop();
    });
  });
});
