/// HTTP/1.1 requests as they are: no redirects, no retries, any header.
import http from 'node:http';
import https from 'node:https';

import { within } from './wait.mjs';

/// Opens a request to `tagwire` ({port, tls}); resolves with the response as soon as its head is there.
export function open(tagwire, target, { method = 'GET', headers = {}, body, timeout = 5000 } = {}) {
  const answer = new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port: tagwire.port, path: target, method, headers, agent: false };
    const request = tagwire.tls ? https.request({ ...where, ca: tagwire.tls.ca }) : http.request(where);
    request.on('response', resolve).on('error', reject).end(body);
  });
  return within(timeout, `answer to ${method} ${target}`, answer);
}

/// A whole answer: {status, headers, bytes, body, json()}; `body` is `bytes` as text.
export async function request(tagwire, target, options = {}) {
  const response = await open(tagwire, target, options);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const body = bytes.toString('utf8');
  return { status: response.statusCode, headers: response.headers, bytes, body, json: () => JSON.parse(body) };
}

export const get = (tagwire, target, options) => request(tagwire, target, options);
