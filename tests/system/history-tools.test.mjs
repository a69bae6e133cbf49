/// `tagwire history`: what is exported can be imported into another record; what is damaged is put aside.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { get } from './lib/http.mjs';
import { history, historyTool, load, recordOf, samples, tag, verify } from './lib/record.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const head = '\uFEFFtag,source time,server time,type,value,status code,status,origin\r\n';
const values = (list) => list.filter(({ value }) => value !== null).map(({ time, value, status }) => ({ time, value, status }));

describe('tagwire history', () => {
  let tagwire, folder, scratch;
  before(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'tagwire-history-'));
    tagwire = await Tagwire.start({ config: load });
    await sleep(3000);
    tagwire.program.signal('SIGTERM');
    await tagwire.program.end(5000);
    folder = recordOf(tagwire);
  });
  after(async () => {
    await tagwire?.stop({ exit: 'any' });
    if (scratch) await rm(scratch, { recursive: true });
  });
  const emptyFolder = async (name) => {
    await mkdir(path.join(scratch, name));
    return path.join(scratch, name);
  };
  const table = async (name, text) => {
    const file = path.join(scratch, name);
    await writeFile(file, text);
    return file;
  };

  it('export prints what show shows, of the tags and the time asked for', async () => {
    const all = await samples(folder);
    // trim() would take the byte order mark, too.
    const lines = (await history(folder, 'export', tag)).trimEnd().split('\r\n');
    assert.equal(`${lines[0]}\r\n`, head);
    assert.equal(lines.length - 1, all.length);
    const cut = all[10].time;
    const some = (await history(folder, 'export', tag, '--from', String(cut))).trim().split('\r\n');
    assert.equal(some.length - 1, all.filter(({ time }) => time >= cut).length);
    const several = (await history(folder, 'export', 'Load.T00000*', '--to', String(cut))).trim().split('\r\n').slice(1);
    assert.equal(new Set(several.map((line) => line.split(',')[0])).size, 9); // from T000001
    assert(several.every((line) => Date.parse(line.split(',')[1]) < cut));
  });

  it('import puts them into another record, once, marked as imported', async () => {
    const file = await table('all.csv', await history(folder, 'export', 'Load.**'));
    const other = await emptyFolder('other');
    for (let i = 0; i < 2; ++i) assert.match(await history(other, 'import', file), /samples of 50 tags were imported/);
    const imported = await samples(other);
    assert.deepEqual(values(imported), values(await samples(folder)));
    assert(values(imported).length > 20);
    assert(imported.every(({ value, origin }) => value === null || origin === 'imported'));
    await history(other, 'verify');
  });

  it('imported samples are asked for like the others, between what was there', async () => {
    const own = await Tagwire.start({ config: load });
    try {
      const begin = Date.now();
      await sleep(1500);
      own.program.signal('SIGTERM');
      await own.program.end(5000);
      const time = new Date(begin + 700).toISOString();
      const file = await table('one.csv', `${head}${tag},${time},,Double,-12345.5,0,Good,live\r\nNew.Tag,${time},,String,"it's, new",0,,\r\n`);
      await history(recordOf(own), 'import', file);
      await own.launch();
      const ask = async (name) => (await get(own, `/api/v1/history?tags=${name}&from=${begin}`)).json().tags[0].v.map(([dt, v, , , origin]) => [begin + dt, v, origin]);
      await eventually('it has been recorded', async () => (await ask(tag)).length > 10);
      const rows = await ask(tag);
      const at = rows.findIndex(([, value]) => value === -12345.5);
      assert.equal(rows[at]?.[0], begin + 700);
      assert.equal(rows[at][2], 2);
      assert(at > 0 && rows[at - 1][0] <= rows[at][0] && rows[at + 1][0] >= rows[at][0], `at ${at} of ${rows.length}`);
      assert.deepEqual((await ask('New.Tag'))[0], [begin + 700, "it's, new", 2]);
    } finally {
      await own.stop({ exit: 'any' });
    }
  });

  it('import refuses a table with wrong lines, and says which', async () => {
    const file = await table('wrong.csv', `${head}A,2026-01-01T00:00:00Z,,Double,1.5,0,Good,live\r\nA,soon,,Double,1.5,0,Good,live\r\nA,0,,Int16,70000,0,Good,live\r\n`);
    const other = await emptyFolder('refused');
    const { code, stderr } = await historyTool(other, ['import', file]);
    assert.equal(code, 2);
    assert(stderr.includes(`${file}:3: source time: `), stderr);
    assert(stderr.includes(`${file}:4: value: '70000'`), stderr);
    assert.match(stderr, /nothing was imported/);
    assert.deepEqual(await readdir(other), []);
    const noTable = await historyTool(other, ['import', await table('no.csv', 'time,value\n1,2\n')]);
    assert.equal(noTable.code, 2);
    assert.match(noTable.stderr, /no\.csv:1: expected the columns tag,source time/);
  });

  it('says what is wrong with a command', async () => {
    for (const [words, said] of [
      [['mend'], /no command of tagwire history; there are verify, repair/],
      [['export'], /which tags/],
      [['export', 'Nothing.Here'], /nothing is recorded of 'Nothing.Here'/],
      [['export', tag, '--from', 'yesterday'], /--from: /],
      [['export', tag, '--from', '2026-01-02', '--to', '2026-01-01'], /before/],
      [['import', '/nowhere.csv'], /cannot be opened/],
      [['verify', '--deep', '1'], /'--deep' is unknown/],
    ]) {
      const { code, stderr } = await historyTool(folder, words);
      assert.equal(code, 2, words.join(' '));
      assert.match(stderr, said);
    }
  });

  it('repair keeps a copy, and what is whole; verify is content again', async () => {
    const good = values(await samples(folder));
    const journals = (await readdir(folder)).filter((name) => /^journal-.*\.log$/.test(name)).sort();
    const longest = journals.map((name) => path.join(folder, name));
    const sizes = await Promise.all(longest.map(async (file) => (await readFile(file)).length));
    const file = longest[sizes.indexOf(Math.max(...sizes))];
    const bytes = await readFile(file);
    bytes.fill(0x78, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40);
    await writeFile(file, bytes);
    const damaged = await historyTool(folder, ['verify']);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stdout, new RegExp(`${path.basename(file)}: \\d+ bytes from byte \\d+ on cannot be read`));

    const said = await history(folder, 'repair');
    assert.match(said, /a copy is kept as journal-/);
    await verify(tagwire);
    const copy = (await readdir(folder)).find((name) => name.startsWith(`${path.basename(file)}.damaged-`));
    assert.deepEqual(await readFile(path.join(folder, copy)), bytes);
    const left = new Map(values(await samples(folder)).map(({ time, value }) => [time, value]));
    const lost = good.filter(({ time, value }) => left.get(time) !== value);
    assert(lost.length > 0 && lost.length < good.length / 2, `${lost.length} of ${good.length} lost`);
    assert.match(await history(folder, 'repair'), /nothing is damaged/);
  });
});
