/// TLS by itself: as soon as other machines can connect the server makes a certificate, keeps it, renews it in time and
/// when its names change, and shows it to clients that need no more than its file to trust it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';

import { noSimulator, readByEverybody } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { Network } from './lib/network.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { makeServerCertificate } from './lib/tls-certificates.mjs';
import { eventually, within } from './lib/wait.mjs';

const run = promisify(execFile);
const library = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
const day = 24 * 3600 * 1000;
const on = 'tls = "on"\n';

const certificateFile = (tagwire) => path.join(tagwire.folder, 'tls', 'certificate.pem');
const pairFile = (tagwire) => path.join(tagwire.folder, 'tls', 'private', 'server.pem');
const modeOf = async (file) => (await stat(file)).mode & 0o777;
const certificateOf = async (tagwire) => new X509Certificate(await readFile(certificateFile(tagwire)));

/// Starts it, and lets its clients trust the certificate that it made.
async function launch(tagwire, prefix) {
  tagwire.spawn(undefined, prefix);
  await eventually('ready', () => tagwire.log.includes('is ready') || !tagwire.program.running, { timeout: 20_000 });
  assert(tagwire.program.running, tagwire.log);
  tagwire.tls = { ca: await readFile(certificateFile(tagwire), 'utf8') };
}

/// Its configuration may be written anew afterwards: the certificate is none that was configured.
async function end(tagwire) {
  tagwire.tls = undefined;
  tagwire.program.signal('SIGTERM');
  assert.deepEqual(await tagwire.program.end(5000), { code: 0, signal: null }, tagwire.log);
}

