/// Writes to the plant: what reaches the device, what never does, and what is written down of it. The device is an OPC
/// UA server that is not ours, which is asked itself what it holds.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { bearer, login, setUp } from './lib/access.mjs';
import { opcUa } from './lib/config.mjs';
import { request } from './lib/http.mjs';
import { metric } from './lib/metrics.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { Refused, SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const status = {
  good: 0,
  clamped: 0x00300000,
  notWritable: 0x803b0000,
  outOfRange: 0x803c0000,
  typeMismatch: 0x80740000,
  unknown: 0x80340000,
  deviceFailure: 0x808b0000,
  abandoned: 0x80b30000,
};

const variables = [
  { name: 'SP', type: 'Double', value: 10, unit: 'bar', range: [0, 100] },
  { name: 'SP2', type: 'Double', value: 10 },
  { name: 'ReadOnly', type: 'Double', value: 10 },
  { name: 'Count', type: 'Int64', value: 0 },
  { name: 'Total', type: 'UInt64', value: 0 },
  { name: 'Small', type: 'Int16', value: 0 },
  { name: 'Text', type: 'String', value: 'a' },
  { name: 'Jog', type: 'Boolean', value: false },
  { name: 'Profile', type: 'Double', array: true, value: [1, 2, 3] },
  { name: 'Mode', type: 'UInt32', value: 0, enums: ['Manual', 'Auto'] },
];

