/// The strict client's own check: what a faulty server would send is noticed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FrameChecker } from './lib/frame-checker.mjs';

const hello = {
  t: 'hello',
  v: 1,
  boot: '0123abcd',
  now: 1795404647367,
  ping: 20000,
  server: 'Tagwire 0.1.0',
  max: { frame: 65536, tags: 100, subs: 10 },
};
const src = { t: 'src', n: 'plc', kind: 'opcua', state: 'live', since: 1 };
const tag = { h: 7, n: 'Line.A', ty: 'f64', src: 'plc' };
const ok = { t: 'ok', id: 1, sub: 3, tags: [tag] };
const data = { t: 'data', sub: 3, seq: 10, b: 1000, v: [[7, 1.5]] };
const sub = { t: 'sub', id: 1, tags: ['Line.A'] };

function feed(frames, request = sub) {
  const checker = new FrameChecker();
  for (const frame of frames) checker.check(JSON.stringify(frame), new Map([[1, request]]));
}

describe('the frame checker', () => {
  it('takes what is right', () => {
    feed([hello, src, ok, { ...data, snap: 1 }, { ...data, seq: 11, v: [[7, 'NaN', -5, 0x80310000]] }]);
    feed([hello, src, { ...ok, resumed: false }], { ...sub, resume: { boot: '0123abcd', seq: 1 } });
  });

  for (const [what, frames] of [
    ['no hello', [src]],
    ['a second hello', [hello, hello]],
    ['another protocol version', [{ ...hello, v: 2 }]],
    ['a boot that is no hex', [{ ...hello, boot: 'xyz' }]],
    ['a missing field', [{ ...hello, max: { frame: 65536, tags: 100 } }]],
    ['an unknown field', [hello, { ...src, colour: 'red' }]],
    ['an unknown frame', [hello, { t: 'alarm' }]],
    ['a wrong type', [hello, { ...src, since: 'now' }]],
    ['an unknown state', [hello, { ...src, state: 'reconnecting' }]],
    ['an answer nobody asked for', [hello, src, { ...ok, id: 2 }]],
    ['resumed without resume', [hello, src, { ...ok, resumed: true }]],
    ['a tag of an unknown source', [hello, ok]],
    ['data before ok', [hello, src, data]],
    ['a handle nobody knows', [hello, src, ok, { ...data, v: [[8, 1]] }]],
    ['one tag twice in a frame', [hello, src, ok, { ...data, v: [[7, 1], [7, 2]] }]],
    ['seq that goes back', [hello, src, ok, data, { ...data, seq: 9 }]],
    ['a row with a default at its end', [hello, src, ok, { ...data, v: [[7, 1, 0]] }]],
    ['a row with Good at its end', [hello, src, ok, { ...data, v: [[7, 1, 5, 0]] }]],
    ['half a row', [hello, src, ok, { ...data, v: [[7]] }]],
    ['a time with a fraction', [hello, src, ok, { ...data, b: 1.5 }]],
  ]) {
    it(`notices ${what}`, () => {
      assert.throws(() => feed(frames));
    });
  }
});
