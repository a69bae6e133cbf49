/// /tagCurValue: the bare text of one tag's value.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { get } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { openSocket } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

describe('/tagCurValue', () => {
  let peer, tagwire;
  before(async () => {
    peer = await OpcUaPeer.start([
      { name: 'Number', type: 'Double', value: 1.5 },
      { name: 'Text', type: 'String', value: 'läuft' },
      { name: 'Switch', type: 'Boolean', value: true },
    ]);
    tagwire = await Tagwire.start({ config: opcUa('plc', peer.endpoint, peer.tags('Line')) });
    await eventually('all values are Good', async () => {
      const { values } = (await get(tagwire, '/api/v1/values?tags=Line.*')).json();
      return values.length === 3 && values.every(({ q }) => q === 0);
    }, { timeout: 20_000 });
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });

  const any = () => true;

  it('sends Random.Int1 at each change', async () => {
    const socket = await openSocket(tagwire, '/tagCurValue');
    const seen = new Set();
    for (let i = 0; i < 10; ++i) {
      const text = await socket.messages.take(any, 2000);
      assert.match(text, /^-?\d+$/);
      seen.add(text);
    }
    assert(seen.size >= 5, [...seen].join());
    await socket.close();
  });

  it('sends the tag asked for, at once and at each change', async () => {
    const socket = await openSocket(tagwire, '/tagCurValue?tag=Line.Number');
    assert.equal(await socket.messages.take(any, 1000), '1.5');
    await peer.write('Number', { value: -2.25 });
    assert.equal(await socket.messages.take(any, 1000), '-2.25');
    await socket.close();
  });

  it('sends text and truth as they are', async () => {
    for (const [tag, text] of [
      ['Line.Text', 'läuft'],
      ['Line.Switch', 'true'],
    ]) {
      const socket = await openSocket(tagwire, `/tagCurValue?tag=${tag}`);
      assert.equal(await socket.messages.take(any, 1000), text);
      await socket.close();
    }
  });

  for (const [query, seconds] of [
    ['&interval=0.5', 0.5],
    ['&interval=1', 1],
    ['', 5],
  ]) {
    it(`repeats an unchanged value at least every ${seconds} s`, async () => {
      const socket = await openSocket(tagwire, `/tagCurValue?tag=Line.Text${query}`);
      await socket.messages.take(any, 1000);
      for (let i = 0; i < (seconds > 2 ? 1 : 3); ++i) {
        const start = performance.now();
        assert.equal(await socket.messages.take(any, seconds * 1000 + 300), 'läuft');
        const passed = performance.now() - start;
        assert(passed > seconds * 500, `after ${passed} ms already`);
      }
      await socket.close();
    });
  }

  for (const [target, status] of [
    ['/tagCurValue?tag=Nope', 404],
    ['/tagCurValue?interval=0', 400],
    ['/tagCurValue?interval=often', 400],
    ['/tagCurValue?tag=', 404],
  ]) {
    it(`${target} is refused with ${status}`, async () => {
      await assert.rejects(openSocket(tagwire, target), { status });
    });
  }

  it('a plain GET says what to do', async () => {
    const answer = await get(tagwire, '/tagCurValue');
    assert([400, 426].includes(answer.status), String(answer.status));
    assert.match(answer.json().msg, /WebSocket/i);
  });
});
