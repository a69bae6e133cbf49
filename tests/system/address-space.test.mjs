/// The address space of a server that is not ours, seen through `tagwire opcua`: browsing, search, attributes, metadata.
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { binary } from './lib/paths.mjs';
import { freePort } from './lib/ports.mjs';
import { within } from './lib/wait.mjs';

const uri = 'urn:tagwire:test:space';
const node = (name) => `nsu=${uri};s=${name}`;
const script = fileURLToPath(new URL('lib/peer/address-space-server.mjs', import.meta.url));

let endpoint;
let folder;
let child;

before(async () => {
  const port = await freePort();
  folder = await mkdtemp(path.join(tmpdir(), 'tagwire-space-'));
  endpoint = `opc.tcp://127.0.0.1:${port}`;
  child = fork(script, [String(port), folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await within(60_000, 'start of the OPC UA server', new Promise((resolve) => child.once('message', resolve)));
});

after(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  await within(20_000, 'end of the OPC UA server', ended);
  await rm(folder, { recursive: true, force: true });
});

/// {code, out, err} of `tagwire opcua COMMAND ENDPOINT WORDS…`
function tool(command, ...words) {
  return new Promise((resolve) => {
    execFile(binary(), ['opcua', command, endpoint, ...words, '--policy', 'none'], { maxBuffer: 64 << 20, timeout: 60_000 }, (error, out, err) => resolve({ code: error ? error.code : 0, out, err }));
  });
}

/// Objects that a command prints with --json: one a line, or an array.
async function objects(command, ...words) {
  const { code, out, err } = await tool(command, ...words, '--json');
  assert.equal(code, 0, err);
  return out.trimStart().startsWith('[') ? JSON.parse(out) : out.trim().split('\n').map((line) => JSON.parse(line));
}

test('browse shows a tree once, in spite of a cycle', async () => {
  const tree = await objects('browse', `/Objects/nsu=${uri};Plant`, '--depth', '3');
  const names = tree.map(({ depth, name }) => `${depth} ${name.replace(/^\d+:/, '')}`);
  for (const expected of ['1 Line', '2 Flow', '3 EURange', '2 Valve', '2 Plant', '1 Wide', '2 V2499', '1 Twins']) assert.ok(names.includes(expected), `${expected} of ${names.slice(0, 30)}`);
  assert.equal(names.filter((name) => name === '1 Line').length, 1);
  assert.equal(names.filter((name) => name === '3 Line').length, 0, 'Plant below Line is not gone into again');
  assert.equal(tree.find(({ name }) => name.endsWith(':Flow')).node, node('Flow'));
});

test('browse follows references backwards, and shows thousands though the server has two continuation points', async () => {
  const parents = await objects('browse', node('Flow'), '--inverse');
  assert.deepEqual(parents.map((parent) => parent.node), [node('Line')]);
  assert.equal((await objects('browse', node('Wide'))).length, 2500);
});

test('search finds by a part of a name, with a path that is a node', async () => {
  const hits = await objects('search', 'fLOW');
  const flow = hits.find((hit) => hit.node === node('Flow'));
  assert.equal(flow.path, `/Objects/nsu=${uri};Plant/nsu=${uri};Line/nsu=${uri};Flow`);
  const [found] = await objects('metadata', flow.path);
  assert.equal(found.node, node('Flow'));
  const few = await tool('search', 'V', '--below', node('Wide'), '--limit', '5', '--json');
  assert.equal(few.out.trim().split('\n').length, 5);
  assert.match(few.err, /enough found/);
});

test('attributes show what a node is', async () => {
  const { out } = await tool('attributes', node('Flow'), '--json');
  const flow = JSON.parse(out);
  assert.equal(flow.class, 'Variable');
  assert.equal(flow.value, 12.5);
  assert.match(flow.dataType, /^Double \(i=11\)$/);
  assert.match(flow.typeDefinition, /^AnalogItemType /);
  assert.match(flow.referencedBy, /Line/);
  assert.match(flow.accessLevel, /CurrentRead/);
});

test('metadata have units, ranges and labels', async () => {
  const [flow, valve, mode, kind, state] = await objects('metadata', node('Flow'), node('Valve'), node('Mode'), node('Kind'), 'i=2259');
  assert.deepEqual([flow.type, flow.unit, flow.unitId, flow.low, flow.high, flow.decimals, flow.description], ['Double', 'm³/h', 5067080, 0, 50, 2, 'Durchfluss']);
  assert.equal(valve.labels, '0=shut, 1=open');
  assert.equal(mode.labels, '0=Off, 1=Auto');
  assert.equal(kind.labels, '0=Water, 1=Oil');
  assert.equal(kind.type, 'Int32');
  assert.match(state.labels, /^0=Running, 1=Failed/);
});

test('what is not there is said in words', async () => {
  for (const [words, reason] of [
    [['browse', node('Nowhere')], /BadNodeIdUnknown/],
    [['browse', '/Objects/2:Nowhere'], /no node with this browse path/],
    [['attributes', `/Objects/nsu=${uri};Plant/nsu=${uri};Twins/nsu=${uri};Twin`], /2 nodes have this browse path/],
    [['metadata', '/Objects/nsu=urn:none;X'], /no namespace `urn:none`/],
  ]) {
    const { code, err } = await tool(...words);
    assert.equal(code, 1, err);
    assert.match(err, reason);
  }
  const { code, err } = await tool('browse', '/Objects//x');
  assert.equal(code, 2);
  assert.match(err, /a name is empty/);
});
