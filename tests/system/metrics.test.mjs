/// /metrics in the Prometheus text format, /healthz, /readyz.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { get } from './lib/http.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

/// Parses the text format 0.0.4 by its grammar: name{labels} → value; throws at the first line that is wrong.
function parse(text) {
  assert(text.endsWith('\n'), 'the last line must end');
  const types = new Map();
  const samples = new Map();
  const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
  const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"';
  const sample = new RegExp(`^(${name})(\\{${label}(?:,${label})*,?\\})? ([^ ]+)$`);
  for (const line of text.slice(0, -1).split('\n')) {
    const type = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`).exec(line);
    if (type) {
      assert(!types.has(type[1]), `two TYPE lines of ${type[1]}`);
      types.set(type[1], type[2]);
    } else if (!new RegExp(`^# HELP ${name} .+$`).test(line)) {
      const match = sample.exec(line);
      assert(match, `not a line of the text format: ${line}`);
      const [, base, labels = '', value] = match;
      assert(types.has(base.replace(/_(bucket|sum|count)$/, '')) || types.has(base), `${base} has no TYPE before it`);
      assert(/^[+-]?(Inf|NaN)$/.test(value) || Number.isFinite(Number(value)), line);
      assert(!samples.has(base + labels), `${base}${labels} twice`);
      samples.set(base + labels, Number(value));
    }
  }
  return { types, samples };
}

describe('metrics', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start();
  });
  after(() => tagwire?.stop());

  async function scrape() {
    const answer = await get(tagwire, '/metrics');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/plain/);
    return parse(answer.body);
  }

  it('are in the text format and all named tagwire_ or process_', async () => {
    const { types } = await scrape();
    assert(types.size >= 10, [...types.keys()].join());
    for (const [name, type] of types) {
      assert.match(name, /^(tagwire|process)_/);
      if (type === 'counter') assert.match(name, /_total$/);
    }
  });

  it('count clients, frames and changes', async () => {
    const sum = ({ samples }, start) =>
      [...samples].filter(([key]) => key.startsWith(start)).reduce((total, [, value]) => total + value, 0);
    const before = await scrape();
    const client = await SocketClient.open(tagwire);
    const subscription = await client.sub('Random.*', { min: 50 });
    await client.until('ten frames', () => subscription.frames.length >= 10);
    const during = await scrape();
    await client.close();
    const grown = [...during.samples].filter(([key, value]) => value > (before.samples.get(key) ?? 0)).map(([key]) => key);
    for (const what of [/web_?sockets?|clients|sessions/, /frames/, /bytes/, /changes/, /subscriptions/]) {
      assert(grown.some((key) => what.test(key)), `${what} did not grow; grown: ${grown.join(' ')}`);
    }
    const gauges = [...during.types].filter(([, type]) => type === 'gauge').map(([name]) => name);
    const sockets = gauges.find((name) => /web_?sockets|clients/.test(name));
    await eventually('the client is gone', async () => sum(await scrape(), sockets) === sum(before, sockets));
  });

  it('healthz and readyz say ok', async () => {
    for (const target of ['/healthz', '/readyz']) {
      const answer = await get(tagwire, target);
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'], /^text\/plain/);
    }
  });
});
