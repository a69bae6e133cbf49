/// A folder of 1,000,000 variables: whoever browses it gets page after page, at once and without loss, other parts of the
/// address space are as quick as before, and what Tagwire needs for it does not grow with the folder. BROWSE_NODES=n
/// takes another number.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { memory } from './lib/memory.mjs';
import { Open62541Peer } from './lib/open62541-peer.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const count = Number(process.env.BROWSE_NODES ?? 1_000_000);
const pageSize = 1000;
/// A person waits for a level of a tree; generous, because the machine may be busy.
const longestMs = 1000;
/// What Tagwire's memory may grow by, in MB.
const growth = 40;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

describe(`an address space of ${count} nodes`, () => {
  let peer, tagwire;
  before(async () => {
    peer = await Open62541Peer.start({ wide: count });
    tagwire = await Tagwire.start({ config: opcUa('plc', peer.endpoint, { Level: peer.node('Level') }) });
    await eventually('the source is live', async () => (await get(tagwire, '/api/v1/sources/plc')).json().state === 'live', { timeout: 20_000 });
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });

  async function browse(node, options = '') {
    const start = performance.now();
    const answer = await get(tagwire, `/api/v1/sources/plc/browse?node=${encodeURIComponent(node)}${options}`, { timeout: 30_000 });
    assert.equal(answer.status, 200, answer.body);
    return { ...answer.json(), took: performance.now() - start };
  }

  it('is browsed page by page, and every level at once', async (t) => {
    const before = (await memory(tagwire.program.pid)).peak;
    const seen = new Set();
    const times = [];
    const others = [];
    let next;
    for (let page = 0; page < 30; page++) {
      const { references, next: following, took } = await browse(peer.node('Wide'), `&limit=${pageSize}${next ? `&continuation=${next}` : ''}`);
      assert.equal(references.length, pageSize);
      for (const { node } of references) seen.add(node);
      times.push(took);
      others.push((await browse('i=85')).took);
      assert(following, 'there is more');
      next = following;
    }
    assert.equal(seen.size, 30 * pageSize, 'no node twice');
    t.diagnostic(`page of ${pageSize}: median ${median(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(1)} ms; Objects: ${median(others).toFixed(1)} ms`);
    assert(median(times) < longestMs, `a page took ${median(times)} ms`);
    assert(Math.max(...others) < longestMs, `another level took ${Math.max(...others)} ms`);
    const grown = (await memory(tagwire.program.pid)).peak - before;
    assert(grown < growth, `${grown} MB more memory`);
  });

  it('given up in the middle, leaves nothing at the server', async () => {
    for (let i = 0; i < 50; i++) assert.equal((await browse(peer.node('Wide'), `&limit=${pageSize}`)).references.length, pageSize);
    // Servers have few continuation points: had they stayed, there would be none left.
    const { next } = await browse(peer.node('Wide'), `&limit=${pageSize}`);
    assert.equal((await browse(peer.node('Wide'), `&limit=${pageSize}&continuation=${next}`)).references.length, pageSize);
  });
});
