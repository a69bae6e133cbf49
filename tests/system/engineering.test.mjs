/// What engineers ask the server about its sources: address space, inner life, endpoints, certificates. Here of
/// a program on the server's own machine, which is an engineer's as long as there are no users.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { opcUa } from './lib/config.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { freePort } from './lib/ports.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const variables = [
  { name: 'Level', type: 'Double', value: 1.5, unit: 'm', range: [0, 10] },
  { name: 'Limit', type: 'Double', value: 9 },
];
/// As a proxy marks what it passes on from another machine.
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };
const encode = encodeURIComponent;

describe('engineering', () => {
  let peer, tagwire;
  before(async () => {
    peer = await OpcUaPeer.start(variables);
    tagwire = await Tagwire.start({
      config: opcUa('plc', peer.endpoint, peer.tags('Line')) + opcUa('away', `opc.tcp://127.0.0.1:${await freePort()}`, { 'Away.A': 'i=2258' }),
    });
    await eventually('the source is live', async () => (await get(tagwire, '/api/v1/sources/plc')).json().state === 'live', { timeout: 20_000 });
  });
  after(async () => {
    await tagwire?.stop();
    await peer?.stop();
  });

  async function ok(target, struct) {
    const answer = await get(tagwire, target);
    assert.equal(answer.status, 200, answer.body);
    checkStruct(struct, answer.json());
    return answer.json();
  }

  async function refused(target, status, code, words, options = {}) {
    const answer = await request(tagwire, target, options);
    assert.equal(answer.status, status, answer.body);
    checkStruct('ErrorBody', answer.json());
    assert.equal(answer.json().code, code);
    assert.match(answer.json().msg, words);
  }

  const browse = (query) => ok(`/api/v1/sources/plc/browse${query}`, 'BrowseAnswer');

  it('browses from the Objects folder to a variable', async () => {
    const { references, next } = await browse('');
    assert.equal(next, undefined);
    const level = references.find(({ browseName }) => browseName.endsWith(':Level'));
    assert.equal(level.node, peer.node('Level'));
    assert.deepEqual([level.nodeClass, level.displayName, level.forward], ['Variable', 'Level', true]);
    assert(references.find(({ browseName }) => browseName === 'Server').hasChildren);
  });

  it('by browse path, backwards, and references of every kind', async () => {
    const byPath = await browse('?node=/Objects/Server');
    assert(byPath.references.some(({ browseName }) => browseName === 'ServerStatus'));
    const parents = await browse(`?node=${encode(peer.node('Level'))}&direction=inverse`);
    assert.deepEqual(parents.references.map(({ node, forward }) => [node, forward]), [['i=85', false]]);
    const all = await browse(`?node=${encode(peer.node('Level'))}&all=true`);
    assert(all.references.some(({ nodeClass }) => nodeClass === 'VariableType'), 'its type definition');
  });

  it('in pages', async () => {
    const whole = (await browse('?node=i=2253')).references.map(({ node }) => node);
    const paged = [];
    let next;
    do {
      const page = await browse(`?node=i=2253&limit=3${next ? `&continuation=${next}` : ''}`);
      assert(page.references.length <= 3);
      paged.push(...page.references.map(({ node }) => node));
      next = page.next;
    } while (next !== undefined);
    assert.deepEqual(paged, whole);
  });

  it('shows a node with its value, type and rights', async () => {
    const node = await ok(`/api/v1/sources/plc/node?node=${encode(peer.node('Level'))}`, 'NodeDetail');
    assert.deepEqual([node.nodeClass, node.dataTypeName, node.value, node.status], ['Variable', 'Double', 1.5, 0]);
    assert(node.access.includes('CurrentRead'));
    assert.deepEqual(node.inverse.map(({ node: parent }) => parent), ['i=85']);
  });

  it('finds nodes by a part of their names', async () => {
    const { hits, seen } = await ok('/api/v1/sources/plc/search?q=EVE', 'SearchAnswer');
    assert(seen > 2);
    const hit = hits.find(({ node }) => node.node === peer.node('Level'));
    assert.match(hit.path, /Level$/);
    const found = await browse(`?node=${encode(hit.path)}`);
    assert.deepEqual(found.references.map(({ browseName }) => browseName).sort(), ['EURange', 'EngineeringUnits']);
  });

  it('tells the inner life of a source', async () => {
    const source = await eventually('a second has passed', async () => {
      const detail = await ok('/api/v1/sources/plc', 'SourceDetail');
      return detail.serverState && detail.subscriptions.length > 0 && detail;
    });
    assert.equal(source.serverState, 'Running');
    assert.equal(source.inUse, peer.endpoint);
    assert(Math.abs(source.clockSkew) < 2000);
    assert.equal(source.subscriptions.reduce((sum, { items }) => sum + items, 0), variables.length);
    assert(source.counts.source_sessions_total >= 1, JSON.stringify(source.counts));
  });

  it('tells how a server can be connected to', async () => {
    const { endpoints } = await ok(`/api/v1/opcua/endpoints?url=${peer.endpoint}`, 'EndpointsAnswer');
    assert.deepEqual(endpoints.map(({ policy, mode, secure }) => [policy, mode, secure]), [['None', 'None', false]]);
    assert.match(endpoints[0].words, /without security/);
  });

  it('lists certificates and hands out our own', async () => {
    const { own, trusted, rejected } = await ok('/api/v1/opcua/certificates', 'CertificatesAnswer');
    assert.match(own.fingerprint, /^[0-9a-f]{64}$/);
    assert.deepEqual([trusted, rejected], [[], []]);
    const file = await get(tagwire, '/api/v1/opcua/certificates/own.der');
    assert.equal(file.headers['content-type'], 'application/pkix-cert');
  });

  const json = { 'content-type': 'application/json' };
  const decide = (body, headers = json) => ({ method: 'POST', headers, body });
  for (const [what, target, status, code, words, options] of [
    ['an unknown node', '/api/v1/sources/plc/browse?node=i=99999999', 404, 'not_found', /BadNodeIdUnknown/],
    ['a path that leads nowhere', '/api/v1/sources/plc/node?node=/Objects/Nowhere', 404, 'not_found', /Nowhere|path/],
    ['what is no node id', '/api/v1/sources/plc/node?node=Level', 400, 'bad_request', /node id/],
    ['no node at all', '/api/v1/sources/plc/node', 400, 'bad_request', /'node'/],
    ['nothing to look for', '/api/v1/sources/plc/search?q=', 400, 'bad_request', /'q'/],
    ['an unknown parameter', '/api/v1/sources/plc/browse?nodes=i=85', 400, 'bad_request', /nodes/],
    ['a direction that is none', '/api/v1/sources/plc/browse?direction=up', 400, 'bad_request', /forward, inverse/],
    ['a page that was given up', '/api/v1/sources/plc/browse?continuation=4711', 502, 'unreachable', /BadContinuationPointInvalid/],
    ['a source that is none', '/api/v1/sources/nowhere', 404, 'not_found', /nowhere/],
    ['a source without an address space', '/api/v1/sources/simulator/browse', 404, 'not_found', /simulator/],
    ['a source that is away', '/api/v1/sources/away/browse', 502, 'unreachable', /not connected/],
    ['an address that is none', '/api/v1/opcua/endpoints?url=http://plc', 400, 'bad_request', /opc\.tcp/],
    ['a certificate that is none', '/api/v1/opcua/certificates/trust', 404, 'not_found', /fingerprint/, decide(JSON.stringify({ fingerprint: 'a'.repeat(64) }))],
    ['a body that is none', '/api/v1/opcua/certificates/trust', 400, 'bad_request', /JSON/, decide('{')],
    ['a form of another page', '/api/v1/opcua/certificates/trust', 400, 'bad_request', /application\/json/, decide('fingerprint=1', { 'content-type': 'text/plain' })],
    ['a page of another origin', '/api/v1/opcua/certificates/trust', 403, 'forbidden', /evil/, decide('{}', { ...json, origin: 'https://evil.example' })],
    ['reading by POST', '/api/v1/opcua/certificates', 405, 'unsupported', /GET/, decide('{}')],
    ['deciding by GET', '/api/v1/opcua/certificates/trust', 405, 'unsupported', /POST/],
  ]) {
    it(`refuses ${what}`, () => refused(target, status, code, words, options));
  }

  for (const target of ['/api/v1/sources/plc/browse', '/api/v1/sources/plc/node?node=i=85', '/api/v1/sources/plc/search?q=a', '/api/v1/opcua/certificates', '/api/v1/opcua/certificates/own.der', '/api/v1/opcua/endpoints?url=opc.tcp://127.0.0.1']) {
    it(`${target} is for nobody unknown elsewhere`, () => refused(target, 401, 'unauthorized', /log in/, { headers: fromElsewhere }));
  }
  for (const decision of ['trust', 'reject', 'remove']) {
    it(`nobody elsewhere may ${decision}`, () =>
      refused(`/api/v1/opcua/certificates/${decision}`, 401, 'unauthorized', /log in/, decide(JSON.stringify({ fingerprint: 'a'.repeat(64) }), { ...json, ...fromElsewhere })));
  }
});
