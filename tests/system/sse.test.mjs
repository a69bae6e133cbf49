/// Server-sent events: the frames of /ws, resumed by Last-Event-ID, and the flat form for scripts.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { noSimulator, opcUa } from './lib/config.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { EventStream } from './lib/sse.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

describe('event stream', () => {
  let peer, tagwire;
  let value = 0;

  before(async () => {
    peer = await OpcUaPeer.start(['A', 'B', 'C'].map((name) => ({ name, type: 'Int32', value: 0 })));
    tagwire = await Tagwire.start({
      config: `ping_ms = 1000\n${noSimulator}${opcUa('plc', peer.endpoint, peer.tags('Line'))}`,
    });
    await eventually('all values are Good', async () => {
      const { values } = (await get(tagwire, '/api/v1/values?tags=Line.*')).json();
      return values.length === 3 && values.every(({ q }) => q === 0);
    }, { timeout: 20_000 });
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });

  /// Writes a new value and waits until Tagwire has it.
  async function change(name) {
    await peer.write(name, { value: ++value });
    await eventually(`${name} is ${value}`, async () => {
      const answer = await get(tagwire, `/api/v1/values?tags=Line.${name}`);
      return answer.json().values[0].v === value;
    });
    return value;
  }

  const id = /^[0-9a-f]{8}:\d+$/;

  it('sends tags, the snapshot, then changes, each with an id', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.A,Line.B&min=0');
    const tags = await stream.next('tags');
    assert.deepEqual(tags.data.add.map(({ n }) => n).sort(), ['Line.A', 'Line.B']);
    const snapshot = await stream.next('data');
    assert.equal(snapshot.data.snap, 1);
    assert.equal(snapshot.data.v.length, 2);
    assert.match(snapshot.id, id);
    const now = await change('A');
    const changed = await stream.next('data', ({ v }) => v.some((row) => row[1] === now));
    assert.match(changed.id, id);
    assert.equal(changed.id.split(':')[1], String(changed.data.seq));
    stream.close();
  });

  it('is never cached and never buffered', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.A');
    assert.match(stream.headers['cache-control'], /no-cache|no-store/);
    stream.close();
  });

  it('goes on after Last-Event-ID without a gap', async () => {
    const first = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*&min=0');
    const snapshot = await first.next('data', ({ more }) => more === undefined);
    first.close();
    const b = await change('B');
    const second = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*&min=0', { 'last-event-id': snapshot.id });
    const resumed = await second.next('data');
    assert.equal(resumed.data.snap, undefined);
    assert.deepEqual(resumed.data.v.map((row) => row[1]), [b]);
    second.close();
  });

  it('sends a snapshot after the id of another server instance', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*', { 'last-event-id': '00000000:5' });
    const snapshot = await stream.next('data');
    assert.equal(snapshot.data.snap, 1);
    assert.equal(snapshot.data.v.length, 3);
    stream.close();
  });

  it('flat sends one object per change', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*&min=0&format=flat');
    const names = new Set();
    for (let i = 0; i < 3; ++i) {
      const { data } = await stream.next('message');
      checkStruct('FlatEvent', data);
      names.add(data.tag);
    }
    assert.equal(names.size, 3);
    const now = await change('C');
    const { data } = await stream.next('message', (event) => event.tag === 'Line.C' && event.value === now);
    assert.equal(data.q, 0);
    assert(Math.abs(data.ts - Date.now()) < 10_000);
    stream.close();
  });

  it('flat resumes, too', async () => {
    const first = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*&min=0&format=flat');
    let last;
    for (let i = 0; i < 3; ++i) last = (await first.next('message')).id ?? last;
    assert.match(last, id);
    first.close();
    const now = await change('A');
    const second = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.*&min=0&format=flat', { 'last-event-id': last });
    const { data } = await second.next('message');
    assert.deepEqual([data.tag, data.value], ['Line.A', now]);
    await sleep(300);
    assert.deepEqual(second.inbox.drain().filter(({ event }) => event === 'message'), []);
    second.close();
  });

  it('keeps at least min ms between two events', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.A&min=600');
    await stream.next('data');
    const times = [];
    const writing = peer.writeSeries('A', Array.from({ length: 40 }, () => ++value), 50);
    for (let i = 0; i < 3; ++i) {
      await stream.next('data');
      times.push(performance.now());
    }
    for (const gap of [times[1] - times[0], times[2] - times[1]]) assert(gap > 550, `${gap} ms`);
    await writing;
    await stream.next('data', ({ v }) => v[0][1] === value);
    stream.close();
  });

  it('has a heartbeat', async () => {
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Line.A');
    await stream.next('comment', (text) => text === 'ping', 3000);
    await stream.next('comment', (text) => text === 'ping', 3000);
    stream.close();
  });

  for (const [query, status, code] of [
    ['', 400, 'bad_request'],
    ['tags=Line.A&min=-1', 400, 'bad_request'],
    ['tags=Line.A&mode=some', 400, 'bad_request'],
    ['tags=Line.A&format=xml', 400, 'bad_request'],
  ]) {
    it(`refuses ?${query}`, async () => {
      const answer = await get(tagwire, `/api/v1/stream?${query}`);
      assert.equal(answer.status, status);
      assert.equal(answer.json().code, code);
    });
  }
});
