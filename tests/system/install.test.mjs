/// cmake --install, and the service that it brings: complete, hardened, and nothing that the program needs is forbidden.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { binary } from './lib/paths.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

/// Of 10, as `systemd-analyze security` counts; 10 is what a service without any hardening has.
const mostExposed = 1.5;

describe('an installation', () => {
  let folder, service;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-install-'));
    execFileSync('cmake', ['--install', path.dirname(path.dirname(binary())), '--strip', '--prefix', folder]);
    service = path.join(folder, 'lib/systemd/system/tagwire.service');
  });
  after(() => rm(folder, { recursive: true }));

  it('has the program, the documents, and a configuration that the program takes', () => {
    const program = path.join(folder, 'bin/tagwire');
    assert.match(execFileSync(program, ['--version'], { encoding: 'utf8' }), /^Tagwire \d/);
    execFileSync(program, ['--check', '--config', path.join(folder, 'share/tagwire/tagwire.toml')]);
    const documents = /^Documentation=file:(.*)$/m.exec(readFileSync(service, 'utf8'))[1];
    assert(existsSync(path.join(folder, 'share/doc/tagwire', path.basename(documents))));
  });

  it('has a service that systemd understands', async () => {
    const text = (await readFile(service, 'utf8')).replaceAll(/=\S*\/bin\/tagwire/g, `=${folder}/bin/tagwire`);
    await writeFile(service, text);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', service], { encoding: 'utf8' });
    const complaints = stderr.split('\n').filter((line) => line.includes('tagwire.service'));
    assert.deepEqual([status, complaints], [0, []]);
  });

  it('has a service that may do little', () => {
    const threshold = `--threshold=${mostExposed * 10}`;
    const { status, stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', threshold, service], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  it('needs no system call that the service forbids', async () => {
    const group = (name) =>
      execFileSync('systemd-analyze', ['syscall-filter', name], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim())
        .flatMap((word) => (word.startsWith('@') && word !== name ? group(word) : [word]));
    const filters = [...readFileSync(service, 'utf8').matchAll(/^SystemCallFilter=(~?)(.*)$/gm)];
    const named = (without) => new Set(filters.filter(([, not]) => (not === '~') === without).flatMap(([, , names]) => names.split(' ').flatMap(group)));
    const [allowed, denied] = [named(false), named(true)];

    const trace = path.join(folder, 'trace');
    const plc = await OpcUaPeer.start([{ name: 'Level', type: 'Double', value: 5 }]);
    const tagwire = await Tagwire.create({ config: opcUa('plc', plc.endpoint, plc.tags('Plc')) });
    try {
      // -D: the program is our child and gets our signals, and strace ends after it.
      await tagwire.launch(['strace', '-D', '-f', '-c', '-U', 'name,calls', '-o', trace]);
      const client = await SocketClient.open(tagwire);
      const subscription = await client.sub(['Plc.Level', 'Random.*']);
      await subscription.until('Plc.Level', ({ q }) => q === 0);
      for (const target of ['/', '/metrics', '/api/v1/sources', '/api/v1/history?tags=Random.Int1&from=0']) await get(tagwire, target);
      await client.close();
    } finally {
      await tagwire.stop();
      await plc.stop();
    }
    await eventually('what strace counted', () => existsSync(trace) && / total$|^total/m.test(readFileSync(trace, 'utf8')));
    const used = (await readFile(trace, 'utf8')).split('\n').map((line) => /^(\w+) +\d+$/.exec(line)?.[1]).filter(Boolean);
    assert(used.length > 30, `only ${used.length} system calls were seen`);
    // SQLite keeps the owner of its files where it is root, which the service is not.
    const rootOnly = process.getuid() === 0 ? ['fchown'] : [];
    const forbidden = used.filter((call) => ![...rootOnly, 'total'].includes(call) && (!allowed.has(call) || denied.has(call)));
    assert.deepEqual(forbidden, []);
  });
});
