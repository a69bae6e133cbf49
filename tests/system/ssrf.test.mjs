/// What somebody asks for by the API leads to no address that only this machine can reach: metadata services of clouds,
/// neighbours on the link, everybody at once. Each of them would answer here, which the configuration file shows.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { noSimulator, opcUa, quickOpcUa } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { Network } from './lib/network.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { Program } from './lib/program.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const sources = '/api/v1/opcua/sources';
const asking = { method: 'POST', headers: { 'content-type': 'application/json' } };
const metadata = '169.254.169.254';

/// Every way to write an address that nobody may ask for. The first of each pair is what the refusal says.
const forbidden = [
  ['metadata', [metadata, '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376', '169.254.43518', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]', '[64:ff9b::a9fe:a9fe]']],
  ['link-local', ['169.254.1.1', '[fe80::1]', '0xa9.0xfe.1']],
  ['unspecified', ['0.0.0.0', '0', '[::]', '[::ffff:0.0.0.0]']],
  ['multicast', ['224.0.0.1', '239.255.255.250', '[ff02::1]']],
  ['broadcast', ['255.255.255.255', '0xFFFFFFFF']],
];

describe('addresses that are asked for by the API', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: noSimulator });
  });
  after(() => tagwire?.stop());

  for (const [kind, hosts] of forbidden) {
    it(`${kind}: refused when a server's endpoints are asked for, and when a server is added`, async () => {
      for (const host of hosts) {
        const url = `opc.tcp://${host}:4840/x`;
        const found = await get(tagwire, `/api/v1/opcua/endpoints?url=${encodeURIComponent(url)}`);
        assert.equal(found.status, 400, `${host}: ${found.body}`);
        assert.match(found.json().msg, new RegExp(`${kind}.*configuration file`));
        const added = await request(tagwire, sources, { ...asking, body: JSON.stringify({ name: 'x', endpoint: url, policy: 'none' }) });
        assert.equal(added.status, 400, `${host}: ${added.body}`);
        assert.match(added.json().msg, new RegExp(`^endpoint: .*${kind}`));
      }
      assert.deepEqual((await get(tagwire, '/api/v1/sources')).json().sources, []);
    });
  }

  it('loopback and private networks are where plants live', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const found = await get(tagwire, `/api/v1/opcua/endpoints?url=${encodeURIComponent(`opc.tcp://${host}:1`)}`, { timeout: 10_000 });
      assert.notEqual(found.status, 400, found.body);
      assert.match(found.json().msg, /does not tell its endpoints/);
    }
  });

  it('a server that says it lies elsewhere is not followed there', { timeout: 90_000 }, async () => {
    let visits = 0;
    const elsewhere = net.createServer((socket) => {
      ++visits;
      socket.destroy();
    });
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.2', resolve));
    process.env.REFERRAL = `opc.tcp://127.0.0.2:${elsewhere.address().port}`;
    const peer = await OpcUaPeer.start([{ name: 'Level', type: 'Double', value: 5 }], fileURLToPath(new URL('lib/peer/referring-server.mjs', import.meta.url)));
    try {
      const found = await get(tagwire, `/api/v1/opcua/endpoints?url=${encodeURIComponent(peer.endpoint)}`, { timeout: 10_000 });
      assert.equal(found.json().endpoints[0].url, process.env.REFERRAL, 'the test server refers to elsewhere');
      const added = await request(tagwire, sources, { ...asking, body: JSON.stringify({ name: 'referring', endpoint: peer.endpoint, policy: 'none', tags: [{ name: 'Level', node: peer.node('Level') }] }) });
      assert.equal(added.status, 200, added.body);
      await eventually('live', async () => (await get(tagwire, '/api/v1/sources/referring')).json().state === 'live', { timeout: 20_000 });
      assert.equal(visits, 0);
    } finally {
      delete process.env.REFERRAL;
      await peer.stop();
      elsewhere.close();
    }
  });
});

describe('addresses that are there', () => {
  /// Asks `tagwire` from where it runs, which it takes for this machine. {status, body}
  async function ask(network, tagwire, target, { method = 'GET', body } = {}) {
    const words = ['curl', '-sS', '-m', '20', '-X', method, '-w', '\n%{http_code}', '-H', 'content-type: application/json', ...(body ? ['-d', body] : [])];
    const { stdout } = await promisify(execFile)(network.prefix[0], [...network.prefix.slice(1), ...words, `${tagwire.url}${target}`]);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
  }

  it('nothing is sent to a metadata service whatever its name; the configuration file may name it', { timeout: 90_000 }, async (t) => {
    const network = process.getuid() === 0 ? await Network.create() : undefined;
    if (!network) return t.skip('needs root and network namespaces');
    const tagwire = await Tagwire.create();
    // Prints a line for every connection.
    const listen = `require('net').createServer((s) => { console.log('visit'); s.destroy(); }).listen(4840, '${metadata}', () => console.log('listens'))`;
    let service;
    try {
      await network.addLoopback(metadata);
      service = new Program(spawn(network.prefix[0], [...network.prefix.slice(1), process.execPath, '-e', listen], { stdio: ['ignore', 'pipe', 'pipe'] }), 'metadata');
      await eventually('it listens', () => service.output.includes('listens'));
      const visits = () => service.output.match(/visit/g)?.length ?? 0;

      const hosts = path.join(tagwire.folder, 'hosts');
      await writeFile(hosts, `127.0.0.1 localhost\n${metadata} rebound.example\n${metadata} both.example\n127.0.0.1 both.example\n`);
      const withHosts = [...network.prefix, 'unshare', '-m', '--propagation', 'private', 'bash', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
      const start = async (config) => {
        await tagwire.configure(noSimulator + config);
        tagwire.spawn(undefined, withHosts);
        await eventually('ready', () => tagwire.log.includes('is ready'));
      };

      await start('');
      for (const host of ['rebound.example', 'both.example']) {
        const found = await ask(network, tagwire, `/api/v1/opcua/endpoints?url=opc.tcp://${host}:4840`);
        assert.notEqual(found.status, 200, found.body);
        if (host === 'rebound.example') assert.match(found.body, /rebound\.example` leads to the address of a cloud's metadata service \(169\.254\.169\.254\)/);
        const added = await ask(network, tagwire, sources, { method: 'POST', body: JSON.stringify({ name: host, endpoint: `opc.tcp://${host}:4840`, policy: 'none', tags: [{ name: host, node: 'i=2258' }] }) });
        assert.equal(added.status, 200, added.body);
        await eventually('it was tried', async () => JSON.parse((await ask(network, tagwire, `/api/v1/sources/${host}`)).body).state === 'backoff');
      }
      assert.match((await ask(network, tagwire, '/api/v1/sources/rebound.example')).body, /leads to the address of a cloud's metadata service/);
      assert.equal(visits(), 0);

      tagwire.program.signal('SIGTERM');
      await tagwire.program.end(5000);
      // What was added stays what it was: asked for by the API.
      await start('');
      await eventually('it was tried', async () => JSON.parse((await ask(network, tagwire, '/api/v1/sources/rebound.example')).body).state === 'backoff');
      assert.equal(visits(), 0);

      tagwire.program.signal('SIGTERM');
      await tagwire.program.end(5000);
      await start(opcUa('named', `opc.tcp://${metadata}:4840`, { 'Named.A': 'i=2258' }, quickOpcUa));
      await eventually('the configured one is connected to', () => visits() > 0);
    } finally {
      await tagwire.stop({ exit: 'any' });
      await service?.kill();
      await network.remove();
    }
  });
});
