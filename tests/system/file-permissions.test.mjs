/// Files: what Tagwire makes is for its own user alone, however it is started, and secrets that others can read are named.
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const json = { 'content-type': 'application/json' };
const user = { policy: 'none', allow_password_in_clear: true, user: 'plant' };

describe('files', () => {
  it('that it makes are for its user alone', async () => {
    const tagwire = await Tagwire.create({ config: `tls = "on"\n[history]\nenabled = true\n` });
    try {
      tagwire.spawn(undefined, ['/bin/sh', '-c', 'umask 000; exec "$0" "$@"']);
      await eventually('ready', () => tagwire.log.includes('is ready'));
      tagwire.tls = { ca: await readFile(path.join(tagwire.folder, 'tls/certificate.pem')) };
      const screen = { format: 1, title: 'x', width: 100, height: 100, background: 'panel', pipes: [], elements: [] };
      const saved = await request(tagwire, '/api/v1/documents/screen/x', { method: 'PUT', headers: { ...json, 'if-none-match': '*' }, body: JSON.stringify(screen) });
      assert(saved.status < 300, saved.body);
      const added = await request(tagwire, '/api/v1/opcua/sources', { method: 'POST', headers: json, body: JSON.stringify({ name: 'plc', endpoint: 'opc.tcp://127.0.0.1:1' }) });
      assert.equal(added.status, 200, added.body);
      await eventually('a key for OPC UA', async () => (await get(tagwire, '/api/v1/opcua/certificates')).json().own !== undefined, { timeout: 10_000 });
      await eventually('a record', async () => (await readdir(path.join(tagwire.folder, 'history'))).length > 1);

      // Certificates are for those who shall trust them.
      const shown = ['tls/certificate.pem', 'pki/own/certs/tagwire.der'];
      const open = [];
      const files = await readdir(tagwire.folder, { recursive: true });
      for (const file of files) {
        const { mode } = await stat(path.join(tagwire.folder, file));
        if ((mode & 0o077) !== 0 && file !== 'tagwire.toml' && !shown.includes(file)) open.push(`${file}: ${(mode & 0o777).toString(8)}`);
      }
      assert.deepEqual(open, []);
      for (const wanted of ['history', 'documents', 'sources.d', 'tls/private/server.pem', 'pki/own/private']) assert(files.includes(wanted), wanted);
      assert.doesNotMatch(tagwire.log, /every user of this machine/);
    } finally {
      await tagwire.stop({ exit: 'any' });
    }
  });

  it('with a password or a key that others can read are named at the start', async () => {
    const server = (security) => noSimulator + opcUa('plc', 'opc.tcp://127.0.0.1:1', { A: 'i=2258' }, { security: { ...user, ...security } });
    const tagwire = await Tagwire.create({ config: server({ password: 'secret' }) });
    try {
      await chmod(tagwire.folder, 0o755);
      await chmod(tagwire.file, 0o644);
      const start = async () => {
        tagwire.spawn();
        await eventually('ready', () => tagwire.log.includes('is ready'));
        tagwire.program.signal('SIGTERM');
        await tagwire.program.end(5000);
        return tagwire.log;
      };
      assert.match(await start(), / warning app: every user of this machine can read or change the configuration, which holds a password, '.*tagwire\.toml': chmod go= it/);
      await chmod(tagwire.file, 0o600);
      assert.doesNotMatch(await start(), /every user of this machine/);

      const password = path.join(tagwire.folder, 'plc.password');
      await writeFile(password, 'secret');
      await chmod(password, 0o644);
      await tagwire.configure(server({ password_file: 'plc.password' }));
      assert.match(await start(), /every user of this machine can read or change the password file '.*plc\.password'/);
      await chmod(tagwire.folder, 0o700);
      assert.doesNotMatch(await start(), /every user of this machine/, 'nobody gets through the folder');
    } finally {
      await tagwire.stop({ exit: 'any' });
    }
  });
});
