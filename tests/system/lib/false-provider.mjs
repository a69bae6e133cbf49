/// What pretends to be a provider of OpenID Connect, and answers whatever a test wants.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { readFile } from 'node:fs/promises';

const encoded = (object) => Buffer.from(typeof object === 'string' ? object : JSON.stringify(object)).toString('base64url');

export class FalseProvider {
  /// How often each path was asked for.
  asked = {};
  /// Path → function(request, response) instead of the usual answer.
  instead = {};
  #server;
  #sockets = new Set();

  /// `tls`: {certificate, key} as of lib/tls-certificates.mjs.
  static async start({ port, tls }) {
    const made = new FalseProvider();
    made.issuer = `http${tls ? 's' : ''}://127.0.0.1:${port}`;
    made.rotate('k1');
    const answer = (request, response) => made.#answer(request, response);
    made.#server = tls ? https.createServer({ cert: await readFile(tls.certificate), key: await readFile(tls.key) }, answer) : http.createServer(answer);
    made.#server.on('connection', (socket) => {
      made.#sockets.add(socket);
      socket.on('close', () => made.#sockets.delete(socket));
    });
    made.#server.listen(port, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /// A new key in place of the one before.
  rotate(kid) {
    this.kid = kid;
    this.keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.jwk = { ...this.keys.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
  }

  claims(nonce, more = {}) {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.issuer, aud: 'tagwire', sub: 'sub of fred', nonce, iat: now, exp: now + 300, preferred_username: 'fred', roles: ['shift'], ...more };
  }

  /// ES256 by the present key, or as `header`, `by` and `hmac` say.
  token(claims, { header = {}, by = this.keys.privateKey, hmac } = {}) {
    const text = `${encoded({ alg: 'ES256', kid: this.kid, ...header })}.${encoded(claims)}`;
    const signature = hmac === undefined ? sign('sha256', Buffer.from(text), { key: by, dsaEncoding: 'ieee-p1363' }) : createHmac('sha256', hmac).update(text).digest();
    return `${text}.${signature.toString('base64url')}`;
  }

  #answer(request, response) {
    const { pathname } = new URL(request.url, this.issuer);
    this.asked[pathname] = (this.asked[pathname] ?? 0) + 1;
    if (this.instead[pathname]) return this.instead[pathname](request, response);
    const { issuer } = this;
    const usual = {
      '/.well-known/openid-configuration': { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/me` },
      '/keys': { keys: [this.jwk] },
      '/token': { access_token: 'x', token_type: 'Bearer', id_token: this.idToken },
      '/me': this.userinfo,
    }[pathname];
    response.writeHead(usual ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(usual ?? {}));
  }
}
