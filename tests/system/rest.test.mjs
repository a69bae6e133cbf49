/// The HTTP API: tags, values, sources, errors, methods, and the documents that describe it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';

import { checkStruct } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';

describe('REST', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: '[simulator]\nload_tags = 2500\nload_rate_hz = 0.1' });
  });
  after(() => tagwire?.stop());

  async function ok(target, struct) {
    const answer = await get(tagwire, target);
    assert.equal(answer.status, 200, answer.body);
    assert.match(answer.headers['content-type'], /^application\/json/);
    if (struct) checkStruct(struct, answer.json());
    return answer.json();
  }

  async function refused(target, status, code, words) {
    const answer = await get(tagwire, target);
    assert.equal(answer.status, status, answer.body);
    assert.match(answer.headers['content-type'], /^application\/json/);
    checkStruct('ErrorBody', answer.json());
    assert.equal(answer.json().code, code);
    if (words) assert.match(answer.json().msg, words);
  }

  describe('/api/v1/info', () => {
    it('tells the server, its limits and counts', async () => {
      const info = await ok('/api/v1/info', 'Info');
      assert.equal(info.protocol, 'tagwire.v1');
      assert(info.tags > 2500);
      assert.equal(info.sources, 1);
      assert(info.started <= info.now && Math.abs(info.now - Date.now()) < 2000);
      const client = await SocketClient.open(tagwire);
      assert.equal(client.hello.boot, info.boot);
      assert.deepEqual(client.hello.max, info.max);
      assert.equal((await ok('/api/v1/info', 'Info')).clients, 1);
      await client.close();
    });
  });

  describe('/api/v1/tags', () => {
    it('pages through all tags in the order of their paths', async () => {
      const names = [];
      let after;
      do {
        const page = await ok(`/api/v1/tags?limit=700${after ? `&after=${encodeURIComponent(after)}` : ''}`, 'TagsPage');
        assert(page.tags.length <= 700);
        names.push(...page.tags.map(({ n }) => n));
        assert.equal(page.total, (await ok('/api/v1/info')).tags);
        after = page.next;
      } while (after !== undefined);
      assert.equal(names.length, (await ok('/api/v1/info')).tags);
      assert.equal(new Set(names).size, names.length);
      const bytes = (text) => Buffer.from(text);
      assert.deepEqual(names, names.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))));
      assert(names.includes('Random.Int1'));
    });

    it('filters by pattern', async () => {
      const { total, tags } = await ok('/api/v1/tags?match=Load.*', 'TagsPage');
      assert.equal(total, 2500);
      assert.equal(tags.length, 1000);
      assert(tags.every(({ n }) => /^Load\.[^.]+$/.test(n)));
    });

    it('filters by text, upper and lower case alike', async () => {
      const { tags } = await ok('/api/v1/tags?q=saw-TOOTHED', 'TagsPage');
      assert(tags.length >= 5);
      assert(tags.every(({ n, d }) => /saw-toothed/i.test(n + JSON.stringify(d))));
    });

    it('has an empty page where nothing matches', async () => {
      assert.deepEqual(await ok('/api/v1/tags?match=Nothing.**', 'TagsPage'), { total: 0, tags: [] });
    });

    it('describes one tag, whose path has blanks and dashes', async () => {
      const tag = await ok('/api/v1/tags/Saw-toothed%20Waves.Real8', 'TagDetail');
      assert.equal(tag.n, 'Saw-toothed Waves.Real8');
      assert.equal(tag.ty, 'f64');
      assert.equal(tag.sim, true);
      assert.equal(tag.st, 'Good');
      assert.equal(typeof tag.v, 'number');
      assert(Math.abs(tag.ts - Date.now()) < 5000);
      assert(tag.rts >= tag.ts - 1);
    });

    it('refuses what is wrong', async () => {
      await refused('/api/v1/tags/Nope', 404, 'unknown_tag', /Nope/);
      await refused('/api/v1/tags?limit=0', 400, 'bad_request', /limit/);
      await refused('/api/v1/tags?limit=ten', 400, 'bad_request', /limit/);
      await refused('/api/v1/tags?limit=10001', 400, 'bad_request', /limit/);
      await refused('/api/v1/tags?match=a***', 400, 'bad_pattern');
      await refused('/api/v1/tags?colour=red', 400, 'bad_request', /colour/);
    });
  });

  describe('/api/v1/values', () => {
    it('answers names, lists and patterns', async () => {
      const answer = await ok('/api/v1/values?tags=Random.Int1,Random.Int2&tags=Square%20Waves.*', 'ValuesAnswer');
      const names = answer.values.map(({ n }) => n);
      assert(names.includes('Random.Int1') && names.includes('Random.Int2') && names.includes('Square Waves.Boolean'));
      assert.deepEqual(answer.bad, []);
      assert.equal(answer.boot, (await ok('/api/v1/info')).boot);
      for (const { v, q, st, ts, rts } of answer.values) {
        assert.notEqual(v, null);
        assert.deepEqual({ q, st }, { q: 0, st: 'Good' });
        assert(Math.abs(ts - answer.now) < 30_000 && Math.abs(rts - answer.now) < 30_000);
      }
    });

    it('changes', async () => {
      const first = await ok('/api/v1/values?tags=Random.Real8');
      await new Promise((resolve) => setTimeout(resolve, 300));
      const second = await ok('/api/v1/values?tags=Random.Real8');
      assert.notEqual(first.values[0].v, second.values[0].v);
      assert(second.seq > first.seq);
    });

    it('serves the good names and lists the bad ones', async () => {
      const { values, bad } = await ok('/api/v1/values?tags=Random.Int1,Nope', 'ValuesAnswer');
      assert.deepEqual(values.map(({ n }) => n), ['Random.Int1']);
      assert.deepEqual(bad.map(({ n, code }) => [n, code]), [['Nope', 'unknown_tag']]);
    });

    it('has a reason for a value that is Bad', async () => {
      const { values } = await ok('/api/v1/values?tags=Read%20Error.Int4', 'ValuesAnswer');
      assert(values[0].q >= 0x80000000);
      assert.match(values[0].st, /^Bad/);
    });

    it('refuses what is wrong', async () => {
      await refused('/api/v1/values', 400, 'bad_request', /tags/);
      await refused('/api/v1/values?tags=', 400, 'bad_request', /tags/);
    });
  });

  it('/api/v1/sources tells the state of every source', async () => {
    const { sources } = await ok('/api/v1/sources', 'SourcesAnswer');
    assert.deepEqual(sources.map(({ n, kind, state }) => [n, kind, state]), [['simulator', 'simulator', 'live']]);
  });

  describe('documents', () => {
    it('openapi.json is a valid OpenAPI document of every route', async () => {
      const document = await ok('/api/v1/openapi.json');
      const { valid, errors } = await new Validator().validate(structuredClone(document));
      assert(valid, JSON.stringify(errors, null, 1));
      for (const route of ['/info', '/tags', '/tags/{path}', '/values', '/sources', '/stream']) {
        const [, operations] = Object.entries(document.paths).find(([path]) => path.endsWith(route)) ?? [];
        assert(operations?.get, `no GET ${route}`);
      }
    });

    it('asyncapi.json describes the frames', async () => {
      const document = await ok('/api/v1/asyncapi.json');
      assert.match(document.asyncapi, /^[23]\./);
      assert.match(JSON.stringify(document), /tagwire\.v1/);
    });
  });

  describe('methods and routes', () => {
    it('HEAD has the head of GET and no body', async () => {
      const answer = await request(tagwire, '/api/v1/openapi.json', { method: 'HEAD' });
      const whole = await get(tagwire, '/api/v1/openapi.json');
      assert.equal(answer.status, 200);
      assert.equal(answer.body, '');
      assert.equal(answer.headers['content-length'], whole.headers['content-length']);
      assert.equal(Number(whole.headers['content-length']), Buffer.byteLength(whole.body));
    });

    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      it(`${method} is not allowed`, async () => {
        const answer = await request(tagwire, '/api/v1/tags', { method, body: '{}' });
        assert.equal(answer.status, 405);
        assert.match(answer.headers.allow, /GET/);
        checkStruct('ErrorBody', answer.json());
      });
    }

    for (const target of ['/api/v1/nothing', '/api/v2/info', '/nothing.html', '/../../etc/passwd', '/%2e%2e/etc/passwd']) {
      it(`${target} is not there`, async () => {
        const answer = await get(tagwire, target);
        assert([400, 404].includes(answer.status), String(answer.status));
        assert(!answer.body.includes('root:'));
      });
    }

    it('a plain GET of /ws says what to do', async () => {
      const answer = await get(tagwire, '/ws');
      assert([400, 426].includes(answer.status), String(answer.status));
      assert.match(answer.json().msg, /WebSocket/i);
    });

    it('the page is there, compressed on request, with a strict policy', async () => {
      const page = await get(tagwire, '/');
      assert.equal(page.status, 200);
      assert.match(page.headers['content-type'], /^text\/html/);
      const policy = page.headers['content-security-policy'];
      assert.match(policy, /default-src 'self'|default-src 'none'/);
      assert(!/script-src[^;]*unsafe-inline/.test(policy), policy);
      assert.equal(page.headers['x-content-type-options'], 'nosniff');
      const packed = await get(tagwire, '/', { headers: { 'accept-encoding': 'gzip' } });
      assert.equal(packed.headers['content-encoding'], 'gzip');
    });
  });
});
