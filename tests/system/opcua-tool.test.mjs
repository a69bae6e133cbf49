/// `tagwire opcua …` against node-opcua: what it prints, what it refuses and how, its exit codes.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';

import { freePort } from './lib/ports.mjs';
import { ServicesPeer } from './lib/services-peer.mjs';
import { runTool as run } from './lib/tool.mjs';

const historyStart = new Date(Date.UTC(2026, 10, 23));

/// The same with the servers of these tests, which have no security.
const plain = (...words) => run(...words, '--policy', 'none');

/// Its rows as objects; the exit code is checked.
async function rows(code, ...words) {
  const end = await plain(...words, '--json');
  assert.equal(end.code, code, end.error);
  return JSON.parse(end.out);
}

describe('tagwire opcua', () => {
  let peer;
  let server;
  before(async () => {
    peer = await ServicesPeer.start(historyStart);
    server = peer.endpoint;
  });
  after(() => peer?.stop());

  describe('help and the command line', () => {
    it('--help lists the commands, and each has its own', async () => {
      const { code, out } = await run('--help');
      assert.equal(code, 0);
      const commands = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1]);
      for (const name of ['info', 'read', 'watch', 'get', 'write', 'call', 'history']) assert(commands.includes(name), name);
      for (const name of commands) {
        const help = await run(name, '--help');
        assert.equal(help.code, 0, name);
        assert.match(help.out, new RegExp(`usage: tagwire opcua ${name} `));
        assert.match(help.out, /opc\.tcp:/.test(help.out) ? /--timeout TIME/ : /--pki FOLDER/);
      }
    });

    for (const [words, what] of [
      [[], /usage: tagwire opcua COMMAND/],
      [['raed', 'opc.tcp://127.0.0.1'], /no command 'raed'/],
      [['read'], /read needs the server's address, such as opc\.tcp:/],
      [['read', 'http://127.0.0.1', 'i=1'], /does not begin with opc\.tcp:\/\//],
      [['read', 'opc.tcp://127.0.0.1'], /read needs NODE\.\.\. after the address/],
      [['read', 'opc.tcp://127.0.0.1', 'Boiler.Temp'], /`Boiler\.Temp` is no node id.*write it as nsu=/],
      [['read', 'opc.tcp://127.0.0.1', 'i=1', '--colour'], /unknown option '--colour'/],
      [['read', 'opc.tcp://127.0.0.1', 'i=1', '--timeout', 'long'], /--timeout: 'long' is no duration: write it as/],
      [['write', 'opc.tcp://127.0.0.1', 'i=1'], /needs NODE VALUE/],
      [['write', 'opc.tcp://127.0.0.1', 'i=1', '1', 'i=2'], /no value for i=2/],
      [['write', 'opc.tcp://127.0.0.1', 'i=1', '1', '--type', 'Real'], /no type 'Real'/],
      [['history', 'opc.tcp://127.0.0.1', 'i=1', '--from', 'yesterday'], /--from: 'yesterday' is no time: write it as/],
      [['history', 'opc.tcp://127.0.0.1', 'i=1', '--max', '0'], /--max takes a whole number from 1 to/],
      [['get', 'opc.tcp://127.0.0.1', 'i=1', 'Colour'], /no attribute 'Colour'; there are NodeId/],
      [['info', 'opc.tcp://127.0.0.1', '--policy', 'tls'], /--policy: there is no 'tls'; there are auto, none, /],
      [['info', 'opc.tcp://127.0.0.1', '--user', 'op'], /--password-file is missing/],
      [['info', 'opc.tcp://127.0.0.1', 'i=1'], /'i=1' is more than info takes/],
    ]) {
      it(`${words.join(' ') || 'nothing'} exits 2 and says what to do`, async () => {
        const { code, out, error } = await run(...words);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(error, what);
      });
    }
  });

  describe('a server that is not there', () => {
    it('unknown host', async () => {
      const { code, error } = await plain('info', 'opc.tcp://no-such-host.invalid:4840');
      assert.equal(code, 1);
      assert.match(error, /host `no-such-host\.invalid` cannot be found.*is the name right/);
    });

    it('wrong port', async () => {
      const { code, error } = await plain('info', `opc.tcp://127.0.0.1:${await freePort()}`);
      assert.equal(code, 1);
      assert.match(error, /refused the connection: is the OPC UA server running and the port right\?/);
    });

    it('something else behind the port', async () => {
      const other = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      const port = await freePort();
      await new Promise((resolve) => other.listen(port, '127.0.0.1', resolve));
      const { code, error } = await plain('info', `opc.tcp://127.0.0.1:${port}`);
      other.close();
      assert.equal(code, 1);
      assert.match(error, /does the port belong to/);
    });

    it('a port where nobody answers ends at the timeout', async () => {
      const silent = net.createServer(() => {});
      const port = await freePort();
      await new Promise((resolve) => silent.listen(port, '127.0.0.1', resolve));
      const begin = performance.now();
      const { code, error } = await plain('info', `opc.tcp://127.0.0.1:${port}`, '--timeout', '500ms');
      const took = performance.now() - begin;
      silent.close();
      assert.equal(code, 1);
      assert.match(error, /does not answer: is the host reachable/);
      assert(took < 5000, `${took} ms`);
    });
  });

  it('a server without security is refused unless told otherwise', async () => {
    const { code, out, error } = await run('info', server);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(error, /offers no secure connection .*`--policy none`/);
  });

  it('info tells the product, the limits and the namespaces', async () => {
    const end = await plain('info', server, '--json');
    const info = JSON.parse(end.out);
    assert.equal(info.state, 'Running');
    assert.match(info.product, /NodeOPCUA/);
    assert.equal(info.maxNodesPerRead, 10);
    assert(info.namespaces.includes('urn:tagwire:test:plant'));
    assert.match((await plain('info', server)).out, /^max nodes per read +10$/m);
  });

  describe('read', () => {
    it('more nodes than the server takes in a call, some of them wrong', async () => {
      const names = Array.from({ length: 40 }, (_, i) => peer.node(`Many.${i}`));
      const all = await rows(1, 'read', server, ...names, peer.node('Nowhere'), 'nsu=urn:else;i=1');
      assert.deepEqual(
        all.slice(0, 40).map((row) => row.value),
        names.map((_, i) => i),
      );
      assert(all.slice(0, 40).every((row) => row.status === 'Good' && row.type === 'Int32'));
      assert.equal(all[40].status, 'BadNodeIdUnknown');
      assert.equal(all[41].status, 'the server has no such namespace');
    });

    it('a part of an array', async () => {
      await rows(0, 'write', server, peer.node('Steps'), '[1,2,3]');
      assert.deepEqual((await rows(0, 'read', server, peer.node('Steps'), '--range', '1:2'))[0].value, [2, 3]);
    });
  });

  describe('write', () => {
    it('makes values fit, and shows what the nodes read afterwards', async () => {
      const written = await rows(
        0,
        'write',
        server,
        peer.node('Setpoint'),
        '-21.5',
        peer.node('Steps'),
        '[4, 5]',
        peer.node('Name'),
        '泵 1',
        peer.node('Mode'),
        '2',
        peer.node('Tank'),
        '7.25',
      );
      assert.deepEqual(
        written.map(({ status, value, message }) => ({ status, value, message })),
        [
          { status: 'Good', value: -21.5, message: null },
          { status: 'Good', value: [4, 5], message: null },
          { status: 'Good', value: '泵 1', message: null },
          { status: 'Good', value: 2, message: null },
          { status: 'Good', value: 7.25, message: null },
        ],
      );
      assert.equal((await rows(0, 'read', server, peer.node('Setpoint')))[0].value, -21.5);
    });

    it('refuses with words, and writes the rest', async () => {
      const written = await rows(
        1,
        'write',
        server,
        peer.node('Fixed'),
        '1',
        peer.node('Guarded'),
        '1',
        peer.node('Nowhere'),
        '1',
        'i=2253',
        '1',
        peer.node('Many.0'),
        '1.5',
        peer.node('Many.1'),
        '3000000000',
        peer.node('Steps'),
        '7',
        peer.node('Setpoint'),
        '8',
      );
      for (const [i, status, what] of [
        [0, 'BadNotWritable', /read-only/],
        [1, 'BadUserAccessDenied', /this user may not write/],
        [2, 'BadNodeIdUnknown', /no such node/],
        [3, 'BadAttributeIdInvalid', /no variable/],
        [4, 'BadTypeMismatch', /a whole number from -2147483648 to 2147483647 \(Int32\) is expected; for example: 42$/],
        [5, 'BadTypeMismatch', /^3000000000 is refused: a whole number from -2147483648 to/],
        [6, 'BadTypeMismatch', /an array such as \[1,2\] is expected; for example: \[42,42\]$/],
      ]) {
        assert.equal(written[i].status, status);
        assert.match(written[i].message, what);
        assert.equal(written[i].value, null);
      }
      assert.equal(written[7].value, 8);
    });
  });

  describe('call', () => {
    it('names the outputs', async () => {
      const outputs = await rows(0, 'call', server, peer.node('Plant'), peer.node('Plant.Mix'), '5', 'fast');
      assert.deepEqual(outputs, [{ output: 'Total', value: 10, type: 'Double' }]);
    });

    it('--arguments describes the method', async () => {
      const all = await rows(0, 'call', server, peer.node('Plant'), peer.node('Plant.Mix'), '--arguments');
      assert.deepEqual(
        all.map(({ direction, name, type }) => [direction, name, type]),
        [
          ['input', 'Litres', 'Double'],
          ['input', 'Recipe', 'String'],
          ['output', 'Total', 'Double'],
        ],
      );
    });

    for (const [inputs, what] of [
      [['5'], /BadArgumentsMissing: the method takes 2 inputs \(Litres: Double, Recipe: String\), and 1 was given/],
      [['5', 'a', 'b'], /BadTooManyArguments: .*and 3 were given/],
      [
        ['much', 'a'],
        /input Litres: "much" is refused: a number, NaN, Infinity or -Infinity \(Double\) is expected; for example: 21\.5/,
      ],
      [['500', 'a'], /BadOutOfRange/],
    ]) {
      it(`refuses ${inputs}`, async () => {
        const { code, error } = await plain('call', server, peer.node('Plant'), peer.node('Plant.Mix'), ...inputs);
        assert.equal(code, 1);
        assert.match(error, what);
      });
    }

    it('what is no method of the object', async () => {
      const end = await plain('call', server, peer.node('Plant'), peer.node('Setpoint'));
      assert.equal(end.code, 1);
      assert.match(end.error, /the node is no method/);
    });
  });

  describe('history', () => {
    const range = ['--from', '2026-11-23T00:00:00Z', '--to', '2026-11-24'];

    it('all pages of more nodes than the server takes at a time', async () => {
      const nodes = Array.from({ length: 5 }, (_, i) => peer.node(`History.${i}`));
      const all = await rows(0, 'history', server, ...nodes, ...range, '--max', '5000');
      assert.equal(all.length, 5 * 2500);
      for (const [i, node] of nodes.entries()) {
        const mine = all.filter((row) => row.node === node);
        assert.deepEqual(
          mine.map((row) => row.value),
          Array.from({ length: 2500 }, (_, n) => i * 10_000 + n),
        );
        assert.equal(mine[1].time, historyStart.getTime() + 1000);
      }
    });

    it('the newest first, as many as asked for', async () => {
      const words = [peer.node('History.0'), '--from', '2026-11-24', '--to', '2026-11-23T00:00:00Z', '--max', '3'];
      const { code, out, error } = await plain('history', server, ...words, '--json');
      assert.equal(code, 0);
      assert.deepEqual(
        JSON.parse(out).map((row) => row.value),
        [2499, 2498, 2497],
      );
      assert.match(error, /there is more/);
    });

    it('of nodes without history it says so', async () => {
      const { code, out, error } = await plain(
        'history',
        server,
        peer.node('Setpoint'),
        peer.node('History.1'),
        ...range,
        '--json',
      );
      assert.equal(code, 1);
      assert.match(error, /Setpoint: BadHistoryOperationUnsupported: the server keeps no history of the node/);
      assert.equal(JSON.parse(out).length, 1000);
    });
  });

  describe('structures, enumerations and matrices', () => {
    const recipe = (name, state = 'Running_1') => ({
      Name: name,
      State: state,
      Origin: { X: 1.5, Y: -2 },
      Samples: [0.5],
      Path: [{ X: 0, Y: 1 }],
      Serial: '9223372036854775808',
      Made: Date.UTC(2026, 0, 2),
    });
    /// As the server has it; the tool takes what it prints.
    const typed = (...words) => JSON.stringify({ ...recipe(...words), Limit: 7.5 });

    it('are read as JSON', async () => {
      const all = await rows(0, 'read', server, peer.node('Recipe'), peer.node('Cells'), peer.node('Anything'));
      assert.deepEqual(all[0].value, recipe('first'));
      assert.deepEqual(all[1].value, [
        [1, 2, 3],
        [4, 5, 6],
      ]);
      assert.equal(all[1].type, 'Double[2][3]');
      assert.deepEqual(all[2].value, recipe('first'));
    });

    it('get shows them, and what the data type is called', async () => {
      const all = await rows(0, 'get', server, peer.node('Recipe'), 'DataType', 'Value');
      assert.equal(all[0].meaning, 'Recipe');
      assert.deepEqual(all[1].value, recipe('first'));
    });

    it('are written: structures as JSON, enumerations by name, matrices as rows', async () => {
      const written = await rows(
        0,
        'write',
        server,
        peer.node('Recipe'),
        typed('Stout'),
        peer.node('State'),
        'Running',
        peer.node('Cells'),
        '[[6,5,4],[3,2,1]]',
        peer.node('Mode'),
        'Auto',
        peer.node('Anything'),
        typed('Porter', 'Stopped'),
      );
      assert.deepEqual(
        written.map(({ status, message }) => [status, message]),
        written.map(() => ['Good', null]),
      );
      assert.deepEqual(written[0].value, { ...recipe('Stout'), Limit: 7.5 });
      assert.equal(written[1].value, 1);
      assert.deepEqual(written[2].value, [
        [6, 5, 4],
        [3, 2, 1],
      ]);
      assert.equal(written[3].value, 2);
      assert.deepEqual(written[4].value, { ...recipe('Porter', 'Stopped_0'), Limit: 7.5 });
    });

    it('one element of a matrix', async () => {
      await rows(0, 'write', server, peer.node('Cells'), '[[1,2,3],[4,5,6]]');
      await rows(0, 'write', server, peer.node('Cells'), '99', '--range', '1,2');
      assert.deepEqual((await rows(0, 'read', server, peer.node('Cells')))[0].value, [
        [1, 2, 3],
        [4, 5, 99],
      ]);
    });

    it('what does not fit is refused with an example of what does, whole also in the table', async () => {
      const words = [
        ...[peer.node('Recipe'), '{"Name":"x"}', peer.node('State'), 'Walking'],
        ...[peer.node('Cells'), '[[1],[2,3]]', peer.node('Anything'), '7'],
      ];
      const written = await rows(1, 'write', server, ...words);
      assert.match(written[0].message, /^the field State of Recipe \(.*\) is missing; for example: \{"Name":"text","State":/);
      const example = JSON.parse(written[0].message.split('; for example: ')[1]);
      assert.deepEqual(Object.keys(example), ['Name', 'State', 'Origin', 'Samples', 'Path', 'Serial', 'Made']);
      assert.match(
        written[1].message,
        /one of Stopped \(0\), Running \(1\), by name or number, is expected; for example: Running$/,
      );
      assert.match(written[2].message, /the rows of the matrix have different lengths; for example: \[\[21\.5,21\.5\],/);
      assert.match(written[3].message, /an object with the fields Name, /);
      assert((await plain('write', server, ...words)).out.includes(written[0].message));
    });

    it('--type names a data type of the server', async () => {
      const [{ value: type }] = await rows(0, 'get', server, peer.node('Recipe'), 'DataType');
      const written = await rows(0, 'write', server, peer.node('Anything'), typed('Ale'), '--type', type);
      assert.deepEqual(written[0].value, { ...recipe('Ale'), Limit: 7.5 });
      const { code, error } = await plain('write', server, peer.node('Anything'), '1', '--type', peer.node('NoType'));
      assert.equal(code, 1);
      assert.match(error, /--type nsu=.*NoType: type .*: the server gives no definition \(BadNodeIdUnknown\)/);
    });

    it('a method takes and gives them', async () => {
      const words = ['call', server, peer.node('Plant'), peer.node('Plant.Brew')];
      const described = await rows(0, ...words, '--arguments');
      assert.deepEqual(
        described.map(({ direction, name, type }) => [direction, name, type]),
        [
          ['input', 'Recipe', 'Recipe'],
          ['input', 'State', 'MachineState'],
          ['output', 'Brewed', 'Recipe'],
        ],
      );
      // What is shown as an example can be given.
      const inputs = described.slice(0, 2).map(({ example }) => example);
      assert.equal((await rows(0, ...words, ...inputs)).length, 1);
      const outputs = await rows(0, ...words, JSON.stringify(recipe('Stout')), 'Stopped');
      assert.deepEqual(outputs, [{ output: 'Brewed', value: recipe('Stout', 'Stopped_0'), type: 'Structure' }]);
      const { code, error } = await plain(...words, '{"Name":7}', 'Stopped');
      assert.equal(code, 1);
      assert.match(error, /BadInvalidArgument: input Recipe: the field State of Recipe .* is missing; for example: \{/);
    });

    it('history shows them', async () => {
      const all = await rows(
        0,
        'history',
        server,
        peer.node('History.Recipe'),
        '--from',
        '2026-11-23T00:00:00Z',
        '--to',
        '2026-11-24',
      );
      assert.deepEqual(
        all.map((row) => row.value),
        ['r0', 'r1', 'r2'].map((name) => recipe(name)),
      );
    });

    it('watch prints them from the first value on', async () => {
      const { code, out, error } = await plain('watch', server, peer.node('History.Recipe'), '--count', '1', '--json');
      assert.equal(code, 0, error);
      assert.deepEqual(JSON.parse(out).value, recipe('r2'));
    });
  });

  it('get shows attributes and what they mean', async () => {
    const all = await rows(0, 'get', server, peer.node('Fixed'));
    const of = (name) => all.find((row) => row.attribute === name);
    assert.equal(of('NodeClass').meaning, 'Variable');
    assert.equal(of('AccessLevel').meaning, 'Read');
    assert.equal(of('DataType').meaning, 'Double');
    const end = await plain('get', server, peer.node('Nowhere'));
    assert.equal(end.code, 1);
    assert.match(end.error, /no such node/);
  });

  describe('watch', () => {
    it('prints changes until --count', async () => {
      const watching = plain('watch', server, 'i=2258', peer.node('Setpoint'), '--interval', '100ms', '--count', '4', '--json');
      const { code, out, error } = await watching;
      assert.equal(code, 0, error);
      const lines = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.equal(lines.length, 4);
      assert(lines.some((line) => line.node === peer.node('Setpoint')));
      assert(lines.filter((line) => line.node === 'i=2258').length >= 2);
    });

    it('ends after --for, and tells which node cannot be watched', async () => {
      const { code, out, error } = await plain('watch', server, peer.node('Setpoint'), peer.node('Nowhere'), '--for', '1s');
      assert.equal(code, 1);
      assert.match(out, /Setpoint .*Good/);
      assert.match(error, /Nowhere: BadNodeIdUnknown/);
    });
  });
});
