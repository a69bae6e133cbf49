/// Documents of the pages over HTTP: versions and conditions, what is refused and in which words, and that what was
/// answered is kept whatever happens to the program.
import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { get, request } from './lib/http.mjs';
import { Tagwire } from './lib/tagwire.mjs';

const root = '/api/v1/documents';
const dashboards = `${root}/dashboard`;
const json = { 'content-type': 'application/json' };
/// As a proxy marks what it passes on from another machine.
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.7' };

const put = (tagwire, target, body, headers = {}) =>
  request(tagwire, target, { method: 'PUT', headers: { ...json, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const create = (tagwire, target, body, headers = {}) => put(tagwire, target, body, { 'if-none-match': '*', ...headers });
const replace = (tagwire, target, seen, body, headers = {}) => put(tagwire, target, body, { 'if-match': `"${seen}"`, ...headers });
const remove = (tagwire, target, seen, headers = {}) => request(tagwire, target, { method: 'DELETE', headers: { 'if-match': `"${seen}"`, ...headers } });

function refused(answer, status, words) {
  assert.equal(answer.status, status, answer.body);
  assert.match(answer.json().msg, words);
}

describe('documents', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start();
  });
  after(() => tagwire?.stop());

  it('makes no file before something is saved', async () => {
    assert.deepEqual((await get(tagwire, dashboards)).json(), { documents: [] });
    await assert.rejects(stat(path.join(tagwire.folder, 'documents')), { code: 'ENOENT' });
  });

  it('creates, lists, reads, replaces and removes', async () => {
    const target = `${dashboards}/line-1`;
    const first = '{ "title": "Line 1 蒸馏", "tiles": [1.50] }';
    const created = await create(tagwire, target, first);
    assert.equal(created.status, 201, created.body);
    assert.equal(created.headers.etag, '"1"');
    const { changed, ...summary } = created.json();
    assert.deepEqual(summary, { name: 'line-1', title: 'Line 1 蒸馏', version: 1, by: '' });
    assert(Math.abs(changed - Date.now()) < 60_000, String(changed));
    assert.deepEqual((await get(tagwire, dashboards)).json(), { documents: [created.json()] });
    assert.deepEqual((await get(tagwire, `${root}/screen`)).json(), { documents: [] });

    const read = await get(tagwire, target);
    assert.equal(read.body, first, 'byte by byte');
    assert.equal(read.headers.etag, '"1"');
    assert.match(read.headers['content-type'], /^application\/json/);
    const known = await get(tagwire, target, { headers: { 'if-none-match': '"1"' } });
    assert.deepEqual([known.status, known.body, known.headers.etag], [304, '', '"1"']);
    const head = await request(tagwire, target, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body, head.headers.etag], [200, '', '"1"']);

    const replaced = await replace(tagwire, target, 1, { title: 'Line one' });
    assert.deepEqual([replaced.status, replaced.headers.etag], [200, '"2"'], replaced.body);
    assert.equal((await get(tagwire, target, { headers: { 'if-none-match': '"1"' } })).json().title, 'Line one');
    assert.equal((await get(tagwire, `${target}?version=1`)).body, first);
    const { versions } = (await get(tagwire, `${target}/versions`)).json();
    assert.deepEqual(versions.map(({ version, title }) => [version, title]), [[2, 'Line one'], [1, 'Line 1 蒸馏']]);

    assert.equal((await remove(tagwire, target, 2)).status, 204);
    refused(await get(tagwire, target), 404, /no dashboard 'line-1'/);
    const again = await create(tagwire, target, { title: 'again' });
    assert.deepEqual([again.status, again.headers.etag], [201, '"3"'], 'numbers never come again');
    await remove(tagwire, target, 3);
  });

  it('lets nobody overwrite what he has not seen', async () => {
    const target = `${dashboards}/conflicts`;
    refused(await put(tagwire, target, { title: 'A' }), 428, /If-Match.*If-None-Match/);
    refused(await replace(tagwire, target, 1, { title: 'A' }), 412, /no such document/);
    await create(tagwire, target, { title: 'A' });
    const twice = await create(tagwire, target, { title: 'A' });
    refused(twice, 412, /already, with version 1/);
    assert.equal(twice.json().code, 'conflict');
    assert.equal(twice.headers.etag, '"1"');
    // Of many at once, one wins.
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => replace(tagwire, target, 1, { title: `${i}` })));
    const won = answers.findIndex(({ status }) => status === 200);
    assert.equal(answers.filter(({ status }) => status === 412).length, 19);
    assert.equal((await get(tagwire, target)).json().title, String(won));
    refused(await remove(tagwire, target, 1), 412, /version 2/);
    refused(await request(tagwire, target, { method: 'DELETE' }), 428, /If-Match/);
    assert.equal((await remove(tagwire, target, 2)).status, 204);
  });

  it('says what is wrong', async () => {
    const target = `${dashboards}/wrong`;
    refused(await create(tagwire, target, '{"title":'), 400, /not valid JSON at byte 9/);
    refused(await create(tagwire, target, '[]'), 400, /JSON object/);
    refused(await create(tagwire, target, {}), 400, /"title"/);
    refused(await create(tagwire, target, { title: '' }), 400, /1 to 512/);
    refused(await create(tagwire, target, { title: 'A' }, { 'content-type': 'text/plain' }), 415, /application\/json/);
    refused(await put(tagwire, target, { title: 'A' }, { 'if-match': '7' }), 400, /If-Match/);
    refused(await put(tagwire, target, { title: 'A' }, { 'if-match': '"1"', 'if-none-match': '*' }), 400, /not both/);
    refused(await put(tagwire, target, { title: 'A' }, { 'if-none-match': '"1"' }), 400, /expected \*/);
    for (const name of ['Line', 'a_b', '-a', '..', 'a'.repeat(65), '%2e%2e']) {
      refused(await create(tagwire, `${dashboards}/${name}`, { title: 'A' }), 400, /no name of a document/);
    }
    refused(await get(tagwire, `${root}/report`), 404, /dashboard, screen/);
    refused(await get(tagwire, `${target}/other`), 404, /versions/);
    refused(await get(tagwire, `${target}?version=0`), 400, /version/);
    refused(await get(tagwire, `${dashboards}?q=1`), 400, /unknown parameter/);
    for (const [method, place] of [['POST', target], ['PUT', dashboards], ['DELETE', `${target}/versions`], ['PATCH', target]]) {
      assert.equal((await request(tagwire, place, { method, headers: json, body: '{}' })).status, 405, `${method} ${place}`);
    }
    assert.deepEqual((await get(tagwire, dashboards)).json(), { documents: [] });
  });

  it('takes 1 MiB, and nothing larger', async () => {
    const target = `${dashboards}/large`;
    const sized = (bytes) => JSON.stringify({ title: 'L', x: '' }).replace('""', `"${'x'.repeat(bytes - 20)}"`);
    const largest = sized(1 << 20);
    assert.equal(Buffer.byteLength(largest), 1 << 20);
    const taken = await create(tagwire, target, largest);
    assert.equal(taken.status, 201, taken.body);
    assert.equal((await get(tagwire, target)).body, largest);
    refused(await replace(tagwire, target, 1, sized((1 << 20) + 1)), 413, /too large/);
    const elsewhere = await replace(tagwire, target, 1, largest, fromElsewhere);
    assert.equal(elsewhere.status, 413, 'bodies of those who may not change anything are not even read');
    refused(await request(tagwire, '/api/v1/opcua/certificates/trust', { method: 'POST', headers: json, body: largest }), 413, /too large/);
    await remove(tagwire, target, 1);
  });

  it('takes a document of unknown length on a connection that goes on', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const chunked = (name, size) => new Promise((resolve, reject) => {
      const sent = http.request({ host: '127.0.0.1', port: tagwire.port, path: `${dashboards}/${name}`, method: 'PUT', headers: { ...json, 'if-none-match': '*' }, agent });
      sent.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on('error', reject);
      sent.write('{"title":"C","x":"');
      sent.write('x'.repeat(size));
      sent.end('"}');
    });
    for (const name of ['c1', 'c2', 'c3']) assert.equal(await chunked(name, 500_000), 201);
    agent.destroy();
    for (const name of ['c1', 'c2', 'c3']) await remove(tagwire, `${dashboards}/${name}`, 1);
  });

  it('is read and changed only by whom the server knows, or takes for an engineer', async () => {
    const target = `${dashboards}/guarded`;
    refused(await create(tagwire, target, { title: 'A' }, fromElsewhere), 401, /log in/);
    await create(tagwire, target, { title: 'A' });
    refused(await remove(tagwire, target, 1, fromElsewhere), 401, /log in/);
    refused(await get(tagwire, dashboards, { headers: fromElsewhere }), 401, /log in/);
    refused(await get(tagwire, target, { headers: fromElsewhere }), 401, /log in/);

    const foreign = { origin: 'https://evil.example' };
    refused(await replace(tagwire, target, 1, { title: 'B' }, foreign), 403, /evil\.example/);
    refused(await remove(tagwire, target, 1, foreign), 403, /evil\.example/);
    refused(await get(tagwire, target, { headers: foreign }), 403, /evil\.example/);
    const preflight = await request(tagwire, target, { method: 'OPTIONS', headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' } });
    assert.match(preflight.headers['access-control-allow-methods'], /PUT.*DELETE/);
    assert.match(preflight.headers['access-control-allow-headers'], /If-Match/);
    assert.equal((await get(tagwire, target)).json().title, 'A');
    await remove(tagwire, target, 1);
  });

  it('keeps the latest 50 versions', async () => {
    const target = `${root}/screen/long-lived`;
    await create(tagwire, target, { title: '1' });
    for (let i = 1; i < 55; ++i) assert.equal((await replace(tagwire, target, i, { title: String(i + 1) })).status, 200);
    const { versions } = (await get(tagwire, `${target}/versions`)).json();
    assert.deepEqual([versions.length, versions[0].version, versions.at(-1).version], [50, 55, 6]);
    refused(await get(tagwire, `${target}?version=5`), 404, /latest 50/);
  });

  it('has what was answered after kill -9, and after an orderly end', { timeout: 60_000 }, async () => {
    const program = await Tagwire.start({ config: '[documents]\nfolder = "made"' });
    const target = `${dashboards}/kept`;
    let version = 0;
    for (let round = 0; round < 5; ++round) {
      // Killed while further ones are being saved.
      const answered = [];
      const saving = (async () => {
        for (;;) {
          const body = { title: `round ${round}`, x: 'x'.repeat(20_000) };
          const answer = version === 0 ? await create(program, target, body) : await replace(program, target, version, body);
          assert([200, 201].includes(answer.status), answer.body);
          version = answer.json().version;
          answered.push(version);
        }
      })();
      saving.catch(() => {});
      while (answered.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
      await program.program.kill();
      await saving.catch((error) => assert.notEqual(error.name, 'AssertionError', error.message));
      await program.launch();
      const kept = Number(JSON.parse((await get(program, target)).headers.etag));
      // One more may have been saved whose answer was lost.
      assert(kept === version || kept === version + 1, `${version} was answered, ${kept} is there`);
      assert.equal((await get(program, target)).json().title, `round ${round}`);
      version = kept;
    }
    const before = (await get(program, target)).body;
    program.program.signal('SIGTERM');
    assert.deepEqual(await program.program.end(5000), { code: 0, signal: null });
    await program.launch();
    assert.equal((await get(program, target)).body, before);
    assert((await readFile(path.join(program.folder, 'made', 'documents.db'))).length > 0);
    await program.stop();
  });

  it('answers that its file is damaged, and serves everything else', async () => {
    const program = await Tagwire.create();
    await mkdir(path.join(program.folder, 'documents'));
    await writeFile(path.join(program.folder, 'documents', 'documents.db'), 'no database, but long enough for one'.repeat(100));
    await program.launch();
    refused(await get(program, dashboards), 500, /documents\.db is damaged.*backup/);
    refused(await create(program, `${dashboards}/a`, { title: 'A' }), 500, /damaged/);
    assert.equal((await get(program, '/api/v1/values?tags=Random.Int1')).status, 200);
    await program.stop();
  });
});
