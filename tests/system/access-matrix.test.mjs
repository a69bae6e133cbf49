/// Every route and every frame, for every kind of caller: who is answered, who is asked to log in, who is refused.
/// A route or frame that is not written down here fails.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import { bearer, fromElsewhere, login, setUp } from './lib/access.mjs';
import { open } from './lib/http.mjs';
import { binary } from './lib/paths.mjs';
import { openSocket } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

/// What each action answers: y it is done (or fails for another reason), 1 is 401, 3 is 403. The columns are the callers
/// below: by nobody of this machine and elsewhere; by sessions of the four roles; by tokens of the four roles.
const actions = {
  //                    nobody   session  token
  use_public:           'yy       yyyy    yyyy',
  read_tag:             'y1       yyyy    yyyy',
  read_history:         'y1       yyyy    yyyy',
  read_sources:         'y1       yyyy    yyyy',
  read_metrics:         'y1       yyyy    yyyy',
  read_documents:       'y1       yyyy    yyyy',
  write_tag:            '11       3yyy    3yyy',
  acknowledge_alarm:    '11       3yyy    3yyy',
  browse_address_space: '11       33yy    33yy',
  manage_certificates:  '11       33yy    33yy',
  change_configuration: '11       33yy    33yy',
  manage_own_account:   '11       yyyy    3333',
  manage_users:         '11       333y    3333',
  read_audit:           '11       333y    333y',
};

const roles = ['viewer', 'operator', 'engineer', 'administrator'];

/// Route, action, and what to ask where the path has names in it. What is asked changes nothing, allowed or not.
const routes = `
GET /healthz                                 use_public
GET /readyz                                  use_public
GET /api/v1/openapi.json                     use_public
GET /api/v1/asyncapi.json                    use_public
GET /api/v1/session                          use_public
POST /api/v1/session                         use_public
DELETE /api/v1/session                       use_public
GET /api/v1/login/oidc                       use_public
GET /api/v1/login/oidc/callback              use_public
POST /api/v1/setup                           use_public
GET /{page}                                  use_public            /index.html
GET /                                        use_public
GET /api/v1/info                             read_sources
GET /api/v1/tags                             read_tag
GET /api/v1/tags/{path}                      read_tag              /api/v1/tags/Random.Int1
GET /api/v1/values                           read_tag              /api/v1/values?tags=Random.Int1
POST /api/v1/values                          write_tag
GET /api/v1/history                          read_history          /api/v1/history?tags=Random.Int1&from=0
GET /api/v1/stream                           read_tag              /api/v1/stream?tags=Random.Int1
GET /ws                                      use_public
GET /tagCurValue                             read_tag
GET /api/v1/sources                          read_sources
GET /api/v1/sources/{name}                   read_sources          /api/v1/sources/simulator
GET /api/v1/sources/{name}/events            read_sources          /api/v1/sources/simulator/events
GET /api/v1/sources/{name}/conditions        read_sources          /api/v1/sources/simulator/conditions
POST /api/v1/sources/{name}/conditions       acknowledge_alarm     /api/v1/sources/simulator/conditions
GET /metrics                                 read_metrics
GET /api/v1/documents/{kind}                 read_documents        /api/v1/documents/dashboard
GET /api/v1/documents/{kind}/{name}          read_documents        /api/v1/documents/dashboard/none
GET /api/v1/documents/{kind}/{name}/versions read_documents        /api/v1/documents/dashboard/none/versions
PUT /api/v1/documents/{kind}/{name}          change_configuration  /api/v1/documents/dashboard/none
DELETE /api/v1/documents/{kind}/{name}       change_configuration  /api/v1/documents/dashboard/none
GET /api/v1/sources/{name}/browse            browse_address_space  /api/v1/sources/none/browse
GET /api/v1/sources/{name}/node              browse_address_space  /api/v1/sources/none/node
GET /api/v1/sources/{name}/search            browse_address_space  /api/v1/sources/none/search
GET /api/v1/opcua/certificates               manage_certificates
GET /api/v1/opcua/certificates/own.der       manage_certificates
POST /api/v1/opcua/certificates/trust        manage_certificates
POST /api/v1/opcua/certificates/reject       manage_certificates
POST /api/v1/opcua/certificates/remove       manage_certificates
GET /api/v1/opcua/endpoints                  browse_address_space
POST /api/v1/opcua/sources                   change_configuration
POST /api/v1/opcua/sources/{name}/tags       change_configuration  /api/v1/opcua/sources/none/tags
POST /api/v1/opcua/sources/{name}/remove     change_configuration  /api/v1/opcua/sources/none/remove
GET /api/v1/agent                            use_public
PUT /api/v1/account/password                 manage_own_account
GET /api/v1/account/sessions                 manage_own_account
DELETE /api/v1/account/sessions/{id}         manage_own_account    /api/v1/account/sessions/none
GET /api/v1/account/tokens                   manage_own_account
POST /api/v1/account/tokens                  manage_own_account
DELETE /api/v1/account/tokens/{id}           manage_own_account    /api/v1/account/tokens/none
GET /api/v1/users                            manage_users
POST /api/v1/users                           manage_users
PATCH /api/v1/users/{name}                   manage_users          /api/v1/users/none
DELETE /api/v1/users/{name}                  manage_users          /api/v1/users/none
GET /api/v1/sessions                         manage_users
DELETE /api/v1/sessions/{id}                 manage_users          /api/v1/sessions/none
GET /api/v1/tokens                           manage_users
DELETE /api/v1/tokens/{id}                   manage_users          /api/v1/tokens/none
GET /api/v1/audit                            read_audit
GET /api/v1/audit/verify                     read_audit
`.trim().split('\n').map((line) => {
  const [method, path, action, target = path] = line.split(/ +/);
  return { method, path, action, target };
});

