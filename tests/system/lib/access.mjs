/// Users, sessions and tokens by the HTTP API, as a page and a program have them.
import assert from 'node:assert/strict';

import { request } from './http.mjs';
import { eventually } from './wait.mjs';

/// As a proxy marks what it passes on from another machine.
export const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };

const json = { 'content-type': 'application/json' };

/// What a page of the server with a session sends.
export class Login {
  constructor(tagwire, answer) {
    this.tagwire = tagwire;
    this.setCookie = answer.headers['set-cookie'].join('\n');
    [this.cookie] = this.setCookie.split(';');
    this.session = answer.json();
  }

  get headers() {
    return { cookie: this.cookie, origin: this.tagwire.url, 'x-tagwire-csrf': this.session.csrf };
  }

  /// With cookie, origin and CSRF value; `headers` go before these, undefined ones are left out.
  request(target, { method = 'GET', body, headers = {} } = {}) {
    const all = { ...this.headers, ...(body === undefined ? {} : json), ...headers };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    return request(this.tagwire, target, { method, headers: all, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  async ok(target, options) {
    const answer = await this.request(target, options);
    assert(answer.status < 300, `${options?.method ?? 'GET'} ${target}: ${answer.status} ${answer.body}`);
    return answer.body === '' ? undefined : answer.json();
  }

  addUser(name, role, { read = ['**'], write = ['**'], password = passwordOf(name) } = {}) {
    return this.ok('/api/v1/users', { method: 'POST', body: { name, password, role, read, write } });
  }

  /// {token: {id, …}, secret}
  makeToken(role, { name = `${role} token`, read = ['**'], write = ['**'], ...rest } = {}) {
    return this.ok('/api/v1/account/tokens', { method: 'POST', body: { name, role, read, write, ...rest } });
  }
}

/// Long enough for any rule about passwords.
export const passwordOf = (name) => `correct horse battery ${name}`;

export const loginRequest = (tagwire, user, password = passwordOf(user), headers = {}) =>
  request(tagwire, '/api/v1/session', { method: 'POST', headers: { ...json, origin: tagwire.url, ...headers }, body: JSON.stringify({ user, password }), timeout: 20_000 });

export async function login(tagwire, user, password) {
  const answer = await loginRequest(tagwire, user, password);
  assert.equal(answer.status, 200, answer.body);
  return new Login(tagwire, answer);
}

/// What follows # in the link that the console shows for making the first administrator.
export const setUpSecret = (tagwire) =>
  eventually('the link for the first administrator', () => /\/setup#([A-Za-z0-9_-]{20,})/.exec(tagwire.log)?.[1]);

/// The first administrator, by that link.
export async function setUp(tagwire, user = 'root') {
  const body = JSON.stringify({ secret: await setUpSecret(tagwire), user, password: passwordOf(user) });
  const answer = await request(tagwire, '/api/v1/setup', { method: 'POST', headers: { ...json, origin: tagwire.url }, body, timeout: 20_000 });
  assert.equal(answer.status, 200, answer.body);
  return new Login(tagwire, answer);
}

export const bearer = (secret) => ({ authorization: `Bearer ${secret}` });
