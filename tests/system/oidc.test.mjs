/// Logging in by OpenID Connect: with a real provider (the npm package oidc-provider), in the browser and past it, and with
/// one that lies.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { login, loginRequest, Login, passwordOf, setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { FalseProvider } from './lib/false-provider.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get } from './lib/http.mjs';
import { OidcProvider } from './lib/oidc-provider.mjs';
import { personAt, refusals } from './lib/person.mjs';
import { freePort } from './lib/ports.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { makeServerCertificate } from './lib/tls-certificates.mjs';
import { eventually } from './lib/wait.mjs';

const begin = '/api/v1/login/oidc';
const callback = `${begin}/callback`;

const configOf = ({ issuer, secret, port, more = '' }) => `[security.oidc]
issuer = ${JSON.stringify(issuer)}
client_id = "tagwire"
${secret ? `client_secret = ${JSON.stringify(secret)}` : ''}
address = "http://127.0.0.1:${port}/"
title = "Keycloak"
viewer = ["guests"]
operator = ["shift"]
engineer = ["plant"]
administrator = ["it"]
${more}`;

const cookieOf = (answer, name) => (answer.headers['set-cookie'] ?? []).find((line) => line.startsWith(`${name}=`));
const problemOf = (answer) => new URL(answer.headers.location).searchParams.get('login');

/// Leaves for the provider: {location, cookie, state, nonce}.
async function leave(tagwire, headers = {}) {
  const answer = await get(tagwire, begin, { headers, timeout: 25_000 });
  assert.equal(answer.status, 303, answer.body);
  const location = new URL(answer.headers.location);
  const { state, nonce } = Object.fromEntries(location.searchParams);
  return { answer, location, cookie: cookieOf(answer, 'tagwire_oidc')?.split(';')[0], state, nonce };
}

/// Comes back by the address that the provider sends to.
const comeBack = (tagwire, address, cookie, headers = {}) => {
  const { pathname, search } = new URL(address);
  return get(tagwire, `${pathname}${search}`, { headers: { ...(cookie && { cookie }), ...headers }, timeout: 25_000 });
};

/// What a page of the session has, of an answer that began one.
async function sessionOf(tagwire, answer) {
  assert.equal(answer.headers.location, `${tagwire.url}/`);
  const setCookie = cookieOf(answer, 'tagwire_session');
  const cookie = setCookie.split(';')[0];
  const { body } = await get(tagwire, '/api/v1/session', { headers: { cookie } });
  return new Login(tagwire, { headers: { 'set-cookie': [setCookie] }, json: () => JSON.parse(body) });
}

async function start(options, provider) {
  const port = await freePort();
  const oidc = await provider(port);
  const tagwire = await Tagwire.start({ port, config: configOf({ issuer: oidc.issuer, secret: oidc.secret, port, ...options }) });
  return { oidc, tagwire };
}
const real = (options = {}) => async (port) => OidcProvider.start({ port: await freePort(), redirect: `http://127.0.0.1:${port}${callback}`, ...options });
const lying = async () => FalseProvider.start({ port: await freePort() });

async function logIn({ oidc, tagwire }, name, headers) {
  const left = await leave(tagwire, headers);
  return comeBack(tagwire, await oidc.logIn(left.location, name), left.cookie, headers);
}
/// Failures count for the address, as a proxy tells it.
const from = (n) => ({ 'x-forwarded-for': `192.0.2.${n}` });