/// Frame, action, and one to send.
const frames = [
  ['auth', 'use_public', { token: 'twt_wrong' }],
  ['sub', 'read_tag', { tags: ['Random.Int1'] }],
  ['unsub', 'read_tag', { sub: 77 }],
  ['credit', 'read_tag', { sub: 77, n: 1 }],
  ['ping', 'use_public', {}],
  ['hist', 'read_history', { tags: ['Random.Int1'], from: 0, to: 1 }],
  ['cancel', 'read_history', {}],
  ['write', 'write_tag', { key: 'k', w: [['Nothing.There', 1]] }],
  ['press', 'write_tag', { w: ['Nothing.There', 1], release: 0 }],
  ['hold', 'write_tag', {}],
  ['release', 'write_tag', {}],
];

const upgrades = ['/ws', '/tagCurValue', '/api/v1/agent'];
const changes = (method) => method !== 'GET';

describe('access of every caller', () => {
  let tagwire, root, callers;
  const secrets = {};
  before(async () => {
    tagwire = await Tagwire.start();
    root = await setUp(tagwire);
    const sessions = [];
    const tokens = [];
    for (const role of roles) {
      await root.addUser(`${role}1`, role);
      const session = await login(tagwire, `${role}1`);
      sessions.push({ name: `a session of an ${role}`, headers: session.headers });
      secrets[role] = (await session.makeToken(role)).secret;
      tokens.push({ name: `a token of an ${role}`, headers: bearer(secrets[role]) });
    }
    const revoked = await root.makeToken('administrator');
    await root.ok(`/api/v1/account/tokens/${revoked.token.id}`, { method: 'DELETE' });
    secrets.revoked = revoked.secret;
    secrets.expired = (await root.makeToken('administrator', { expires: Date.now() + 3000 })).secret;
    callers = [
      { name: 'nobody of this machine', headers: {} },
      { name: 'nobody elsewhere', headers: fromElsewhere },
      ...sessions,
      ...tokens,
    ];
    await new Promise((resolve) => setTimeout(resolve, 3100));
  });
  after(() => tagwire?.stop());

  /// y, 1 or 3; other refusals by their status.
  async function ask({ method, path, target }, headers) {
    if (upgrades.includes(path)) {
      try {
        await (await openSocket(tagwire, target, { headers })).close();
        return 'y';
      } catch (error) {
        return { 401: '1', 403: '3' }[error.status] ?? 'y';
      }
    }
    const body = changes(method) ? '{}' : undefined;
    const all = { ...(body && { 'content-type': 'application/json' }), ...headers };
    const response = await open(tagwire, target, { method, headers: all, body, timeout: 20_000 });
    response.destroy();
    return { 401: '1', 403: '3' }[response.statusCode] ?? 'y';
  }

  const table = () => execFileSync(binary(), ['--routes'], { encoding: 'utf8' }).trim().split('\n').slice(1).map((line) => line.split('\t'));

  it('is written down for every route and frame there is', () => {
    const rows = table();
    assert.deepEqual(
      rows.filter(([method]) => method !== 'FRAME').map(([method, path, action]) => `${method} ${path} ${action}`),
      routes.map(({ method, path, action }) => `${method} ${path} ${action}`),
    );
    assert.deepEqual(rows.filter(([method]) => method === 'FRAME').map(([, t, action]) => `${t} ${action}`), frames.map(([t, action]) => `${t} ${action}`));
    for (const [, , action] of rows) assert(action in actions, action);
  });

  for (const route of routes) {
    // Logging out would end what the others need; the agent's token is nobody's (agent.test.mjs).
    if (`${route.method} ${route.path}` === 'DELETE /api/v1/session') continue;
    it(`${route.method} ${route.path}`, async () => {
      const expected = actions[route.action].replaceAll(' ', '');
      const answers = [];
      for (const { headers } of callers) answers.push(await ask(route, headers));
      assert.equal(answers.join(''), expected, callers.map(({ name }, i) => `${name}: ${answers[i]}`).join(', '));
    });

    it(`${route.method} ${route.path}: what does not count`, async () => {
      const open = route.action === 'use_public';
      const socket = upgrades.includes(route.path) && route.path !== '/api/v1/agent';
      for (const wrong of ['revoked', 'expired']) {
        assert.equal(await ask(route, bearer(secrets[wrong])), open && !socket ? 'y' : '1', `${wrong} token`);
      }
      assert.equal(await ask(route, bearer('twt_nobodys')), open && !socket ? 'y' : '1', 'a token of nobody');
      assert.equal(await ask(route, { ...root.headers, cookie: 'tagwire_session=nobodys' }), actions[route.action][0], 'a cookie of nobody');
      assert.equal(await ask(route, { ...root.headers, origin: 'https://evil.example' }), '3', 'a page of another site');
      // Another page of this machine does not act for the user whose cookie the browser sends along.
      const begins = ['POST /api/v1/session', 'POST /api/v1/setup'].includes(`${route.method} ${route.path}`);
      assert.equal(await ask(route, { ...root.headers, origin: 'http://localhost:3000' }), begins ? '3' : actions[route.action][0], 'another page of this machine');
      if (changes(route.method) && !begins) {
        for (const csrf of [undefined, 'wrong']) {
          const { 'x-tagwire-csrf': _, ...headers } = root.headers;
          assert.equal(await ask(route, csrf ? { ...headers, 'x-tagwire-csrf': csrf } : headers), '3', `CSRF value ${csrf}`);
        }
        const { origin: _, ...headers } = root.headers;
        assert.equal(await ask(route, headers), '3', 'a cookie without an origin');
      }
    });
  }

  it('is not looked at where there is nothing', async () => {
    for (const { headers } of [...callers, { headers: bearer(secrets.revoked) }]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const response = await open(tagwire, '/api/v1/nothing/there', { method, headers });
        response.destroy();
        assert.equal(response.statusCode, 404, method);
      }
    }
  });

  for (const [t, action, members] of frames) {
    it(`frame ${t}`, async () => {
      const expected = actions[action].replaceAll(' ', '');
      const answers = [];
      for (const { headers } of callers) {
        const { send, messages, close } = await openSocket(tagwire, '/ws', { headers });
        send(JSON.stringify({ t, id: 1, ...members }));
        // Credit and cancel are answered only when wrong: what is sent behind them is answered anyway.
        send('{"t":"ping","id":2}');
        const answer = await messages.take((text) => /"t":"(ok|err|pong|data|hist)"/.test(text));
        const code = /"code":"(\w+)"/.exec(answer)?.[1];
        answers.push(t === 'auth' ? 'y' : { unauthorized: '1', forbidden: '3' }[code] ?? 'y');
        await close();
      }
      assert.equal(answers.join(''), expected);
    });
  }

  it('a frame with a token says who asks', async () => {
    const { send, messages, close } = await openSocket(tagwire, '/ws', { headers: fromElsewhere });
    await messages.take((text) => text.includes('"hello"'));
    send('{"t":"sub","id":1,"tags":["Random.Int1"]}');
    assert.equal(JSON.parse(await messages.take(() => true)).code, 'unauthorized', 'not even sources are told before');
    for (const wrong of ['revoked', 'expired']) {
      send(JSON.stringify({ t: 'auth', id: 2, token: secrets[wrong] }));
      assert.equal(JSON.parse(await messages.take(() => true)).code, 'unauthorized');
    }
    send(JSON.stringify({ t: 'auth', id: 3, token: secrets.operator }));
    assert.deepEqual(JSON.parse(await messages.take(() => true)), { t: 'ok', id: 3, user: 'operator1', role: 'operator' });
    await messages.take((text) => text.includes('"src"'));
    send('{"t":"sub","id":4,"tags":["Random.Int1"]}');
    await messages.take((text) => text.includes('"id":4') && text.includes('"ok"'));
    send(JSON.stringify({ t: 'auth', id: 5, token: secrets.viewer }));
    assert.match(await messages.take((text) => text.includes('"id":5')), /before the first sub/);
    await close();
  });

  it('who does not log in is sent away, and who tries tokens, too', { timeout: 30_000 }, async () => {
    const quiet = await openSocket(tagwire, '/ws', { headers: fromElsewhere });
    const guessing = await openSocket(tagwire, '/ws', { headers: fromElsewhere });
    for (let id = 1; id <= 5; ++id) guessing.send(JSON.stringify({ t: 'auth', id, token: `twt_guess${id}` }));
    assert.equal((await guessing.closed()).code, 4001);
    assert.equal((await quiet.closed(15_000)).code, 4001);
  });
});
