/// Users and tokens of the program under test, by its own API: the first administrator by the link of the console, an
/// operator, a viewer.
import assert from 'node:assert/strict';

import { request } from './http.mjs';
import { eventually } from './wait.mjs';

const json = { 'content-type': 'application/json' };
export const password = 'correct horse battery staple';

async function post(tagwire, target, body, headers) {
  const answer = await request(tagwire, target, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body), timeout: 20_000 });
  assert(answer.status < 300, `${target}: ${answer.status} ${answer.body}`);
  return answer;
}

/// What a browser sends after logging in: the cookie, the session's value, its own origin.
function headersOf(tagwire, answer) {
  const cookie = answer.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  return { cookie, origin: tagwire.url, 'x-tagwire-csrf': answer.json().csrf };
}

/// The first administrator; resolves with the headers of his session.
export async function setUp(tagwire, user = 'admin') {
  const secret = await eventually('the console shows the link', () => tagwire.log.match(/\/setup#(\S+)/)?.[1]);
  return headersOf(tagwire, await post(tagwire, '/api/v1/setup', { secret, user, password }));
}

export async function addUser(tagwire, admin, name, role, { read = ['**'], write = [] } = {}) {
  await post(tagwire, '/api/v1/users', { name, password, role, read, write }, admin);
  return headersOf(tagwire, await post(tagwire, '/api/v1/session', { user: name, password }));
}

/// A token of whoever has this session; resolves with the headers that show it, and the secret.
export async function makeToken(tagwire, session, { name = 'test', role = 'operator', read = ['**'], write = ['**'] } = {}) {
  const answer = await post(tagwire, '/api/v1/account/tokens', { name, role, read, write }, session);
  const { secret, token } = answer.json();
  return { authorization: `Bearer ${secret}`, secret, id: token.id };
}

/// Entries of the audit log, the latest first.
export async function audit(tagwire, admin, query = '') {
  const answer = await request(tagwire, `/api/v1/audit?${query}`, { headers: admin });
  assert.equal(answer.status, 200, answer.body);
  return answer.json().entries;
}
