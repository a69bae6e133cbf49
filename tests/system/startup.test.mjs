/// The command line, the configuration's errors, a port in use, and an OPC UA server that is not there yet.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';

import { noSimulator, opcUa, quickLoss } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { freePort } from './lib/ports.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const bad = `threads = 4
listen_on = "x"

[simulator]
scan_ms = "fast"

[[opcua]]
name = "plc"
endpoint = "http://localhost"

[[opcua.tags]]
name = "A"
node = "nonsense"
`;

describe('start', () => {
  let tagwire;
  afterEach(() => tagwire?.stop({ exit: 'any' }));

  /// Runs the program to its end: {code, signal, output}.
  async function run(...args) {
    const program = tagwire.spawn(args);
    const end = await program.end(5000);
    return { ...end, output: program.output };
  }

  it('--version and --help tell and exit 0', async () => {
    tagwire = await Tagwire.create();
    const version = await run('--version');
    assert.equal(version.code, 0);
    assert.match(version.output, /\b\d+\.\d+\.\d+\b/);
    const help = await run('--help');
    assert.equal(help.code, 0);
    for (const option of ['--config', '--check', '--version', '--help']) assert(help.output.includes(option), option);
  });

  it('an unknown option is named and exits 2', async () => {
    tagwire = await Tagwire.create();
    const { code, output } = await run('--colour');
    assert.equal(code, 2);
    assert.match(output, /--colour/);
  });

  it('--check accepts a good configuration and starts nothing', async () => {
    tagwire = await Tagwire.create();
    const { code, output } = await run('--check', '--config', tagwire.file);
    assert.equal(code, 0, output);
  });

  for (const args of [['--check'], []]) {
    it(`${args.join('') || 'a start'} lists all problems of a bad configuration and exits 2`, async () => {
      tagwire = await Tagwire.create({ config: bad });
      const { code, output } = await run(...args, '--config', tagwire.file);
      assert.equal(code, 2, output);
      const problems = output.split('\n').filter((line) => line.includes('tagwire.toml:'));
      // Lines count from `[server]`; `listen` is the second.
      for (const problem of [
        /tagwire\.toml:3: server\.threads: ./,
        /tagwire\.toml:4: server\.listen_on: ./,
        /tagwire\.toml:7: simulator\.scan_ms: ./,
        /tagwire\.toml:11: opcua\[0\]\.endpoint: .*opc\.tcp/,
        /tagwire\.toml:15: opcua\[0\]\.tags\[0\]\.node: ./,
      ]) {
        assert(problems.some((line) => problem.test(line)), `${problem} in\n${output}`);
      }
      assert.equal(problems.length, 5, output);
    });
  }

  it('a file that is no TOML is named with its line', async () => {
    tagwire = await Tagwire.create();
    await writeFile(tagwire.file, '[server]\nlisten = \n');
    const { code, output } = await run('--check', '--config', tagwire.file);
    assert.equal(code, 2);
    assert.match(output, /tagwire\.toml:[23]: /);
  });

  it('a configuration that is not there is named', async () => {
    tagwire = await Tagwire.create();
    const { code, output } = await run('--config', path.join(path.dirname(tagwire.file), 'nowhere.toml'));
    assert.equal(code, 2);
    assert.match(output, /nowhere\.toml/);
  });

  it('an address that others can reach must be asked for', async () => {
    tagwire = await Tagwire.create();
    await writeFile(tagwire.file, `[server]\nlisten = "0.0.0.0:${tagwire.port}"\n`);
    const { code, output } = await run('--check', '--config', tagwire.file);
    assert.equal(code, 2);
    assert.match(output, /tagwire\.toml:2: server\.listen: .*allow_remote/);
  });

  it('a directory of several files is one configuration', async () => {
    tagwire = await Tagwire.create();
    const folder = path.dirname(tagwire.file);
    await writeFile(path.join(folder, 'simulator.toml'), '[simulator]\nprefix = "Demo"\n');
    await tagwire.launch();
    assert.equal((await get(tagwire, '/api/v1/tags/Demo.Random.Int1')).status, 200);
    assert.equal((await get(tagwire, '/api/v1/tags/Random.Int1')).status, 404);
    await tagwire.stop();
  });

  it('a configuration may be named from within its folder', async () => {
    tagwire = await Tagwire.create();
    const program = tagwire.spawn(['--config', path.basename(tagwire.file)]);
    await eventually('it is ready', async () => !program.running || (await get(tagwire, '/readyz')).status === 200);
    assert.ok(program.running, program.output);
    await tagwire.stop();
  });

  it('a port in use is named with what to do, exit 2', async () => {
    const taken = net.createServer();
    const port = await freePort();
    await new Promise((resolve) => taken.listen(port, '127.0.0.1', resolve));
    tagwire = await Tagwire.create({ port });
    const { code, output } = await run('--config', tagwire.file);
    taken.close();
    assert.equal(code, 2, output);
    assert.match(output, new RegExp(`127\\.0\\.0\\.1:${port}`));
    assert.match(output, /in use/i);
    assert.match(output, /listen/, 'the key to change');
  });

  it('prints the address to open', async () => {
    tagwire = await Tagwire.start();
    assert(tagwire.log.includes(tagwire.url), tagwire.log);
    await tagwire.stop();
  });

  it('allows itself as many open files as the system lets it, and says when these are few', async () => {
    tagwire = await Tagwire.create({ config: 'max_connections = 1000' });
    const limited = (limits) => ['/bin/sh', '-c', `${limits}; exec "$0" "$@"`];
    const softLimit = async () => /^Max open files +(\d+)/m.exec(await readFile(`/proc/${tagwire.program.pid}/limits`, 'utf8'))[1];
    const ready = () => eventually('it is ready', () => tagwire.log.includes('is ready'));
    tagwire.spawn(['--config', tagwire.file], limited('ulimit -S -n 256'));
    await ready();
    assert(Number(await softLimit()) > 256, await softLimit());
    assert.doesNotMatch(tagwire.log, /LimitNOFILE/);
    tagwire.program.signal('SIGTERM');
    await tagwire.program.end(5000);
    tagwire.spawn(['--config', tagwire.file], limited('ulimit -n 1000'));
    await ready();
    assert.equal(await softLimit(), '1000');
    assert.match(tagwire.log, /1000 open files.*max_connections.*LimitNOFILE/);
    await tagwire.stop();
  });

  it('an OPC UA server that is not there: starts anyway, says so, tags are Bad with the reason', async () => {
    const endpoint = `opc.tcp://127.0.0.1:${await freePort()}`;
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', endpoint, { 'Line.A': 'ns=1;s=A' }) });
    const client = await SocketClient.open(tagwire);
    const source = await client.source('plc', ({ state }) => state === 'backoff', quickLoss);
    assert.match(source.why, /^Bad/);
    assert.match(source.msg, /refused|no server|not running|reach/i);
    assert(source.msg.length > 20, source.msg);
    assert.equal(source.endpoint, endpoint);
    const subscription = await client.sub('Line.A');
    const { v } = await subscription.until('Line.A', ({ q }) => q >= 0x80000000);
    assert.equal(v, null);
    const { st } = (await get(tagwire, '/api/v1/tags/Line.A')).json();
    assert.match(st, /^Bad/);
    await eventually('the log says so', () => tagwire.log.includes(endpoint) && /plc/.test(tagwire.log));
    assert.equal((await get(tagwire, '/readyz')).status, 200);
    await client.close();
    await tagwire.stop();
  });
});
