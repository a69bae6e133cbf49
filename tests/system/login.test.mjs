/// Logging in and out, what a session is, and how soon what it gave ends.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { bearer, fromElsewhere, login, loginRequest, passwordOf, setUp, setUpSecret } from './lib/access.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { openSocket, SocketClient } from './lib/socket-client.mjs';
import { EventStream } from './lib/sse.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

async function session(tagwire, headers) {
  const now = (await get(tagwire, '/api/v1/session', { headers })).json();
  checkStruct('Session', now);
  return now;
}
/// Closing, and what is on its way at that time.
const atOnce = 1500;

describe('the first administrator', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start();
  });
  after(() => tagwire?.stop());

  it('is made by the link on the console, once', async () => {
    const before = await session(tagwire, fromElsewhere);
    assert.deepEqual([before.kind, before.role, before.users, before.setUp, before.may], ['anonymous', null, false, true, ['UsePublic']]);
    assert.equal((await session(tagwire)).role, 'engineer', 'this machine, as long as nobody can log in');
    const secret = await setUpSecret(tagwire);
    const make = (guess, user) => request(tagwire, '/api/v1/setup', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret: guess, user, password: passwordOf(user) }), timeout: 20_000,
    });
    assert.equal((await make(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`, 'eve')).status, 401);
    assert.equal((await make(secret, 'root')).status, 200);
    assert.notEqual((await make(secret, 'eve')).status, 200);
    const now = await session(tagwire);
    assert.deepEqual([now.role, now.users, now.setUp], ['viewer', true, false]);
    assert.equal((await get(tagwire, '/setup')).headers['content-type'], 'text/html; charset=utf-8');
  });
});

describe('sessions', () => {
  let tagwire, root;
  before(async () => {
    tagwire = await Tagwire.start();
    root = await setUp(tagwire);
    await root.addUser('op1', 'operator', { read: ['Random.**'], write: [] });
    await root.addUser('doomed', 'viewer');
  });
  after(() => tagwire?.stop());

  it('are begun by name and password, and tell who one is', async () => {
    const { session: now, setCookie } = await login(tagwire, 'op1');
    assert.deepEqual([now.kind, now.user, now.role, now.read, now.write], ['user', 'op1', 'operator', ['Random.**'], []]);
    assert(now.may.includes('WriteTag') && !now.may.includes('ManageUsers'));
    assert.match(setCookie, /^tagwire_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict/);
  });

  it('are not begun by a wrong name or password, which are not told apart', async () => {
    const guess = (user) => loginRequest(tagwire, user, 'guess', { 'X-Forwarded-For': '192.0.2.8' });
    const wrong = [await guess('op1'), await guess('nobody')];
    for (const answer of wrong) {
      assert.equal(answer.status, 401);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
    assert.deepEqual(wrong[0].json(), wrong[1].json());
  });

  it('are not taken over: a login has a new value, and the one before counts no more', async () => {
    const first = await login(tagwire, 'op1');
    const planted = await loginRequest(tagwire, 'op1', passwordOf('op1'), { cookie: 'tagwire_session=planted-by-somebody-else-0000000000000000000' });
    assert.doesNotMatch(planted.headers['set-cookie'].join(), /planted/);
    const again = await loginRequest(tagwire, 'op1', passwordOf('op1'), first.headers);
    assert.notEqual(again.headers['set-cookie'][0].split(';')[0], first.cookie);
    await eventually('the session before has ended', async () => (await session(tagwire, first.headers)).kind === 'anonymous');
    assert.equal((await first.request('/api/v1/account/sessions')).status, 401);
  });

  it('are not in any answer, address or log', async () => {
    const op = await login(tagwire, 'op1');
    const value = op.cookie.split('=')[1];
    for (const target of ['/api/v1/session', '/api/v1/account/sessions']) {
      const { body, headers } = await op.request(target);
      assert(!body.includes(value), target);
      assert.equal(headers['cache-control'], 'no-store');
    }
    assert(!tagwire.log.includes(value) && !tagwire.log.includes(passwordOf('op1')));
  });

  it('end by logging out', async () => {
    const op = await login(tagwire, 'op1');
    const socket = await SocketClient.open(tagwire, { headers: op.headers });
    assert.equal((await op.request('/api/v1/session', { method: 'DELETE', headers: { 'x-tagwire-csrf': undefined } })).status, 403);
    const answer = await op.request('/api/v1/session', { method: 'DELETE' });
    assert.equal(answer.status, 204);
    assert.match(answer.headers['set-cookie'].join(), /Max-Age=0/);
    assert.equal((await socket.closed(atOnce)).code, 4001);
    assert.equal((await op.request('/api/v1/account/sessions')).status, 401);
  });

  it('see only the tags of their user, now and later, in every form', async () => {
    const op = await login(tagwire, 'op1');
    const all = (await root.ok('/api/v1/tags?limit=10000')).total;
    const { total, tags } = await op.ok('/api/v1/tags?limit=10000');
    assert(total > 0 && total < all);
    assert(tags.every(({ n }) => n.startsWith('Random.')));
    assert.equal((await op.ok('/api/v1/info')).tags, total);
    const hidden = (await root.ok('/api/v1/tags?limit=10000')).tags.map(({ n }) => n).find((n) => !n.startsWith('Random.'));
    const unknown = async (target) => {
      const [there, not] = [hidden, 'Nothing.Of.The.Kind'].map((tag) => op.request(target.replace('TAG', encodeURIComponent(tag))));
      const [a, b] = [await there, await not];
      assert.equal(a.status, b.status, target);
      return [a.body.replaceAll(hidden, 'TAG'), b.body.replaceAll('Nothing.Of.The.Kind', 'TAG')];
    };
    assert.equal(...(await unknown('/api/v1/tags/TAG')));
    const { values, bad } = await op.ok(`/api/v1/values?tags=**,${encodeURIComponent(hidden)}`);
    assert(values.every(({ n }) => n.startsWith('Random.')));
    assert.deepEqual(bad.map(({ n, code }) => [n, code]), [[hidden, 'unknown_tag']]);
    await assert.rejects(openSocket(tagwire, `/tagCurValue?tag=${encodeURIComponent(hidden)}`, { headers: op.headers }), { status: 404 });
    const socket = await SocketClient.open(tagwire, { headers: op.headers });
    const sub = await socket.sub(['**', hidden]);
    await sub.complete();
    assert([...sub.tags.keys()].every((n) => n.startsWith('Random.')));
    assert.equal(sub.tags.size, total);
    await socket.close();
    const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=**', op.headers);
    const { data } = await stream.next('tags');
    assert(data.add.every(({ n }) => n.startsWith('Random.')));
    stream.close();
  });

  for (const [how, end] of [
    ['the user is disabled', (user) => root.ok(`/api/v1/users/${user}`, { method: 'PATCH', body: { disabled: true } })],
    ['the role changes', (user) => root.ok(`/api/v1/users/${user}`, { method: 'PATCH', body: { role: 'viewer' } })],
    ['an administrator ends the session', async (user) => {
      const { sessions } = await root.ok('/api/v1/sessions');
      for (const { id } of sessions.filter((one) => one.user === user)) await root.ok(`/api/v1/sessions/${id}`, { method: 'DELETE' });
    }],
    ['the user is removed', (user) => root.ok(`/api/v1/users/${user}`, { method: 'DELETE' })],
  ]) {
    it(`close what is open at once when ${how}`, async () => {
      const user = `u${how.length}`;
      await root.addUser(user, 'operator');
      const one = await login(tagwire, user);
      const socket = await SocketClient.open(tagwire, { headers: one.headers });
      await socket.sub(['Random.**']);
      const bare = await openSocket(tagwire, '/tagCurValue', { headers: one.headers });
      const stream = await EventStream.open(tagwire, '/api/v1/stream?tags=Random.**', one.headers);
      await end(user);
      assert.equal((await socket.closed(atOnce)).code, 4001);
      assert.equal((await bare.closed(atOnce)).code, 4001);
      await assert.rejects(async () => { for (;;) await stream.inbox.take(() => true, atOnce); }, /the stream ended/);
      assert.equal((await one.request('/api/v1/account/sessions')).status, 401);
    });
  }

  it('revoking a token closes what it opened at once', async () => {
    const { token, secret } = await root.makeToken('viewer');
    const socket = await SocketClient.open(tagwire, { headers: { ...bearer(secret), ...fromElsewhere } });
    const later = await SocketClient.open(tagwire, { headers: fromElsewhere });
    await later.request({ t: 'auth', token: secret });
    await root.ok(`/api/v1/account/tokens/${token.id}`, { method: 'DELETE' });
    for (const one of [socket, later]) assert.equal((await one.closed(atOnce)).code, 4001);
  });

  it('a new password ends the other sessions of the user, not this one', async () => {
    await root.addUser('changing', 'viewer');
    const [here, there] = [await login(tagwire, 'changing'), await login(tagwire, 'changing')];
    const change = (old, password) => here.request('/api/v1/account/password', { method: 'PUT', body: { old, password } });
    assert.equal((await change('guess', passwordOf('new'))).status, 403);
    assert.equal((await change(passwordOf('changing'), passwordOf('new'))).status, 204);
    assert.equal((await here.request('/api/v1/account/sessions')).status, 200);
    assert.equal((await there.request('/api/v1/account/sessions')).status, 401);
    assert.equal((await loginRequest(tagwire, 'changing')).status, 401);
    await login(tagwire, 'changing', passwordOf('new'));
  });

  it('the list of one\'s own sessions says which is this one', async () => {
    const op = await login(tagwire, 'op1');
    const { sessions } = await op.ok('/api/v1/account/sessions');
    assert.equal(sessions.filter(({ current }) => current).length, 1);
    assert(sessions.every(({ user }) => user === 'op1'));
    const { sessions: all } = await root.ok('/api/v1/sessions');
    const other = all.find(({ user }) => user === 'root');
    assert.equal((await op.request(`/api/v1/account/sessions/${other.id}`, { method: 'DELETE' })).status, 404, 'not one\'s own');
  });

  it('lock out whoever guesses, for a while', { timeout: 60_000 }, async () => {
    let answer;
    for (let i = 0; i < 30 && answer?.status !== 429; ++i) answer = await loginRequest(tagwire, 'doomed', `guess ${i}`, fromElsewhere);
    assert.equal(answer.status, 429, answer.body);
    assert.match(answer.headers['retry-after'], /^\d+$/);
    assert.equal((await loginRequest(tagwire, 'doomed', passwordOf('doomed'), { 'X-Forwarded-For': '192.0.2.9' })).status, 429, 'the right password does not open what is locked');
  });

  it('logins and what was refused are in the audit log', async () => {
    const op = await login(tagwire, 'op1');
    for (let i = 0; i < 20; ++i) assert.equal((await op.request('/api/v1/users')).status, 403);
    await eventually('both are written', async () => {
      const { entries } = await root.ok('/api/v1/audit?limit=1000');
      const refused = entries.filter(({ action, user, outcome }) => action === 'manage_users' && user === 'op1' && outcome === 'refused');
      assert(refused.length < 5, 'not every single time');
      return refused.length > 0 && entries.some(({ action, user }) => action.startsWith('login') && user === 'op1');
    });
    assert.equal((await root.ok('/api/v1/audit/verify')).intact, true);
    const csv = await root.request('/api/v1/audit?format=csv');
    assert.match(csv.headers['content-type'], /text\/csv/);
    assert.match(csv.body, /^\uFEFFnumber,time,user/);
  });
});

describe('pages of other origins', () => {
  let tagwire, root;
  before(async () => {
    tagwire = await Tagwire.start();
    root = await setUp(tagwire);
  });
  after(() => tagwire?.stop());

  it('cannot read or write, whatever cookie the browser sends along', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000']) {
      const headers = { ...root.headers, origin };
      const read = await get(tagwire, '/api/v1/users', { headers });
      assert([401, 403].includes(read.status), `${origin} ${read.status}`);
      assert.equal(read.headers['access-control-allow-credentials'], undefined);
      const write = await request(tagwire, '/api/v1/users', { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' });
      assert([401, 403].includes(write.status), `${origin} ${write.status}`);
    }
  });

  it('cannot open a WebSocket as the user', async () => {
    await assert.rejects(openSocket(tagwire, '/ws', { origin: 'https://evil.example', headers: { cookie: root.cookie } }), { status: 403 });
    const stranger = await openSocket(tagwire, '/ws', { origin: 'http://localhost:3000', headers: { cookie: root.cookie, ...fromElsewhere } });
    stranger.send('{"t":"sub","id":1,"tags":["**"]}');
    assert.match(await stranger.messages.take((text) => text.includes('"id":1')), /unauthorized/);
    await stranger.close();
  });

  it('cannot log the user out, nor in', async () => {
    const foreign = { 'content-type': 'application/json', origin: 'http://localhost:3000', cookie: root.cookie };
    await request(tagwire, '/api/v1/session', { method: 'DELETE', headers: foreign });
    assert.equal((await root.request('/api/v1/users')).status, 200, 'still logged in');
    assert.equal((await loginRequest(tagwire, 'root', passwordOf('root'), { origin: 'http://localhost:3000' })).status, 403);
  });
});

describe('a server that others reach', () => {
  it('does not start as long as nobody could log in, and says what to do', async () => {
    const tagwire = await Tagwire.create({ config: 'allow_remote = true' });
    const listen = `listen = "0.0.0.0:${tagwire.port}"`;
    const { readFile, writeFile } = await import('node:fs/promises');
    const text = await readFile(tagwire.file, 'utf8');
    await writeFile(tagwire.file, text.replace(/listen = .*/, listen));
    const program = tagwire.spawn();
    assert.deepEqual(await program.end(10_000), { code: 2, signal: null });
    assert.match(tagwire.log, /tagwire user add NAME --role administrator/);
    await tagwire.stop({ exit: 'any' });
  });
});

describe('what somebody unknown may do is configured', () => {
  for (const [config, local, remote] of [
    ['anonymous_local = "none"', null, null],
    ['anonymous_local = "operator"\nanonymous_remote = "viewer"', 'operator', 'viewer'],
  ]) {
    it(config.replace('\n', ', '), async () => {
      const tagwire = await Tagwire.start({ config: `[security]\n${config}` });
      assert.equal((await session(tagwire)).role, local);
      assert.equal((await session(tagwire, fromElsewhere)).role, remote);
      assert.equal((await get(tagwire, '/api/v1/tags')).status, local ? 200 : 401);
      await tagwire.stop();
    });
  }
});
