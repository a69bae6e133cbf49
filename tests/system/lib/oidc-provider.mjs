/// A provider of OpenID Connect: the npm package oidc-provider on a port of loopback, with a form for logging in that
/// asks no other host for anything. Everybody's password is his name.
import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';

import Provider from 'oidc-provider';

const page = (uid) => `<!doctype html><title>Provider</title><link rel="icon" href="data:,">
<form method="post" action="/interaction/${uid}"><input name="login"><button name="do" value="in">In</button>
<button name="do" value="no">No</button></form>`;

const key = (type, options, rest) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...rest });

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

export class OidcProvider {
  secret = 'a secret with %, & and : in it';
  /// Name → claims besides sub, which is `sub of NAME`.
  accounts = new Map();
  #server;
  #sockets = new Set();

  /// `client`: what is special about it; `rest`: further configuration of the package.
  static async start({ port, redirect, client = {}, ...rest }) {
    const made = new OidcProvider();
    made.port = port;
    made.provider = new Provider(made.issuer, {
      clients: [{
        client_id: 'tagwire', client_secret: made.secret, redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'], ...client,
      }],
      jwks: { keys: [key('rsa', { modulusLength: 2048 }, { kid: 'r' }), key('ec', { namedCurve: 'P-256' }, { kid: 'e' })] },
      enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
      cookies: { keys: ['not secret'] },
      claims: { openid: ['sub'], profile: ['preferred_username', 'roles'] },
      features: { devInteractions: { enabled: false } },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      pkce: { required: () => true },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...made.accounts.get(accountId.slice('sub of '.length)) }) }),
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
      ...rest,
    });
    await made.listen();
    return made;
  }

  get issuer() {
    return `http://127.0.0.1:${this.port}`;
  }

  account(name, roles, claims = {}) {
    this.accounts.set(name, { preferred_username: name, roles, ...claims });
  }

  async listen() {
    const callback = this.provider.callback();
    this.#server = http.createServer((request, response) => {
      if (request.url.startsWith('/interaction/')) void this.#interact(request, response);
      else callback(request, response);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async #interact(request, response) {
    if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(page(request.url.split('/').at(-1)));
    const form = await bodyOf(request);
    const result = form.get('do') === 'no' ? { error: 'access_denied', error_description: 'not me' } : { login: { accountId: `sub of ${form.get('login')}` } };
    await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /// What a browser does at `location`: logs in as `name`, and comes to the address that it is sent back to.
  async logIn(location, name) {
    const cookies = new Map();
    const ask = async (address, options = {}) => {
      const answer = await fetch(address, { redirect: 'manual', ...options, headers: { cookie: [...cookies].map((one) => one.join('=')).join('; ') } });
      for (const line of answer.headers.getSetCookie()) {
        const [, key, value] = /^([^=]+)=([^;]*)/.exec(line);
        cookies.set(key, value);
      }
      return answer;
    };
    let next = new URL(location);
    for (let hops = 0; hops < 10; ++hops) {
      if (next.origin !== this.issuer) return next.href;
      const inside = next.pathname.startsWith('/interaction/');
      const answer = await ask(next, inside ? { method: 'POST', body: new URLSearchParams({ login: name, do: name ? 'in' : 'no' }) } : {});
      if (!answer.headers.has('location')) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
      next = new URL(answer.headers.get('location'), next);
    }
    throw new Error('the provider sends round in circles');
  }
}
