/// The past by every door: hist frames, REST and CSV say the same, in pages and in parts; what a drawing needs has the
/// extremes of the raw samples; limits, cancelling, and the words where nothing is recorded.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { checkStruct } from './lib/frame-checker.mjs';
import { get } from './lib/http.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const tag = 'Random.Real8';
const tags = [tag, 'Random.Int4', 'Bucket Brigade.Boolean'];

const numbers = (rows) => rows.map(([, value]) => value).filter((value) => value !== null);

describe('the history', () => {
  let tagwire, client, begin, end;
  before(async () => {
    tagwire = await Tagwire.start();
    begin = Date.now();
    client = await SocketClient.open(tagwire);
    await sleep(6000);
    end = Date.now() - 1000;
  });
  after(async () => {
    await client?.close();
    await tagwire?.stop();
  });

  const rest = async (query) => {
    const answer = await get(tagwire, `/api/v1/history?${query}`);
    assert.equal(answer.status, 200, answer.body);
    checkStruct('HistoryAnswer', answer.json());
    return answer.json();
  };
  const query = (more = '') => `tags=${tag}&from=${begin}&to=${end}${more}`;

  it('is what was live', async () => {
    const watched = await client.sub(tag, { mode: 'all', min: 10 });
    await watched.complete();
    const start = watched.rows.at(-1).ts + 1;
    await sleep(3000);
    await watched.end();
    const live = watched.rows.filter(({ ts }) => ts >= start);
    const stop = live.at(-1).ts;
    let recorded;
    await eventually('all of it is recorded', async () => {
      const { series } = await client.hist(tag, start, stop + 1);
      recorded = series.get(tag);
      return recorded.v.length >= live.length;
    });
    assert.deepEqual(
      recorded.v.map(([dt, v]) => [recorded.b + dt, v]),
      live.map(({ ts, v }) => [ts, v]),
    );
    assert(recorded.before[0] < 0, 'the value that held at the beginning');
  });

  it('is the same by REST', async () => {
    const { series } = await client.hist(tag, begin, end);
    const [answer] = (await rest(query())).tags;
    assert.deepEqual(answer.v, series.get(tag).v);
    assert.equal(answer.ty, 'f64');
    assert((answer.v.length ?? 0) > 5);
  });

  it('comes in pages, each sample once', async () => {
    const whole = await client.hist(tags, begin, end);
    assert.equal(whole.ok.next, undefined);
    const paged = new Map(tags.map((name) => [name, []]));
    let cursor;
    let pages = 0;
    do {
      const page = await client.hist(tags, begin, end, { max: 3, ...(cursor && { cursor }) });
      for (const [name, { v }] of page.series) paged.get(name).push(...v);
      assert([...page.series.values()].reduce((sum, { v }) => sum + v.length, 0) <= 3);
      cursor = page.ok.next;
      pages += 1;
    } while (cursor);
    assert(pages > 3);
    for (const name of tags) assert.deepEqual(paged.get(name), whole.series.get(name).v, name);
  });

  it('keeps the extremes of every interval in what a drawing needs', async () => {
    const span = 1000;
    const from = begin;
    const intervals = Math.floor((end - begin) / span);
    const to = from + intervals * span;
    const raw = (await client.hist(tag, from, to)).series.get(tag);
    const drawn = (await client.hist(tag, from, to, { form: 'minmax', intervals })).series.get(tag);
    assert.deepEqual(drawn.before, raw.before);
    for (let i = 0; i < intervals; ++i) {
      const within = ([dt]) => dt >= i * span && dt < (i + 1) * span;
      const all = numbers(raw.v.filter(within));
      const some = numbers(drawn.v.filter(within));
      assert.equal(Math.min(...some), Math.min(...all), `minimum of interval ${i}`);
      assert.equal(Math.max(...some), Math.max(...all), `maximum of interval ${i}`);
      assert(some.length <= 4);
      assert.equal(some[0], all[0]);
      assert.equal(some.at(-1), all.at(-1));
    }
  });

  it('has aggregates that follow from the samples', async () => {
    const raw = (await client.hist(tag, begin, end)).series.get(tag);
    const { i: all } = (await client.hist(tag, begin, end, { form: 'aggregates', intervals: 1 })).series.get(tag);
    const [[dt, count, , known, average, min, max, first, last]] = all;
    const values = numbers(raw.v);
    assert.deepEqual([dt, count, min, max, first, last], [0, values.length, Math.min(...values), Math.max(...values), values[0], values.at(-1)]);
    const points = [...(raw.before ? [[0, raw.before[1]]] : []), ...raw.v];
    let area = 0;
    points.forEach(([at, value], index) => {
      area += value * ((points[index + 1]?.[0] ?? end - begin) - Math.max(0, at));
    });
    assert(Math.abs(known - (end - begin - Math.max(0, points[0][0]))) <= 2, `known for ${known} ms`);
    assert(Math.abs(average - area / known) < 0.01 * Math.max(1, max - min), `${average} is no average; ${area / known} is`);
  });

  it('has values at given times, on the lines between the samples', async () => {
    const step = 250;
    const from = begin + 2000;
    const intervals = Math.floor((end - 1000 - from) / step);
    const to = from + intervals * step;
    const { v, b } = (await client.hist(tag, begin, end + 5000)).series.get(tag);
    const question = { form: 'interpolated', intervals };
    const got = (await client.hist(tag, from, to, question)).series.get(tag);
    const byRest = await rest(`tags=${tag}&from=${from}&to=${to}&form=interpolated&intervals=${intervals}`);
    assert.deepEqual(byRest.tags[0].v, got.v);
    assert.equal(got.before, undefined);
    assert.equal(got.v.length, intervals);
    got.v.forEach(([dt, value, q = 0], i) => {
      assert.equal(dt, i * step);
      const at = from + dt;
      const right = v.findIndex(([after]) => b + after > at);
      const [[leftDt, low], [rightDt, high]] = [v[right - 1], v[right]];
      const share = (at - b - leftDt) / (rightDt - leftDt);
      // Times on the wire are whole milliseconds.
      const tolerance = 1e-9 + (2 * Math.abs(high - low)) / (rightDt - leftDt);
      assert(Math.abs(value - (low + (high - low) * share)) <= tolerance, `${value} at ${dt}`);
      if (leftDt + b !== at) assert.equal(q, 0x402);
    });
  });

  it('names tags that nobody knows, and answers the others', async () => {
    const { ok, series } = await client.hist([tag, 'Nope', 'Random.*'], begin, end);
    assert.deepEqual([...series.keys()], [tag]);
    assert.deepEqual(ok.bad.map(({ n, code }) => [n, code]).sort(), [['Nope', 'unknown_tag'], ['Random.*', 'bad_pattern']]);
  });

  it('is refused with words that help', async () => {
    const refused = (question, code, words) =>
      assert.rejects(client.request({ t: 'hist', tags: [tag], from: begin, to: end, ...question }), (error) => {
        assert.equal(error.code, code);
        assert.match(error.message, words);
        return true;
      });
    await refused({ from: end, to: begin }, 'bad_request', /before/);
    await refused({ cursor: 'nonsense' }, 'bad_request', /./);
    await refused({ tags: Array(101).fill(tag) }, 'too_many_tags', /100/);
    await refused({ form: 'minmax', cursor: 'x' }, 'bad_request', /raw/);
    for (const [parameters, status, words] of [
      ['', 400, /tags/],
      [`tags=${tag}&from=yesterday`, 400, /2026-11-23T12:00:00Z/],
      [`tags=${tag}&from=0&cursor=nonsense`, 400, /./],
      [`tags=${Array(101).fill('A').join(',')}&from=0`, 413, /100/],
    ]) {
      const answer = await get(tagwire, `/api/v1/history?${parameters}`);
      assert.equal(answer.status, status, answer.body);
      assert.match(answer.json().msg, words);
    }
  });

  it('is cancelled', async () => {
    const socket = await openSocket(tagwire);
    await socket.messages.take((text) => JSON.parse(text).t === 'hello');
    const question = JSON.stringify({ t: 'hist', id: 7, tags, from: begin - 86_400_000 * 365, to: end, form: 'minmax', intervals: 10_000 });
    socket.send(question);
    socket.send('{"t":"cancel","id":7}');
    socket.send('{"t":"cancel","id":8}');
    const last = JSON.parse(await socket.messages.take((text) => ['ok', 'err'].includes(JSON.parse(text).t)));
    assert.equal(last.id, 7);
    if (last.t === 'err') assert.equal(last.code, 'cancelled');
    socket.send('{"t":"ping","id":9}');
    assert.equal(JSON.parse(await socket.messages.take((text) => JSON.parse(text).t === 'pong')).id, 9);
    await socket.close();
  });

  it('is asked for a bounded number of times at once', async () => {
    const socket = await openSocket(tagwire);
    const answers = [];
    for (let id = 0; id < 50; ++id) socket.send(JSON.stringify({ t: 'hist', id, tags, from: begin, to: end, form: 'minmax' }));
    while (answers.length < 50) {
      const frame = JSON.parse(await socket.messages.take((text) => ['ok', 'err'].includes(JSON.parse(text).t)));
      answers.push(frame.code ?? 'ok');
    }
    assert(answers.includes('ok'));
    assert(answers.every((code) => ['ok', 'too_many_requests', 'overloaded'].includes(code)), answers.join());
    await socket.close();
  });

  it('is a table, page by page', async () => {
    let target = `/api/v1/history?${query('&format=csv&limit=5')}`;
    const lines = [];
    for (let pages = 0; target; ++pages) {
      const answer = await get(tagwire, target);
      assert.equal(answer.status, 200, answer.body);
      assert.match(answer.headers['content-type'], /^text\/csv; charset=utf-8/);
      assert(answer.body.startsWith('\uFEFFtag,source time,server time,value,'));
      lines.push(...answer.body.trimEnd().split('\r\n').slice(1));
      const next = /^<(.*)>; rel="next"$/.exec(answer.headers.link ?? '')?.[1];
      target = next && `/api/v1/history${next}`;
      assert(pages < 1000);
    }
    const [{ v, b, before: held }] = (await rest(query())).tags;
    const expected = [...(held ? [held] : []), ...v].map(([dt, value]) => [new Date(b + dt).toISOString(), value]);
    assert.deepEqual(lines.map((line) => line.split(',')).map(([, time, , value]) => [time, Number(value)]), expected);
  });

  it('takes times in ISO 8601', async () => {
    const iso = (time) => encodeURIComponent(new Date(time).toISOString());
    const answer = await rest(`tags=${tag}&from=${iso(begin)}&to=${iso(end)}`);
    assert.deepEqual([answer.from, answer.to], [begin, end]);
    assert.deepEqual(answer.tags, (await rest(query())).tags);
  });
});

describe('a server without a history', () => {
  it('says how to switch it on', async () => {
    const tagwire = await Tagwire.start({ config: '[history]\nenabled = false' });
    const client = await SocketClient.open(tagwire);
    await assert.rejects(client.request({ t: 'hist', tags: [tag], from: 0, to: 1 }), /no_history: .*\[history\]/);
    const answer = await get(tagwire, `/api/v1/history?tags=${tag}&from=0`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json().code, 'no_history');
    await client.close();
    await tagwire.stop();
  });
});