/// The fingerprint of what is shown in a handshake; fails where `ca` or the name does not hold.
async function shown(tagwire, { host = '127.0.0.1', ...options } = {}) {
  const socket = tls.connect({ port: tagwire.port, host, ca: tagwire.tls.ca, ...options });
  await within(5000, 'TLS handshake', once(socket, 'secureConnect'));
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('the own certificate', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.create({ config: `${on}allowed_hosts = ["hmi.plant.example"]\n` });
    await launch(tagwire);
  });
  after(() => tagwire?.stop());

  it('is made at the first start, and its fingerprint is told', async () => {
    const certificate = await certificateOf(tagwire);
    assert(tagwire.log.includes(certificate.fingerprint256), tagwire.log);
    assert.match(tagwire.log, new RegExp(`is ready: https://127\\.0\\.0\\.1:${tagwire.port}`));
    assert.equal(await shown(tagwire), certificate.fingerprint256);
    assert.equal(certificate.publicKey.asymmetricKeyType, 'ec');
    assert.equal(certificate.publicKey.asymmetricKeyDetails.namedCurve, 'prime256v1');
    assert.equal(certificate.ca, false);
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.equal(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom), 397 * day);
  });

  it('its key is for nobody else', async () => {
    assert.equal(await modeOf(pairFile(tagwire)), 0o600);
    assert.equal(await modeOf(path.dirname(pairFile(tagwire))), 0o700);
    assert.equal(await modeOf(certificateFile(tagwire)), 0o644);
    assert.doesNotMatch(await readFile(certificateFile(tagwire), 'utf8'), /PRIVATE/);
  });

  it('clients that have its file verify the name by which they come', async () => {
    for (const servername of ['localhost', 'hmi.plant.example']) await shown(tagwire, { servername });
    await shown(tagwire); // the address
    await assert.rejects(shown(tagwire, { servername: 'other.example' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await assert.rejects(shown({ ...tagwire, port: tagwire.port, tls: {} }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    assert.equal((await get(tagwire, '/healthz')).status, 200);
    const { stdout } = await run('curl', ['-sS', '--cacert', certificateFile(tagwire), `${tagwire.url}/healthz`]);
    assert(stdout.length > 0);
  });

  it('the page, the API and wss go over it', async () => {
    assert.equal((await get(tagwire, '/')).status, 200);
    const client = await SocketClient.open(tagwire);
    const random = await client.sub('Random.Int1');
    await random.next();
    await client.close();
  });

  it('pins nobody: browsers that do not trust it yet must have a way past their warning', async () => {
    assert.equal((await get(tagwire, '/')).headers['strict-transport-security'], undefined);
  });

  it('who speaks plain HTTP is told to speak https', async () => {
    const plain = { port: tagwire.port };
    const page = await get(plain, '/trends?x=1', { headers: { host: tagwire.host } });
    assert.equal(page.status, 308);
    assert.equal(page.headers.location, `https://${tagwire.host}/trends?x=1`);
    const api = await request(plain, '/api/v1/values', { method: 'POST', headers: { host: tagwire.host }, body: '{}' });
    assert.equal(api.status, 400);
    assert.match(api.body, /https:\/\/ and wss:\/\//);
    assert.equal(api.headers['strict-transport-security'], undefined);
  });

  it('openssl s_client: TLS 1.2 and 1.3, and nothing older', async () => {
    const client = (...words) => run('openssl', ['s_client', '-connect', tagwire.host, '-CAfile', certificateFile(tagwire), '-verify_return_error', '-cipher', 'ALL:@SECLEVEL=0', ...words], { timeout: 10_000 });
    for (const version of ['-tls1_2', '-tls1_3']) {
      const child = client(version);
      child.child.stdin.end();
      assert.match((await child).stdout, /Verify return code: 0 \(ok\)|Verification: OK/);
    }
    for (const version of ['-tls1', '-tls1_1']) {
      const child = client(version);
      child.child.stdin.end();
      await assert.rejects(child, /alert protocol version|no protocols available|unsupported protocol/);
    }
  });

  it('nmap ssl-enum-ciphers: least strength A', { timeout: 120_000 }, async () => {
    const { stdout } = await run('nmap', ['-Pn', '-p', String(tagwire.port), '--script', '+ssl-enum-ciphers', '127.0.0.1'], { timeout: 110_000 });
    assert.match(stdout, /least strength: A$/m, stdout);
    assert.match(stdout, /TLSv1\.2:/);
    assert.match(stdout, /TLSv1\.3:/);
    assert.doesNotMatch(stdout, /TLSv1\.[01]:|SSLv|CBC|_RSA_WITH| - [B-F]$/m);
  });

  it('stays at the next start', async () => {
    const before = await shown(tagwire);
    await end(tagwire);
    await launch(tagwire);
    assert.equal(await shown(tagwire), before);
  });

  it('is made anew for a name that was added, and stays when it is taken away again', async () => {
    const before = await shown(tagwire);
    await end(tagwire);
    await tagwire.configure(`${on}allowed_hosts = ["hmi.plant.example", "wall.plant.example"]\n`);
    await launch(tagwire);
    const renewed = await shown(tagwire, { servername: 'wall.plant.example' });
    assert.notEqual(renewed, before);
    assert.match(tagwire.log, /made anew: it is not yet for wall\.plant\.example/);
    await end(tagwire);
    await tagwire.configure(on);
    await launch(tagwire);
    assert.equal(await shown(tagwire), renewed);
  });
});

describe('the own certificate near its end', () => {
  it('is made anew at the start, and while the server runs; connections stay', { timeout: 60_000 }, async (t) => {
    if (!library) return t.skip('needs libfaketime');
    const tagwire = await Tagwire.create({ config: `${on}handshake_timeout_ms = 60000\n` });
    try {
      const clock = path.join(tagwire.folder, 'clock');
      const at = (days) => writeFile(clock, `+${days * 24 * 3600}`);
      const faked = ['env', `LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${clock}`, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1'];
      const unchecked = { rejectUnauthorized: false }; // our own clock is not set
      await at(0);
      await launch(tagwire, faked);
      const first = await shown(tagwire, unchecked);
      await end(tagwire);

      await at(360);
      await launch(tagwire, faked);
      assert.equal(await shown(tagwire, unchecked), first, 'more than 30 days are left');
      await end(tagwire);

      await at(370);
      await launch(tagwire, faked);
      const second = await shown(tagwire, unchecked);
      assert.notEqual(second, first);
      assert.match(tagwire.log, /made anew: its time ends/);
      assert(Date.parse((await certificateOf(tagwire)).validTo) > Date.now() + (370 + 390) * day);

      const socket = tls.connect({ port: tagwire.port, host: '127.0.0.1', ...unchecked });
      await once(socket, 'secureConnect');
      await at(370 + 370);
      await eventually('a new certificate while it runs', async () => (await shown(tagwire, unchecked)) !== second, { timeout: 20_000 });
      socket.setEncoding('latin1').write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      let answer = '';
      for await (const text of socket) answer += text;
      assert.match(answer, /^HTTP\/1\.1 200 /, 'an open connection goes on');
      assert.equal((await certificateOf(tagwire)).fingerprint256, await shown(tagwire, unchecked));
    } finally {
      await tagwire.stop({ exit: 'any' });
    }
  });
});

describe('an own certificate that cannot be used', () => {
  for (const [what, spoil, words] of [
    ['rubbish', (file) => writeFile(file, 'rubbish'), /holds no certificate/],
    ['without its key', async (file) => writeFile(file, (await readFile(file, 'utf8')).replace(/-----BEGIN PRIVATE[^]*/, '')), /is no private key/],
    ['a folder in its place', async (file) => {
      await rm(file);
      await run('mkdir', [file]);
    }, /cannot be read: Is a directory/],
  ]) {
    it(`${what}: the start says what to do, and it is not overwritten`, async () => {
      const tagwire = await Tagwire.create({ config: on });
      try {
        await launch(tagwire);
        await end(tagwire);
        const file = pairFile(tagwire);
        await spoil(file);
        const before = await readFile(file).catch(({ code }) => code);
        const program = tagwire.spawn();
        assert.deepEqual(await program.end(5000), { code: 2, signal: null });
        assert.match(program.output, words);
        assert.match(program.output, /server\.pem.*remove it so that a new one is made/);
        assert.deepEqual(await readFile(file).catch(({ code }) => code), before);
        await rm(file, { recursive: true });
        await launch(tagwire);
        assert.equal((await get(tagwire, '/healthz')).status, 200);
      } finally {
        await tagwire.stop({ exit: 'any' });
      }
    });
  }

  it('a folder that cannot be written is named', async (t) => {
    if (process.getuid() === 0) return t.skip('root may write everywhere');
    const tagwire = await Tagwire.create({ config: on });
    try {
      await chmod(tagwire.folder, 0o500);
      const program = tagwire.spawn();
      assert.deepEqual(await program.end(5000), { code: 2, signal: null });
      assert.match(program.output, /tls.*Permission denied/);
    } finally {
      await chmod(tagwire.folder, 0o700);
      await tagwire.stop({ exit: 'any' });
    }
  });
});

describe('reachable from other machines', () => {
  /// In a network of its own: what listens everywhere there is reached at network.address from here.
  async function everywhere(t, config, check) {
    const network = process.getuid() === 0 ? await Network.create() : undefined;
    if (!network) return t.skip('needs root and network namespaces');
    const tagwire = await Tagwire.create();
    const write = (more) => writeFile(tagwire.file, `[server]\nlisten = "0.0.0.0:${tagwire.port}"\nallow_remote = true\n${more}\n${noSimulator}${readByEverybody}`);
    try {
      await write(config);
      await check({ tagwire, network, write });
    } finally {
      await tagwire.stop({ exit: 'any' });
      await network.remove();
    }
  }
  const answers = async (url, ...words) => (await run('curl', ['-sS', '-m', '5', '-D', '-', ...words, url])).stdout;

  it('auto: TLS with a certificate for that address, and for one that comes while the server runs', { timeout: 60_000 }, (t) =>
    everywhere(t, '', async ({ tagwire, network }) => {
      await launch(tagwire, network.prefix);
      const there = { host: network.address };
      const first = await shown(tagwire, there);
      assert.equal((await certificateOf(tagwire)).fingerprint256, first);
      assert.match(await answers(`https://${network.address}:${tagwire.port}/healthz`, '--cacert', certificateFile(tagwire)), /^HTTP\/1\.1 200 /);
      assert.match(await answers(`http://${network.address}:${tagwire.port}/`), /^HTTP\/1\.1 308 [^]*location: https:/i);
      assert.doesNotMatch(tagwire.log, /warning serve: tls/);

      const more = network.address.replace(/\d+$/, '130');
      await network.addAddress(more);
      await eventually('a certificate for the new address', async () => (await certificateOf(tagwire)).fingerprint256 !== first, { timeout: 20_000 });
      assert((await certificateOf(tagwire)).checkIP(more));
      await eventually('it is shown', async () => (await shown(tagwire, { ...there, ca: await readFile(certificateFile(tagwire)) }).catch(() => first)) !== first);
    }));

  it('off: plain HTTP, with a warning', (t) =>
    everywhere(t, 'tls = "off"', async ({ tagwire, network }) => {
      tagwire.spawn(undefined, network.prefix);
      await eventually('ready', () => tagwire.log.includes('is ready'));
      assert.match(tagwire.log, / warning serve: tls = "off" although other machines can connect.*proxy/);
      assert.match(await answers(`http://${network.address}:${tagwire.port}/healthz`), /^HTTP\/1\.1 200 /);
      assert(!existsSync(path.join(tagwire.folder, 'tls')));
    }));

  it('auto with a certificate of an authority: that one, and HSTS for names that are not localhost', (t) =>
    everywhere(t, '', async ({ tagwire, network, write }) => {
      const { certificate, key, ca } = await makeServerCertificate(tagwire.folder, 'plant');
      await write(`tls_certificate = "${certificate}"\ntls_key = "${key}"\nallowed_hosts = ["hmi.plant.example"]`);
      tagwire.spawn(undefined, network.prefix);
      await eventually('ready', () => tagwire.log.includes('is ready'));
      assert(!existsSync(path.join(tagwire.folder, 'tls')));
      assert(ca.length > 0);
      const url = (host) => [`https://${host}:${tagwire.port}/healthz`, '-k', '--resolve', `${host}:${tagwire.port}:${network.address}`];
      assert.match(await answers(...url('hmi.plant.example')), /strict-transport-security: max-age=2592000\r\n/i);
      assert.doesNotMatch(await answers(...url('localhost')), /strict-transport-security/i);
      assert.doesNotMatch(await answers(`http://${network.address}:${tagwire.port}/`), /strict-transport-security/i);

      await end(tagwire);
      await write(`tls_certificate = "${certificate}"\ntls_key = "${key}"\nallowed_hosts = ["hmi.plant.example"]\nhsts_days = 0`);
      tagwire.spawn(undefined, network.prefix);
      await eventually('ready', () => tagwire.log.includes('is ready'));
      assert.doesNotMatch(await answers(...url('hmi.plant.example')), /strict-transport-security/i);
    }));
});

describe('on this machine alone', () => {
  it('auto: plain HTTP, and nothing is made', async () => {
    const tagwire = await Tagwire.start({ config: noSimulator });
    assert.equal((await get(tagwire, '/healthz')).status, 200);
    assert(!existsSync(path.join(tagwire.folder, 'tls')));
    await tagwire.stop();
  });

  it('off with a certificate is a contradiction, named with its line', async () => {
    const tagwire = await Tagwire.create({ config: 'tls = "off"\ntls_certificate = "a.pem"\ntls_key = "a.key"\n' });
    const program = tagwire.spawn();
    assert.deepEqual(await program.end(5000), { code: 2, signal: null });
    assert.match(program.output, /tagwire\.toml:3: server\.tls: is off although a certificate is given/);
    await tagwire.stop({ exit: 'any' });
  });

  it('--check makes nothing, and names a pair that cannot be used', async () => {
    const tagwire = await Tagwire.create({ config: on });
    const check = async () => {
      const program = tagwire.spawn(['--config', tagwire.folder, '--check']);
      return { ...(await program.end(5000)), output: program.output };
    };
    assert.equal((await check()).code, 0);
    assert(!existsSync(path.join(tagwire.folder, 'tls')));
    await launch(tagwire);
    await end(tagwire);
    assert.equal((await check()).code, 0);
    await writeFile(pairFile(tagwire), 'rubbish');
    const { code, output } = await check();
    assert.equal(code, 2);
    assert.match(output, /server\.pem/);
    await tagwire.stop({ exit: 'any' });
  });
});