describe('logging in by a real provider', () => {
  let both, oidc, tagwire, root, browser;
  before(async () => {
    both = await start({}, real());
    ({ oidc, tagwire } = both);
    root = await setUp(tagwire);
    browser = await Browser.start();
    oidc.account('anna', ['other', 'shift']);
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await oidc?.stop();
  });
  const user = async (name) => (await root.ok('/api/v1/users')).users.find((one) => one.name === name);
  const lastLogin = async () => (await root.ok('/api/v1/audit?action=login&limit=1')).entries[0];

  it('is offered with its name, and done in the browser', async () => {
    const { page, close } = await browser.page({ allow: refusals });
    await page.goto(`${tagwire.url}/?lang=en`);
    await page.getByTestId('log-in').click();
    await accessible(page);
    assert.equal(await page.getByTestId('provider').innerText(), 'Log in with Keycloak');
    await page.getByTestId('provider').click();
    await page.locator('input[name=login]').fill('anna');
    await page.getByRole('button', { name: 'In' }).click();
    await page.getByTestId('user').waitFor();
    assert.match(await page.getByTestId('user').innerText(), /anna/);
    assert.equal(page.url().replace(/\?.*/, ''), `${tagwire.url}/`);
    const session = await page.evaluate(async () => (await fetch('api/v1/session')).json());
    checkStruct('Session', session);
    assert.deepEqual([session.kind, session.user, session.role, session.read, session.write], ['user', 'anna', 'operator', ['**'], ['**']]);
    assert.deepEqual(session.provider, { title: 'Keycloak', address: `${tagwire.url}${begin}` });
    const cookies = (await page.context().cookies(tagwire.url)).filter(({ name }) => name.startsWith('tagwire'));
    assert.deepEqual(cookies.map(({ name, sameSite, httpOnly }) => [name, sameSite, httpOnly]), [['tagwire_session', 'Strict', true]], 'the sealed one is gone');
    assert.equal(session.external, true);
    await page.goto(`${tagwire.url}/?lang=en&page=account`);
    await page.getByTestId('user').waitFor();
    assert.match(await page.getByTestId('no-password').innerText(), /You log in by Keycloak/);
    assert.equal(await page.getByTestId('own-password').count(), 0, 'the provider keeps the password');
    await accessible(page);
    await page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
    await close();
    const entry = await lastLogin();
    assert.deepEqual([entry.user, entry.target, entry.outcome], ['anna', 'anna', 'done']);
    assert(!tagwire.log.includes(oidc.secret));
  });

  it('sends the browser there with all that the standard wants, and a sealed cookie', async () => {
    const { answer, location, cookie, state, nonce } = await leave(tagwire);
    assert.equal(`${location.origin}${location.pathname}`, `${oidc.issuer}/auth`);
    const { code_challenge: challenge, ...rest } = Object.fromEntries(location.searchParams);
    assert.deepEqual(rest, {
      response_type: 'code', client_id: 'tagwire', redirect_uri: `${tagwire.url}${callback}`, scope: 'openid profile email', code_challenge_method: 'S256', state, nonce,
    });
    for (const secret of [state, nonce, challenge]) assert.match(secret, /^[\w-]{43}$/);
    assert.match(cookieOf(answer, 'tagwire_oidc'), /; Path=\/api\/v1\/login\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/);
    assert(![state, nonce].some((secret) => Buffer.from(cookie.split('=')[1], 'base64url').includes(secret)), 'nobody reads it');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.notEqual((await leave(tagwire)).state, state);
  });

  it('follows the role at each login, and leaves tags as an administrator narrowed them', async () => {
    await root.ok('/api/v1/users/anna', { method: 'PATCH', body: { read: ['Random.**'], write: ['Random.Int4'] } });
    oidc.account('anna', ['plant', 'guests']);
    const session = await sessionOf(tagwire, await logIn(both, 'anna'));
    assert.deepEqual([session.session.role, session.session.read, session.session.write], ['engineer', ['Random.**'], ['Random.Int4']]);
    oidc.account('anna', ['guests']);
    await sessionOf(tagwire, await logIn(both, 'anna'));
    assert.equal((await user('anna')).role, 'viewer');
    await eventually('what the other role gave has ended', async () => (await session.request('/api/v1/opcua/certificates')).status !== 200);
    oidc.account('anna', ['shift']);
    await sessionOf(tagwire, await logIn(both, 'anna'));
    const now = await user('anna');
    checkStruct('UserSummary', now);
    assert.deepEqual([now.role, now.write, now.external], ['operator', ['Random.Int4'], true]);
    assert.equal((await user('root')).external, false);
  });

  it('says on the page what is missing where there is no role, and makes nobody', async () => {
    oidc.account('norole', ['something']);
    const { page, close } = await browser.page({ allow: refusals });
    await page.goto(`${tagwire.url}/?lang=en`);
    await page.getByTestId('log-in').click();
    await page.getByTestId('provider').click();
    await page.locator('input[name=login]').fill('norole');
    await page.getByRole('button', { name: 'In' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /account at Keycloak has no role for Tagwire/);
    await accessible(page);
    assert(!page.url().includes('login='), page.url());
    await page.goto(`${tagwire.url}/?login=no_role&lang=zh`);
    assert.match(await alert.innerText(), /您在 Keycloak 的账户没有 Tagwire 的角色/);
    assert.equal(await page.getByTestId('provider').innerText(), '使用 Keycloak 登录');
    await close();
    assert.equal(await user('norole'), undefined);
    const entry = await lastLogin();
    assert.deepEqual([entry.target, entry.outcome], ['norole', 'refused']);
    assert.match(entry.detail, /none of the values of 'roles' \(something\) is listed/);
  });

  it('is over where the provider, or the user there, says no', async () => {
    const answer = await logIn(both, '');
    assert.equal(problemOf(answer), 'denied');
    assert.equal(cookieOf(answer, 'tagwire_session'), undefined);
    assert.match((await lastLogin()).detail, /access_denied/);
  });

  it('takes only the login that was begun in this browser, once', async () => {
    const mine = await leave(tagwire);
    const address = await oidc.logIn(mine.location, 'anna');
    const other = await leave(tagwire);
    const changed = new URL(address);
    changed.searchParams.set('state', other.state);
    const [name, sealed] = mine.cookie.split('=');
    const flipped = `${name}=${sealed.slice(0, -2)}${sealed.at(-2) === 'A' ? 'B' : 'A'}${sealed.at(-1)}`;
    for (const [what, at, cookie] of [
      ['without the cookie', address, undefined],
      ['with that of another login', address, other.cookie],
      ['with another state', changed.href, mine.cookie],
      ['with a changed cookie', address, flipped],
      ['with somebody else\'s code', changed.href, other.cookie],
    ]) {
      const answer = await comeBack(tagwire, at, cookie, from(10));
      assert.equal(problemOf(answer), 'stale', what);
      assert.equal(cookieOf(answer, 'tagwire_session'), undefined, what);
    }
    // The provider takes back what was given for a code that comes twice, so that the right one comes with another.
    const again = await leave(tagwire);
    const right = await oidc.logIn(again.location, 'anna');
    await sessionOf(tagwire, await comeBack(tagwire, right, again.cookie));
    const replayed = await comeBack(tagwire, right, again.cookie, from(11));
    assert.equal(problemOf(replayed), 'stale');
    const foreign = new URL(right);
    foreign.searchParams.set('iss', 'https://evil.example');
    assert.equal(problemOf(await comeBack(tagwire, foreign.href, again.cookie, from(11))), 'untrusted');
  });

  it('is not taken for a user of the same name who has a password', async () => {
    await root.addUser('bert', 'viewer');
    oidc.account('bert', ['it']);
    oidc.account('root', ['it']);
    oidc.account('Anna', ['it']);
    for (const name of ['bert', 'root', 'Anna']) assert.equal(problemOf(await logIn(both, name, from(12))), 'name_taken', name);
    assert.equal((await user('bert')).role, 'viewer');
    await login(tagwire, 'bert');
    oidc.account('carl', ['guests'], { preferred_username: 'carl smith' });
    assert.equal(problemOf(await logIn(both, 'carl', from(12))), 'bad_name');
  });

  it('leaves no password here, which is said to whoever wants one', async () => {
    assert.equal((await loginRequest(tagwire, 'anna', 'oidc:')).status, 401);
    const anna = await sessionOf(tagwire, await logIn(both, 'anna'));
    const own = await anna.request('/api/v1/account/password', { method: 'PUT', body: { old: 'oidc:', password: passwordOf('anna') } });
    assert.equal(own.status, 412);
    assert.match(own.json().msg, /change it there/);
    for (const body of [{ password: passwordOf('anna') }, { role: 'administrator' }]) {
      const answer = await root.request('/api/v1/users/anna', { method: 'PATCH', body });
      assert.equal(answer.status, 412);
      assert.match(answer.json().msg, /logs in by a provider/);
    }
  });

  it('is not for whoever is disabled here', async () => {
    oidc.account('dora', ['shift']);
    const dora = await sessionOf(tagwire, await logIn(both, 'dora'));
    await root.ok('/api/v1/users/dora', { method: 'PATCH', body: { disabled: true } });
    assert.equal(problemOf(await logIn(both, 'dora')), 'disabled');
    assert.equal((await dora.request('/api/v1/account/sessions')).status, 401);
  });

  it('is seen on the page of users', async () => {
    const at = await personAt(browser, tagwire, 'root', 'page=users', { allow: refusals });
    const row = at.page.locator('[data-user="anna"]');
    await row.getByText('provider', { exact: true }).waitFor();
    assert.equal(await row.getByRole('button', { name: 'Password…' }).count(), 0);
    assert.equal(await at.page.locator('[data-user="bert"]').getByText('provider', { exact: true }).count(), 0);
    await row.getByRole('button', { name: 'Edit…' }).click();
    assert(await at.page.getByRole('dialog').getByRole('combobox').isDisabled());
    await accessible(at.page);
    await at.close();
  });

  it('makes whoever guesses wait', async () => {
    let answer;
    for (let i = 0; i < 20 && (!answer || problemOf(answer) !== 'locked'); ++i) answer = await comeBack(tagwire, `${tagwire.url}${callback}?code=guess&state=x`, undefined, from(13));
    assert.equal(problemOf(answer), 'locked');
    assert.equal((await loginRequest(tagwire, 'root', passwordOf('root'), from(13))).status, 429, 'the same wait as for passwords');
    await sessionOf(tagwire, await logIn(both, 'anna', from(14)));
  });

  it('says so where the provider is away, and works when it is back', async () => {
    const left = await leave(tagwire);
    const address = await oidc.logIn(left.location, 'anna');
    await oidc.stop();
    assert.equal(problemOf(await comeBack(tagwire, address, left.cookie, from(15))), 'provider');
    assert.equal((await lastLogin()).outcome, 'failed');
    const { page, close } = await browser.page({ allow: refusals });
    await page.goto(`${tagwire.url}/?lang=en&login=provider`);
    assert.match(await page.getByRole('dialog').getByRole('alert').innerText(), /Keycloak cannot be used at present/);
    await close();
    await login(tagwire, 'root');
    await oidc.listen();
    await sessionOf(tagwire, await logIn(both, 'anna'));
  });

  it('begun before a restart is to be begun again', async () => {
    const left = await leave(tagwire);
    const address = await oidc.logIn(left.location, 'anna');
    await tagwire.restartHard();
    assert.equal(problemOf(await comeBack(tagwire, address, left.cookie)), 'stale');
    await sessionOf(tagwire, await logIn(both, 'anna'));
  });
});

describe('providers differ', () => {
  for (const [what, options, more = ''] of [
    ['claims in the ID token, signed by ES256', { conformIdTokenClaims: false, client: { id_token_signed_response_alg: 'ES256' } }],
    ['claims in the ID token, signed by PS256', { conformIdTokenClaims: false, client: { id_token_signed_response_alg: 'PS256' } }],
    ['the secret in the form', { clientAuthMethods: ['client_secret_post'], client: { token_endpoint_auth_method: 'client_secret_post' } }],
    ['claims within claims', { claims: { openid: ['sub', 'realm_access', 'mail'] } }, 'user_claim = "mail"\nrole_claim = "realm_access.roles"'],
  ]) {
    it(what, async () => {
      const both = await start({ more }, real(options));
      both.oidc.account('anna', ['it'], { mail: 'anna@example.com', realm_access: { roles: ['it'] } });
      await sessionOf(both.tagwire, await logIn(both, 'anna'));
      await both.tagwire.stop();
      await both.oidc.stop();
    });
  }

  it('the first user of all has to be an administrator', async () => {
    const both = await start({}, real());
    both.oidc.account('anna', ['plant']);
    both.oidc.account('eve', ['it']);
    assert.equal(problemOf(await logIn(both, 'anna')), 'first_user');
    const eve = await sessionOf(both.tagwire, await logIn(both, 'eve'));
    assert.equal(eve.session.role, 'administrator');
    assert.equal((await get(both.tagwire, '/api/v1/session')).json().setUp, false);
    await sessionOf(both.tagwire, await logIn(both, 'anna'));
    await both.tagwire.stop();
    await both.oidc.stop();
  });

  it('without one there is no way to it', async () => {
    const tagwire = await Tagwire.start();
    for (const target of [begin, callback]) assert.equal((await get(tagwire, target)).status, 404);
    assert.equal((await get(tagwire, '/api/v1/session')).json().provider, undefined);
    await tagwire.stop();
  });
});

describe('a provider that lies', () => {
  let both, oidc, tagwire, address;
  let place = 20;
  before(async () => {
    both = await start({}, lying);
    ({ oidc, tagwire } = both);
    await setUp(tagwire);
    address = `${tagwire.url}${callback}`;
  });
  after(async () => {
    await tagwire?.stop();
    await oidc?.stop();
  });

  /// Comes back with a token that `make` makes of the nonce.
  async function back(make) {
    const headers = from(++place);
    const { cookie, state, nonce } = await leave(tagwire, headers);
    oidc.idToken = make(nonce);
    return comeBack(tagwire, `${address}?code=c&state=${state}`, cookie, headers);
  }

  it('is believed when it does not', async () => {
    await sessionOf(tagwire, await back((nonce) => oidc.token(oidc.claims(nonce))));
  });

  const now = () => Math.floor(Date.now() / 1000);
  for (const [what, make] of [
    ['no signature', (n) => oidc.token(oidc.claims(n), { header: { alg: 'none' } })],
    ['no signature at all', (n) => `${oidc.token(oidc.claims(n), { header: { alg: 'none' } }).replace(/[^.]*$/, '')}`],
    ['a shared secret', (n) => oidc.token(oidc.claims(n), { header: { alg: 'HS256' }, hmac: 'secret' })],
    ['the public key as a shared secret', (n) => oidc.token(oidc.claims(n), { header: { alg: 'HS256' }, hmac: oidc.keys.publicKey.export({ type: 'spki', format: 'pem' }) })],
    ['an unknown algorithm', (n) => oidc.token(oidc.claims(n), { header: { alg: 'ES256K' } })],
    ['another algorithm than the key', (n) => oidc.token(oidc.claims(n), { header: { alg: 'RS256' } })],
    ['an unknown key', (n) => oidc.token(oidc.claims(n), { header: { kid: 'other' } })],
    ['a key within the token', (n) => oidc.token(oidc.claims(n), { header: { kid: undefined, jwk: oidc.jwk, alg: 'none' } })],
    ['another nonce', () => oidc.token(oidc.claims('another'))],
    ['no nonce', () => oidc.token(oidc.claims(undefined))],
    ['another issuer', (n) => oidc.token(oidc.claims(n, { iss: 'https://evil.example' }))],
    ['another client', (n) => oidc.token(oidc.claims(n, { aud: 'other' }))],
    ['two clients, and not said for which', (n) => oidc.token(oidc.claims(n, { aud: ['tagwire', 'other'] }))],
    ['a time that is over', (n) => oidc.token(oidc.claims(n, { exp: now() - 61 }))],
    ['a time to come', (n) => oidc.token(oidc.claims(n, { iat: now() + 120 }))],
    ['no subject', (n) => oidc.token(oidc.claims(n, { sub: undefined }))],
    ['what is no token', () => 'x.y.z'],
  ]) {
    it(`with ${what}`, async () => {
      const answer = await back(make);
      assert.equal(problemOf(answer), 'untrusted');
      assert.equal(cookieOf(answer, 'tagwire_session'), undefined);
    });
  }

  it('about userinfo, which has to be of the same user, and changes nothing that was signed', async () => {
    oidc.userinfo = { sub: 'sub of eve', roles: ['it'] };
    assert.equal(problemOf(await back((n) => oidc.token(oidc.claims(n, { roles: undefined })))), 'untrusted');
    oidc.userinfo = { sub: 'sub of fred', preferred_username: 'eve', roles: ['guests'] };
    const fred = await sessionOf(tagwire, await back((n) => oidc.token(oidc.claims(n, { roles: undefined }))));
    assert.deepEqual([fred.session.user, fred.session.role], ['fred', 'viewer']);
  });

  for (const [what, pathname, answer] of [
    ['a flood', '/token', (_, response) => response.end(`{"id_token":"${'x'.repeat(300 * 1024)}"}`)],
    ['a redirect', '/token', (_, response) => response.writeHead(302, { location: `${tagwire.url}/api/v1/info` }).end()],
    ['no JSON', '/token', (_, response) => response.end('<html>')],
    ['no token', '/token', (_, response) => response.end('{}')],
    ['an error', '/token', (_, response) => response.writeHead(401).end('{"error":"invalid_client"}')],
    ['an end', '/token', (request) => request.socket.destroy()],
  ]) {
    it(`by ${what}`, async () => {
      oidc.instead[pathname] = answer;
      assert.equal(problemOf(await back(() => '')), 'provider');
      delete oidc.instead[pathname];
    });
  }

  it('by a thousand keys is asked for them once a minute', async () => {
    const before = oidc.asked['/keys'];
    for (let i = 0; i < 5; ++i) assert.equal(problemOf(await back((n) => oidc.token(oidc.claims(n), { header: { kid: `k${i}x` } }))), 'untrusted');
    assert(oidc.asked['/keys'] - before <= 1, `${oidc.asked['/keys'] - before}`);
  });
});

describe('a new key of the provider', () => {
  it('is asked for when it is first seen', async () => {
    const { oidc, tagwire } = await start({}, lying);
    await setUp(tagwire);
    oidc.rotate('k2');
    const { cookie, state, nonce } = await leave(tagwire);
    oidc.idToken = oidc.token(oidc.claims(nonce));
    await sessionOf(tagwire, await comeBack(tagwire, `${tagwire.url}${callback}?code=c&state=${state}`, cookie));
    assert.equal(oidc.asked['/keys'], 1);
    await tagwire.stop();
    await oidc.stop();
  });
});

describe('a provider that cannot be trusted at all', () => {
  const document = '/.well-known/openid-configuration';
  for (const [what, answer, words] of [
    ['of another issuer', (oidc) => ({ issuer: 'https://evil.example', authorization_endpoint: `${oidc.issuer}/auth` }), /both have to be the same/],
    ['with plain addresses elsewhere', ({ issuer }) => ({ issuer, authorization_endpoint: 'http://10.0.0.1/auth', token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/k` }), /must begin with https/],
    ['with files', ({ issuer }) => ({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: 'file:///etc/passwd', jwks_uri: `${issuer}/k` }), /token_endpoint/],
    ['that redirects', () => undefined, /it answered 302/],
  ]) {
    it(what, async () => {
      const { oidc, tagwire } = await start({}, lying);
      oidc.instead[document] = (_, response) => {
        const body = answer(oidc);
        if (body) response.end(JSON.stringify(body));
        else response.writeHead(302, { location: '/elsewhere' }).end();
      };
      assert.equal(problemOf((await leave(tagwire)).answer), 'provider');
      assert.match(tagwire.log, words);
      assert.equal(problemOf((await leave(tagwire)).answer), 'provider');
      assert.equal(oidc.asked[document], 1, 'not at once again');
      await tagwire.stop();
      await oidc.stop();
    });
  }

  it('because nobody vouches for its certificate', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tagwire-oidc-'));
    const tls = await makeServerCertificate(folder, 'provider');
    const { oidc, tagwire } = await start({}, async () => FalseProvider.start({ port: await freePort(), tls }));
    assert.equal(problemOf((await leave(tagwire)).answer), 'provider');
    assert.match(tagwire.log, /certificate/);
    assert.equal(oidc.asked[document], undefined);
    await tagwire.stop();
    await oidc.stop();
    await rm(folder, { recursive: true });
  });
});

describe('a provider that does not answer', () => {
  for (const [where, pathname] of [['what it is', '/.well-known/openid-configuration'], ['for the code', '/token']]) {
    it(`${where} does not keep the server from stopping`, async () => {
      const { oidc, tagwire } = await start({}, lying);
      const left = pathname === '/token' ? await leave(tagwire) : undefined;
      let asked;
      const heard = new Promise((resolve) => { asked = resolve; });
      oidc.instead[pathname] = () => asked();
      const hanging = (left ? comeBack(tagwire, `${tagwire.url}${callback}?code=c&state=${left.state}`, left.cookie) : get(tagwire, begin, { timeout: 25_000 })).catch(() => {});
      await heard;
      const before = Date.now();
      await tagwire.stop();
      assert(Date.now() - before < 2000, `${Date.now() - before} ms`);
      await hanging;
      await oidc.stop();
    });
  }

  it('is given up after a while', { timeout: 40_000 }, async () => {
    const { oidc, tagwire } = await start({}, lying);
    oidc.instead['/.well-known/openid-configuration'] = () => {};
    const before = Date.now();
    assert.equal(problemOf((await leave(tagwire)).answer), 'provider');
    assert(Date.now() - before < 12_000);
    await tagwire.stop();
    await oidc.stop();
  });
});