describe('writes', () => {
  let peer, tagwire, admin, account, operator, viewer, token, client;

  before(async () => {
    peer = await OpcUaPeer.start(variables);
    const writable = variables.map(({ name }) => `Line.${name}`).filter((path) => path !== 'Line.ReadOnly');
    tagwire = await Tagwire.start({
      config: `[simulator]\nplant = false\nwritable = ["Bucket Brigade.*", "Write *.*"]\n${opcUa('plc', peer.endpoint, peer.tags('Line'), { writable })}`,
    });
    admin = await setUp(tagwire);
    await admin.addUser('op1', 'operator', { write: ['Line.**', 'Bucket Brigade.*', 'Write *.*'] });
    await admin.addUser('guest', 'viewer');
    account = await login(tagwire, 'op1');
    operator = account.headers;
    viewer = (await login(tagwire, 'guest')).headers;
    token = bearer((await account.makeToken('operator', { name: 'recipe' })).secret);
    const all = await SocketClient.open(tagwire, { headers: operator });
    const subscription = await all.sub('Line.**');
    for (const { name } of variables) await subscription.until(`Line.${name}`, ({ q }) => q === 0, 20_000);
    await all.until('what the server says of its nodes', () => subscription.tags.get('Line.Mode')?.rw === 'rw', 20_000);
    await all.close();
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });
  beforeEach(async () => {
    client = await SocketClient.open(tagwire, { headers: operator });
  });
  afterEach(() => client.close());

  const write = async (w, { key = randomUUID(), ttl } = {}, by = client) => (await by.request({ t: 'write', key, ...(ttl && { ttl }), w })).w;
  const device = (name) => peer.read(name);
  const post = (body, headers) =>
    request(tagwire, '/api/v1/values', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body), timeout: 10_000 });
  /// Entries of the audit log, the latest first.
  const audit = async (query) => (await admin.ok(`/api/v1/audit?${query}`)).entries;
  const lastEntry = async (target) => (await audit('action=write')).find((entry) => entry.target === target);

  describe('what is allowed reaches the device', () => {
    it('and is read back, seen by everybody, and written down', async () => {
      const watcher = await client.sub('Line.SP');
      const rows = await write([['Line.SP', 55.5]]);
      assert.deepEqual(rows, [['Line.SP', status.good, 55.5]]);
      assert.equal(await device('SP'), 55.5);
      await watcher.until('Line.SP', ({ v }) => v === 55.5);
      const entry = await eventually('the entry', () => lastEntry('Line.SP'));
      const { user, action, before, after, outcome } = entry;
      assert.deepEqual({ user, action, before, after, outcome }, { user: 'op1', action: 'write', before: '10', after: '55.5', outcome: 'done' });
      assert.match(entry.address, /127\.0\.0\.1/);
    });

    it('by handle, several at a time, in their exact types', async () => {
      const { tags } = await client.sub('Line.**');
      const wanted = { Count: '9223372036854775807', Total: '18446744073709551615', Small: -32768, Text: '温度 °C', Profile: [4.5, -1, 0], Mode: 1, SP2: -1e300 };
      const names = Object.keys(wanted);
      const rows = await write(names.map((name) => [tags.get(`Line.${name}`).h, wanted[name]]));
      assert.deepEqual(rows.filter(([, code]) => code !== status.good), []);
      for (const [i, name] of names.entries()) assert.deepEqual(rows[i], [tags.get(`Line.${name}`).h, status.good, wanted[name]], name);
      assert.equal(await device('Count'), 9223372036854775807n);
      assert.equal(await device('Total'), 18446744073709551615n);
      assert.deepEqual(await device('Profile'), [4.5, -1, 0]);
      assert.equal(await device('Text'), '温度 °C');
    });

    it('by HTTP, with a token, which is named in the audit log', async () => {
      const answer = await post({ key: randomUUID(), values: [{ tag: 'Line.SP', value: 42 }] }, token);
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(answer.json(), { values: [{ tag: 'Line.SP', status: 0, value: 42 }] });
      assert.equal(await device('SP'), 42);
      const entry = await eventually('the entry', async () => {
        const found = await lastEntry('Line.SP');
        return found?.token ? found : undefined;
      });
      assert.deepEqual([entry.user, entry.token], ['op1', 'recipe']);
    });

    it('of the simulator, whose branches do as their names say', async () => {
      assert.deepEqual(await write([['Bucket Brigade.Int4', 7]]), [['Bucket Brigade.Int4', status.good, 7]]);
      const [failed] = await write([['Write Error.Int4', 7]]);
      assert.deepEqual(failed.slice(0, 3), ['Write Error.Int4', status.deviceFailure, null]);
      const [only] = await write([['Write Only.Int4', 7]]);
      assert.deepEqual(only.slice(0, 3), ['Write Only.Int4', status.good, null]);
      assert.match(only[3], /cannot be read back/);
    });
  });

  describe('what is not allowed never does', () => {
    let untouched;
    beforeEach(async () => {
      untouched = Object.fromEntries(await Promise.all(variables.map(async ({ name }) => [name, await device(name)])));
    });
    afterEach(async () => {
      for (const { name } of variables) assert.deepEqual(await device(name), untouched[name], `${name} at the device`);
    });

    for (const [what, item, code, words] of [
      ['a read-only tag', ['Line.ReadOnly', 1], status.notWritable, /`writable`/],
      ['a value out of range', ['Line.SP', 100.5], status.outOfRange, /highest value of 100 bar/],
      ['a fraction for an integer', ['Line.Small', 1.5], status.typeMismatch, /whole number -32768\.\.32767/],
      ['an integer that does not fit', ['Line.Small', 40000], status.outOfRange, /-32768\.\.32767/],
      ['a text for a number', ['Line.SP', '5'], status.typeMismatch, /expected a number/],
      ['a number for a text', ['Line.Text', 5], status.typeMismatch, /expected a string/],
      ['a number that JavaScript has rounded', ['Line.Count', 2 ** 60], status.typeMismatch, /written as strings/],
      ['a number beyond 64 bits', ['Line.Count', '9223372036854775808'], status.outOfRange, /9223372036854775807/],
      ['a scalar for an array', ['Line.Profile', 1], status.typeMismatch, /array/],
      ['an array for a scalar', ['Line.SP', [1]], status.typeMismatch, /number/],
      ['a state that there is not', ['Line.Mode', 2], status.outOfRange, /0 \(Manual\), 1 \(Auto\)/],
      ['a tag that there is not', ['Line.Nope', 1], status.unknown, /there is no tag/],
    ]) {
      it(what, async () => {
        const [row] = await write([item]);
        assert.deepEqual(row.slice(0, 3), [item[0], code, null]);
        assert.match(row[3], words);
        const entry = await eventually('the entry', () => lastEntry(item[0]));
        assert.deepEqual([entry.user, entry.outcome, entry.after], ['op1', 'refused', JSON.stringify(item[1])]);
      });
    }

    it('an order with one value that is refused, whole', async () => {
      const rows = await write([['Line.SP2', 77], ['Line.SP', 101]]);
      assert.deepEqual(rows.map(([, code]) => code), [status.abandoned, status.outOfRange]);
    });

    const refusedBy = (by, w, code) => assert.rejects(write(w, {}, by), (error) => error instanceof Refused && error.code === code);

    it('by a viewer, by frame and by HTTP', async () => {
      const guest = await SocketClient.open(tagwire, { headers: viewer });
      await refusedBy(guest, [['Line.SP', 1]], 'forbidden');
      await guest.close();
      const answer = await post({ key: 'v', values: [{ tag: 'Line.SP', value: 1 }] }, viewer);
      assert.equal(answer.status, 403, answer.body);
      const entries = await eventually('the entry', async () => {
        const found = (await audit('user=guest')).filter(({ outcome }) => outcome === 'refused');
        return found.length > 0 ? found : undefined;
      });
      assert.equal(entries[0].user, 'guest');
    });

    it('by somebody unknown, also on this machine', async () => {
      const nobody = await SocketClient.open(tagwire);
      await refusedBy(nobody, [['Line.SP', 1]], 'unauthorized');
      await nobody.close();
      assert.equal((await post({ key: 'n', values: [{ tag: 'Line.SP', value: 1 }] })).status, 401);
    });

    it('by a session without the value that pages know, or from a page of another origin', async () => {
      const { 'x-tagwire-csrf': _, ...without } = operator;
      assert.equal((await post({ key: 'c', values: [{ tag: 'Line.SP', value: 1 }] }, without)).status, 403);
      assert.notEqual((await post({ key: 'c', values: [{ tag: 'Line.SP', value: 1 }] }, { ...operator, origin: 'http://evil.example' })).status, 200);
    });

    it("with a token that reaches other tags only, and tags that one does not see do not exist", async () => {
      const narrow = bearer((await account.makeToken('operator', { name: 'narrow', read: ['Line.**'], write: ['Line.SP2'] })).secret);
      const forbidden = await post({ key: 't', values: [{ tag: 'Line.SP', value: 1 }] }, narrow);
      assert.equal(forbidden.status, 403, forbidden.body);
      const unseen = await post({ key: 'u', values: [{ tag: 'Bucket Brigade.Int4', value: 1 }] }, narrow);
      assert.equal(unseen.json().values[0].status, status.unknown);
    });

    it('with a key that was used for something else', async () => {
      const key = randomUUID();
      await write([['Bucket Brigade.Int2', 1]], { key });
      await assert.rejects(write([['Line.SP', 3]], { key }), { code: 'conflict' });
    });

    it('a body that is none, in words', async () => {
      for (const [body, words] of [
        [{ values: [{ tag: 'Line.SP', value: 1 }] }, /key/],
        [{ key: 'k', values: [] }, /values/],
        [{ key: 'k', values: [{ tag: 'Line.SP' }] }, /value/],
        [{ key: 'k', ttl: 10, values: [{ tag: 'Line.SP', value: 1 }] }, /ttl/],
        [{ key: 'k', values: [{ tag: 'Line.SP', value: 1 }, { tag: 'Line.SP', value: 2 }] }, /twice/],
      ]) {
        const answer = await post(body, operator);
        assert.equal(answer.status, 400, answer.body);
        assert.match(answer.json().msg, words);
      }
    });
  });

  it('twice with the same key is written once', async () => {
    const key = randomUUID();
    const rows = await write([['Line.SP', 20]], { key });
    await peer.write('SP', { value: 21 });
    assert.deepEqual(await write([['Line.SP', 20]], { key }), rows);
    assert.equal(await device('SP'), 21, 'the device was not written again');
  });

  it('that is too late is not sent when the device answers again', async () => {
    await write([['Line.SP', 30]]);
    peer.freeze();
    const [first, second] = [write([['Line.SP', 31]], { ttl: 20_000 }), write([['Line.SP', 32]], { ttl: 200 })];
    await sleep(700);
    peer.thaw();
    const settled = await Promise.allSettled([first, second]);
    const late = settled[1];
    if (late.status === 'fulfilled') assert.match(late.value[0][3], /nothing was written/);
    else assert.equal(late.reason.code, 'unreachable');
    assert.notEqual(await device('SP'), 32);
  });

  describe('a button', () => {
    let nextId = 1000;
    const press = async (by, tag = 'Line.Jog') => {
      const id = nextId++;
      const { w } = await by.request({ t: 'press', id, w: [tag, true], release: false });
      assert.deepEqual(w, [[tag, status.good, true]]);
      assert.equal(await device('Jog'), true);
      return id;
    };
    const isReleased = (timeout = 10_000) => eventually('it is released', async () => (await device('Jog')) === false, { timeout });

    it('stands as long as it is held, and is let go', async () => {
      const id = await press(client);
      for (let i = 0; i < 6; i++) {
        client.send({ t: 'hold', id });
        await sleep(500);
      }
      assert.equal(await device('Jog'), true, 'held for longer than the time without holding');
      assert.deepEqual((await client.request({ t: 'release', id })).w, [['Line.Jog', status.good, false]]);
      await isReleased();
      const actions = (await audit('action=write&limit=20')).filter(({ target }) => target === 'Line.Jog').map(({ action }) => action);
      assert.deepEqual(actions.slice(0, 2), ['write.release', 'write.press']);
    });

    it('is released when nobody says that he holds it', async () => {
      const begun = Date.now();
      await press(client);
      await isReleased();
      assert(Date.now() - begun < 4000, `after ${Date.now() - begun} ms`);
    });

    it('is released at once when the client vanishes', async () => {
      const other = await SocketClient.open(tagwire, { headers: operator });
      await press(other);
      const begun = Date.now();
      other.connection.socket.terminate();
      await isReleased();
      assert(Date.now() - begun < 1500, `after ${Date.now() - begun} ms`);
      const entry = await eventually('the entry', async () => (await audit('action=write.release'))[0]);
      assert.match(entry.detail, /connection ended/);
    });

    it('is released when the token that pressed it is revoked', async () => {
      const short = await account.makeToken('operator', { name: 'short' });
      const other = await SocketClient.open(tagwire, { headers: bearer(short.secret) });
      const id = await press(other);
      const holding = setInterval(() => other.send({ t: 'hold', id }), 300);
      await account.ok(`/api/v1/account/tokens/${short.token.id}`, { method: 'DELETE' });
      await isReleased(5000);
      clearInterval(holding);
    });
  });

  it('while the source is away are refused at once and never made up for', async () => {
    await write([['Line.SP', 50]]);
    await peer.kill();
    await client.source('plc', ({ state }) => state !== 'live', 20_000);
    const begun = Date.now();
    await assert.rejects(write([['Line.SP', 51]]), (error) => error.code === 'unreachable' && error.retry === true);
    assert(Date.now() - begun < 1000, 'at once');
    const answer = await post({ key: randomUUID(), values: [{ tag: 'Line.SP', value: 51 }] }, operator);
    assert.equal(answer.status, 502, answer.body);
    assert.match(answer.json().msg, /plc.*not live/);
    await peer.launch();
    await client.source('plc', ({ state }) => state === 'live', 30_000);
    await sleep(500);
    assert.equal(await device('SP'), 10, 'as the server was started anew');
    const entry = await lastEntry('Line.SP');
    assert.deepEqual([entry.outcome, entry.after], ['refused', '51']);
  });

  it('are counted by how they ended', async () => {
    const counts = () => Promise.all(['done', 'failed', 'refused'].map((outcome) => metric(tagwire, 'writes_total', { outcome })));
    const [done, failed, refused] = await counts();
    assert(done >= 10 && failed >= 0 && refused >= 10, `${done} done, ${failed} failed, ${refused} refused`);
    await write([['Line.SP', 12]]);
    await eventually('one more', async () => (await counts())[0] === done + 1);
  });

  it('are let go when the program stops', async () => {
    await client.request({ t: 'press', w: ['Line.Jog', true], release: false });
    assert.equal(await device('Jog'), true);
    await tagwire.program.signal('SIGTERM');
    await tagwire.program.exited;
    assert.equal(await device('Jog'), false);
  });
});
