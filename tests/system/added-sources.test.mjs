/// Sources that are added, changed and ended while the program runs: their values come at once, and after a restart.
import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { metric } from './lib/metrics.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { freePort } from './lib/ports.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const variables = [
  { name: 'Level', type: 'Double', value: 1.5, unit: 'm', range: [0, 10] },
  { name: 'Limit', type: 'Double', value: 9, unit: 'bar', range: [0, 30], limits: { HighLimit: 8 } },
];
const sources = '/api/v1/opcua/sources';

describe('sources added while the program runs', () => {
  let peer, tagwire;
  before(async () => {
    peer = await OpcUaPeer.start(variables);
    tagwire = await Tagwire.start({ config: opcUa('fixed', peer.endpoint, peer.tags('Fixed')) });
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });

  const post = (target, body, headers = {}) =>
    request(tagwire, target, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body), timeout: 10_000 });

  async function ok(target, body) {
    const answer = await post(target, body);
    assert.equal(answer.status, 200, answer.body);
    checkStruct('SourceFile', answer.json());
    return answer.json();
  }

  async function refused(target, body, status, words, headers) {
    const answer = await post(target, body, headers);
    assert.equal(answer.status, status, answer.body);
    assert.match(answer.json().msg, words);
    assert.deepEqual(await added(), kept);
  }

  let kept = []; // files that a refusal must leave as they are
  const folder = () => path.join(tagwire.folder, 'sources.d');
  const added = () => readdir(folder()).catch(() => []);
  const stateOf = async (name) => (await get(tagwire, `/api/v1/sources/${name}`)).json();
  const live = (name) => eventually(`${name} is live`, async () => (await stateOf(name)).state === 'live', { timeout: 20_000 });
  const node = (name) => peer.node(name);
  const line = () => ({ name: 'line', endpoint: peer.endpoint, policy: 'none', prefix: 'Line', tags: [{ name: 'Level', node: node('Level') }] });

  it('a value comes to a client that has waited for it', async () => {
    const client = await SocketClient.open(tagwire);
    const values = await client.sub('Line.*');
    const { file } = await ok(sources, line());
    await values.until('Line.Level', ({ v }) => v === 1.5, 20_000);
    await peer.write('Level', { value: 2.5 });
    await values.until('Line.Level', ({ v }) => v === 2.5);
    assert.match(await readFile(file, 'utf8'), /\[\[opcua\]\]/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert((await metric(tagwire, 'source_updates_total', { source: 'line' })) >= 1);
    await client.close();
  });

  it('more tags, by node and by subtree: the old ones keep their number, and their clients see no gap in them', async () => {
    const client = await SocketClient.open(tagwire);
    const values = await client.sub('Line.**');
    const { h } = values.tags.get('Line.Level');
    await ok(`${sources}/line/tags`, { tags: [{ name: 'Limit', node: node('Limit') }], subtrees: [] });
    await values.until('Line.Limit', ({ v }) => v === 9, 20_000);
    await peer.write('Level', { value: 3.5 });
    await values.until('Line.Level', ({ v }) => v === 3.5, 20_000);
    assert.equal(values.tags.get('Line.Level').h, h);
    await ok(`${sources}/line/tags`, { subtrees: [{ name: 'Server', node: 'i=2256' }] });
    await values.until('Line.Server.State', ({ v }) => v === 0, 20_000);
    await client.close();
  });

  it('all of it is there after a restart', async () => {
    await tagwire.restartHard();
    await live('line');
    const client = await SocketClient.open(tagwire);
    const values = await client.sub('Line.**');
    await values.until('Line.Level', ({ v }) => v === 3.5, 20_000);
    await values.until('Line.Limit', ({ v }) => v === 9, 20_000);
    await ok(`${sources}/line/tags`, { tags: [{ name: 'Again', node: node('Limit') }] });
    await values.until('Line.Again', ({ v }) => v === 9, 20_000);
    await client.close();
  });

  it('limits of the server, of whoever adds the tag, or none; also after a restart', async () => {
    /// As the server has completed it.
    const limits = (name) =>
      eventually(`${name} is described`, async () => {
        const { eu, lim = {} } = (await get(tagwire, `/api/v1/tags/Line.${name}`)).json();
        return eu && lim;
      });
    const own = { ll: -1.5, h: 20 };
    await ok(`${sources}/line/tags`, { tags: [{ name: 'OwnLimits', node: node('Limit'), lim: own }, { name: 'NoLimits', node: node('Limit'), lim: {} }] });
    const all = () => Promise.all(['Limit', 'OwnLimits', 'NoLimits'].map(limits));
    assert.deepEqual(await all(), [{ h: 8 }, own, {}]);
    await tagwire.restartHard();
    await live('line');
    assert.deepEqual(await all(), [{ h: 8 }, own, {}]);
  });

  it('removed, its tags are Bad with the reason; added again, they are Good under their old number', async () => {
    const client = await SocketClient.open(tagwire);
    const values = await client.sub('Line.Level');
    await values.until('Line.Level', ({ v }) => v === 3.5, 20_000);
    await ok(`${sources}/line/remove`, {});
    await values.until('Line.Level', ({ q }) => q >>> 30 >= 2);
    const { state, msg } = await stateOf('line');
    assert.equal(state, 'stopped');
    assert.match(msg, /removed/);
    assert.deepEqual(await added(), []);
    await ok(sources, line());
    await values.until('Line.Level', ({ v, q }) => v === 3.5 && !q, 20_000);
    await client.close();
  });

  it('a server that is not there yet is waited for', async () => {
    const port = await freePort();
    const { file } = await ok(sources, { name: '二号 线/2', endpoint: `opc.tcp://127.0.0.1:${port}`, policy: 'none', subtrees: [{ node: 'i=85' }] });
    assert.equal(path.dirname(file), folder());
    await eventually('it tries', async () => (await stateOf(encodeURIComponent('二号 线/2'))).state === 'backoff', { timeout: 10_000 });
    await ok(`${sources}/${encodeURIComponent('二号 线/2')}/remove`, {});
  });

  describe('is refused, and nothing is written:', () => {
    before(async () => {
      kept = await added();
    });

    for (const [what, change, words] of [
      ['an address that is none', { endpoint: 'http://x' }, /^endpoint: /],
      ['an unknown policy', { policy: 'Basic512' }, /^security\.policy: .*auto/],
      ['a node that is none', { tags: [{ name: 'A', node: 'ns=' }] }, /^tags\[0\]\.node: /],
      ['a path that is no path', { tags: [{ name: 'A..B', node: 'i=2258' }] }, /^tags\[0\]\.name: /],
      ['limits that do not rise', { tags: [{ name: 'A', node: 'i=2258', lim: { h: 5, hh: 4 } }] }, /^tags\[0\]\.limits\.high_high: must be above high \(5\)/],
      ['a limit that is none', { tags: [{ name: 'A', node: 'i=2258', lim: { h: 'much' } }] }, /body\.tags\[0\]\.lim\.h/],
      ['a tag that exists', { prefix: 'Fixed', tags: [{ name: 'Level', node: 'i=2258' }] }, /Fixed\.Level/],
      ['a name that exists', { name: 'fixed' }, /fixed/],
      ['the name of the simulator', { name: 'simulator' }, /simulator/],
      ['no name', { name: '' }, /body\.name/],
      ['a tag without a node', { tags: [{ name: 'A' }] }, /body\.tags\[0\]\.node/],
    ]) {
      it(what, () => refused(sources, { ...line(), name: 'new', prefix: 'New', ...change }, 400, words));
    }

    it('a form of another page', async () => {
      await refused(sources, line(), 400, /application\/json/, { 'content-type': 'text/plain' });
      await refused(`${sources}/line/remove`, {}, 400, /application\/json/, { 'content-type': 'text/plain' });
    });

    it('somebody on another machine', () => refused(sources, { ...line(), name: 'new' }, 401, /log in/, { 'X-Forwarded-For': '192.0.2.7' }));

    it('what the configuration itself holds', async () => {
      await refused(`${sources}/fixed/remove`, {}, 404, /configuration's own files/);
      await refused(`${sources}/fixed/tags`, { tags: [{ name: 'A', node: 'i=2258' }] }, 404, /configuration's own files/);
    });

    it('nothing to add', () => refused(`${sources}/line/tags`, { tags: [] }, 400, /at least one/));

    it('another method', async () => {
      const answer = await get(tagwire, sources);
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, 'POST');
    });

    it('anything, while the configuration on disk is broken', async () => {
      const text = await readFile(tagwire.file, 'utf8');
      await writeFile(tagwire.file, `${text}\nnonsense = 1\n`);
      await refused(sources, { ...line(), name: 'new', prefix: 'New' }, 400, /mend it first: .*nonsense/);
      await writeFile(tagwire.file, text);
    });
  });
});
