/// Weaknesses that other SCADA and HMI servers of the web were known for, tried on this one. Each was published: FUXA's
/// CVE-2023-31717 to -31719 and CVE-2023-33831, CVE-2025-69970 and those after it, and their like.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { bearer, fromElsewhere, login, setUp } from './lib/access.mjs';
import { get, request } from './lib/http.mjs';
import { openSocket } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const json = { 'content-type': 'application/json' };

describe('known weaknesses of others', () => {
  let tagwire, root, viewer;
  before(async () => {
    tagwire = await Tagwire.start();
    root = await setUp(tagwire);
    await root.addUser('guest', 'viewer', { write: [] });
    viewer = await login(tagwire, 'guest');
  });
  after(() => tagwire?.stop());

  it('code run by whoever is not logged in: nothing takes code, and nothing is open', async () => {
    for (const target of ['/api/runscript', '/api/project', '/api/v1/runscript', '/api/v1/eval', '/nodered/flows', '/api/settings']) {
      for (const method of ['POST', 'PUT']) {
        const body = JSON.stringify({ params: { script: { code: "require('child_process').execSync('id')" } } });
        const answer = await request(tagwire, target, { method, headers: { ...json, ...fromElsewhere }, body });
        assert([404, 405].includes(answer.status), `${method} ${target}: ${answer.status}`);
      }
    }
  });

  it('a programming interface without authentication: elsewhere nothing is told before a login', async () => {
    for (const target of ['/api/v1/tags', '/api/v1/values?tags=**', '/api/v1/users', '/api/v1/tokens', '/api/v1/audit', '/api/v1/sources', '/api/v1/documents/screen', '/metrics', '/api/v1/stream?tags=**', '/api/v1/history?tags=A&from=0']) {
      assert.equal((await get(tagwire, target, { headers: fromElsewhere })).status, 401, target);
    }
    await assert.rejects(openSocket(tagwire, '/tagCurValue', { headers: fromElsewhere }), { status: 401 });
  });

  it('a secret in the source text: tokens that others sign count for nothing', async () => {
    const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
    for (const [algorithm, key] of [['HS256', 'frangoteam751'], ['HS256', 'secret'], ['HS256', ''], ['none', null]]) {
      const text = `${part({ alg: algorithm, typ: 'JWT' })}.${part({ id: 'root', groups: -1, role: 'administrator', exp: 4102444800 })}`;
      const signature = key === null ? '' : createHmac('sha256', key).update(text).digest('base64url');
      for (const headers of [bearer(`${text}.${signature}`), { 'x-access-token': `${text}.${signature}` }, { cookie: `tagwire_session=${text}.${signature}` }]) {
        assert.equal((await get(tagwire, '/api/v1/users', { headers: { ...headers, ...fromElsewhere } })).status, 401);
      }
    }
  });

  it('default passwords: there is no user before somebody makes one', async () => {
    const fresh = await Tagwire.start();
    try {
      for (const [user, password] of [['admin', '123456'], ['admin', 'admin'], ['root', ''], ['root', 'root'], ['tagwire', 'tagwire']]) {
        const answer = await request(fresh, '/api/v1/session', { method: 'POST', headers: json, body: JSON.stringify({ user, password }) });
        assert.notEqual(answer.status, 200, `${user}/${password}`);
      }
    } finally {
      await fresh.stop();
    }
  });

  it('paths that climb out of a folder', async () => {
    for (const path of ['/../../../../etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%5c..%5cetc%5cpasswd', '/....//....//etc/passwd', '/api/v1/documents/dashboard/..%2f..%2fusers', '/api/v1/documents/..%2fsecurity/users', '/%00/etc/passwd', '//etc/passwd', '/api/download?cmd=REPORT-DOWNLOAD&name=/etc/passwd']) {
      const { status, body } = await get(tagwire, path, { headers: { cookie: root.cookie } });
      assert([400, 404].includes(status), `${path} ${status}`);
      assert.doesNotMatch(body, /root:|password/, path);
    }
    const { status } = await root.request('/api/v1/documents/dashboard/..%2fx', { method: 'PUT', headers: { 'if-none-match': '*' }, body: { title: 'x' } });
    assert([400, 404].includes(status), `${status}`);
  });

  it('headers that claim to come from elsewhere, or from the page itself, open nothing', async () => {
    for (const headers of [
      { referer: `${tagwire.url}/` }, { referer: `${tagwire.url}/fuxa` }, { 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' }, { ...fromElsewhere, 'x-original-url': '/healthz' }, { ...fromElsewhere, 'x-rewrite-url': '/healthz' }, { ...fromElsewhere, 'x-user': 'root', 'x-auth-user': 'root' },
    ]) {
      const local = headers.referer !== undefined;
      assert.equal((await get(tagwire, '/api/v1/users', { headers })).status, 401, JSON.stringify(headers));
      assert.equal((await get(tagwire, '/api/v1/tags', { headers })).status, local ? 200 : 401, JSON.stringify(headers));
    }
    const override = await request(tagwire, '/api/v1/session', { method: 'POST', headers: { ...json, 'x-http-method-override': 'DELETE' }, body: '{}' });
    assert.equal(override.status, 400, 'a POST is a POST');
  });

  it('what a page hides the server refuses: a viewer does nothing but look', async () => {
    for (const [method, target, body] of [
      ['POST', '/api/v1/users', { name: 'eve', password: 'correct horse battery eve', role: 'administrator', read: ['**'], write: ['**'] }],
      ['PATCH', '/api/v1/users/guest', { role: 'administrator' }],
      ['DELETE', '/api/v1/users/root'], ['GET', '/api/v1/tokens'], ['GET', '/api/v1/audit'],
      ['PUT', '/api/v1/documents/screen/plant', { title: 'x' }], ['POST', '/api/v1/opcua/sources', {}], ['POST', '/api/v1/opcua/certificates/trust', {}],
    ]) {
      const answer = await viewer.request(target, { method, body });
      assert.equal(answer.status, 403, `${method} ${target} ${answer.body}`);
    }
    assert.equal((await viewer.ok('/api/v1/session')).role, 'viewer');
  });

  it('guests that write: neither somebody unknown nor a viewer', async () => {
    const body = { key: '9f0c6f0e-0000-4000-8000-000000000001', ttl: 3000, values: [{ tag: 'Random.Int1', value: 1 }] };
    for (const headers of [{}, fromElsewhere]) {
      const answer = await request(tagwire, '/api/v1/values', { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
      assert([401, 405].includes(answer.status), `${answer.status}`);
    }
    assert([403, 405].includes((await viewer.request('/api/v1/values', { method: 'POST', body })).status));
  });

  it('questions that become SQL', async () => {
    for (const text of ["' OR '1'='1", "'; DROP TABLE users; --", 'x" UNION SELECT * FROM sqlite_master --', '%00', "admin'--"]) {
      const sent = encodeURIComponent(text);
      assert.equal((await root.request(`/api/v1/tags?q=${sent}`)).json().total, 0, text);
      assert.deepEqual((await root.request(`/api/v1/audit?user=${sent}`)).json().entries, [], text);
      assert.notEqual((await request(tagwire, '/api/v1/session', { method: 'POST', headers: json, body: JSON.stringify({ user: text, password: text }), timeout: 20_000 })).status, 200, text);
      assert.equal((await root.request(`/api/v1/users/${sent}`, { method: 'PATCH', body: { disabled: true } })).status, 404, text);
    }
    assert((await root.ok('/api/v1/users')).users.some(({ name }) => name === 'root'));
  });

  it('tokens that renew themselves: a token makes no other, and ends when it ends', async () => {
    const { token, secret } = await root.makeToken('administrator');
    const headers = { ...json, ...bearer(secret) };
    const body = JSON.stringify({ name: 'more', role: 'administrator', read: ['**'], write: ['**'] });
    for (const [method, target] of [['POST', '/api/v1/account/tokens'], ['POST', '/api/v1/users'], ['PUT', '/api/v1/account/password']]) {
      assert.equal((await request(tagwire, target, { method, headers, body })).status, 403, target);
    }
    for (const target of ['/api/refresh', '/api/v1/refresh', '/api/heartbeat', '/api/v1/session/refresh']) {
      assert.equal((await request(tagwire, target, { method: 'POST', headers, body: '{}' })).status >= 404, true, target);
    }
    await root.ok(`/api/v1/account/tokens/${token.id}`, { method: 'DELETE' });
    assert.equal((await get(tagwire, '/api/v1/tags', { headers: bearer(secret) })).status, 401);
  });

  it('a token that reaches further than its maker', async () => {
    const { secret } = await viewer.makeToken('administrator').catch(() => ({ secret: undefined }));
    if (secret === undefined) return;  // refused: as good
    assert.equal((await get(tagwire, '/api/v1/audit', { headers: bearer(secret) })).status, 403);
  });

  it('addresses that the server is made to ask: only by engineers, and only OPC UA', async () => {
    for (const url of ['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', 'gopher://127.0.0.1:5000']) {
      assert.equal((await root.request(`/api/v1/opcua/endpoints?url=${encodeURIComponent(url)}`)).status, 400, url);
    }
    assert.equal((await viewer.request('/api/v1/opcua/endpoints?url=opc.tcp://127.0.0.1:1')).status, 403);
    assert.equal((await get(tagwire, '/api/v1/opcua/endpoints?url=opc.tcp://127.0.0.1:1', { headers: fromElsewhere })).status, 401);
  });

  it('pages in frames, scripts of others, types that are guessed', async () => {
    const page = await get(tagwire, '/');
    const policy = page.headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.headers['referrer-policy'], 'no-referrer');
    for (const target of ['/', '/api/v1/session', '/api/v1/nothing']) {
      assert.equal((await get(tagwire, target)).headers['x-content-type-options'], 'nosniff', target);
    }
  });
});
