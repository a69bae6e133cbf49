/// The sink to PostgreSQL: what is recorded is in the table, once, whoever dies or is away meanwhile.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { metric } from './lib/metrics.mjs';
import { Postgresql } from './lib/postgresql.mjs';
import { history, load, recordOf } from './lib/record.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const patient = { timeout: 60_000, every: 200 };

/// Lines of `tagwire history export` as [tag, time to 1 µs, value, status]; those that only say that the record was not
/// known then are apart.
async function exported(tagwire, pattern = 'Load.**') {
  const lines = (await history(recordOf(tagwire), 'export', pattern)).trimEnd().split('\r\n').slice(1);
  const rows = lines.map((line) => line.split(',')).map(([tag, time, , type, value, status]) => ({ tag, time: time.slice(0, -2), type, value, status }));
  return {
    samples: rows.filter(({ type }) => type !== 'Null'),
    stops: new Set(rows.filter(({ type }) => type === 'Null').map(({ time, status }) => `${time} ${status}`)),
  };
}

const micros = `to_char(time, 'YYYY-MM-DD"T"HH24:MI:SS.US')`;

async function stored(database, schema = 'tagwire') {
  const rows = await database.query(`SELECT tag, ${micros}, coalesce(text, value::text), status FROM "${schema}".sample WHERE type<>0`);
  return rows.map(([tag, time, value, status]) => ({ tag, time, value, status }));
}

/// Each sample of the record is in the table exactly once, and nothing else.
async function same(database, tagwire, schema) {
  const key = ({ tag, time, value, status }) => `${tag} ${time} ${Number.isNaN(Number(value)) ? value : Number(value)} ${status}`;
  const recorded = await exported(tagwire);
  const wanted = recorded.samples.map(key).sort();
  const there = (await stored(database, schema)).map(key).sort();
  const counts = (list) => list.reduce((map, each) => map.set(each, (map.get(each) ?? 0) + 1), new Map());
  const [a, b] = [counts(wanted), counts(there)];
  const missing = [...a].filter(([each, count]) => (b.get(each) ?? 0) < count).map(([each]) => each);
  const surplus = [...b].filter(([each, count]) => (a.get(each) ?? 0) < count).map(([each]) => each);
  assert.deepEqual({ missing: missing.slice(0, 5), surplus: surplus.slice(0, 5), all: there.length }, { missing: [], surplus: [], all: wanted.length });
  const stops = new Set((await database.query(`SELECT ${micros}, status FROM "${schema ?? 'tagwire'}".stop`)).map(([time, status]) => `${time} ${status}`));
  return { count: wanted.length, stops, recordedStops: recorded.stops };
}

/// Ends it once everything that was recorded is sent: the sink stops before the record does, so it runs once more.
async function settle(tagwire) {
  await end(tagwire);
  const config = await quietConfig(tagwire);
  await tagwire.configure(config);
  await tagwire.launch();
  await eventually('all is sent', async () => (await metric(tagwire, 'postgresql_commits_waiting')) === 0 && (await metric(tagwire, 'postgresql_connected')) === 1, patient);
  await sleep(2500); // metrics are a second old, and what came with the start is sent within another
  await end(tagwire);
}

async function end(tagwire) {
  tagwire.program.signal('SIGTERM');
  await tagwire.program.end(5000);
}

/// The same without tags that change.
const quietConfig = async (tagwire) => `${sinkOf(tagwire.database, tagwire.schema)}\n[simulator]\nenabled = false`;

const sinkOf = (database, schema = 'tagwire') => `[postgresql]\nconninfo = "${database.conninfo}"\npassword_file = "password"\nschema = "${schema}"\n`;

async function start(database, schema, more = load) {
  const tagwire = await Tagwire.create({ config: `${sinkOf(database, schema)}${more}` });
  Object.assign(tagwire, { database, schema });
  await writeFile(path.join(tagwire.folder, 'password'), 'secret\n');
  await tagwire.launch();
  return tagwire;
}

const rows = async (database, schema) => Number((await database.query(`SELECT count(*) FROM "${schema}".sample`))[0][0]);

describe('the sink to PostgreSQL', () => {
  let database;
  const running = [];
  const begin = async (schema, more) => {
    const tagwire = await start(database, schema, more);
    running.push(tagwire);
    return tagwire;
  };
  before(async () => {
    database = await Postgresql.start();
  });
  after(async () => {
    for (const tagwire of running) await tagwire.stop({ exit: 'any' });
    await database?.stop();
  });

  it('makes its tables, and what is recorded is in them once', async () => {
    const tagwire = await begin('plain');
    await eventually('rows come', async () => (await rows(database, 'plain')) > 1000, patient);
    await settle(tagwire);
    const { count, stops, recordedStops } = await same(database, tagwire, 'plain');
    assert(count > 1000);
    const unsent = [...recordedStops].filter((stop) => !stops.has(stop));
    assert(unsent.length === 0 || (unsent.length === 1 && unsent[0] === [...recordedStops].sort().at(-1)), `${unsent}: all but the last are sent`);
    assert(stops.size > 0);
  });

  it('Tagwire killed with -9: nothing lost, nothing doubled', async () => {
    const tagwire = await begin('killed');
    for (let i = 0; i < 4; ++i) {
      await sleep(1300 + 200 * i);
      await tagwire.restartHard();
    }
    await sleep(2000);
    await settle(tagwire);
    const { count } = await same(database, tagwire, 'killed');
    assert(count > 1000);
  });

  it('the database killed with -9, and away for a while', async () => {
    const tagwire = await begin('away');
    await eventually('rows come', async () => (await rows(database, 'away')) > 200, patient);
    for (let i = 0; i < 3; ++i) {
      await sleep(700);
      await database.kill();
      await sleep(i === 2 ? 6000 : 1500);
      await database.launch();
      const there = await rows(database, 'away');
      await eventually('rows come again', async () => (await rows(database, 'away')) > there, patient);
    }
    assert.match(tagwire.log, /postgresql: .*What is recorded meanwhile is sent later/);
    assert.match(tagwire.log, /postgresql: sending again/);
    await settle(tagwire);
    await same(database, tagwire, 'away');
  });

  it('both away in turn; a record from before the sink is sent, too', async () => {
    const tagwire = await begin('both');
    await eventually('rows come', async () => (await rows(database, 'both')) > 200, patient);
    await end(tagwire);
    await tagwire.configure(load); // without the sink
    await tagwire.launch();
    await sleep(2000);
    await end(tagwire);
    await tagwire.configure(`${sinkOf(database, 'both')}${load}`);
    await database.kill();
    await tagwire.launch();
    await sleep(2000);
    await tagwire.program.kill();
    await database.launch();
    await tagwire.launch();
    await sleep(1500);
    await settle(tagwire);
    await same(database, tagwire, 'both');
  });

  it('a database that is frozen stops neither recording nor the end of the program', async () => {
    const tagwire = await begin('frozen');
    await eventually('rows come', async () => (await rows(database, 'frozen')) > 200, patient);
    const backends = (await database.query("SELECT pid FROM pg_stat_activity WHERE application_name='tagwire'")).map(([pid]) => Number(pid));
    for (const pid of backends) process.kill(pid, 'SIGSTOP');
    try {
      const before = await metric(tagwire, 'history_recorded_total');
      await eventually('it goes on recording', async () => (await metric(tagwire, 'history_recorded_total')) > before + 500, patient);
      assert((await metric(tagwire, 'postgresql_commits_waiting')) > 0);
      const begun = performance.now();
      await end(tagwire);
      assert(performance.now() - begun < 2500);
    } finally {
      for (const pid of backends) process.kill(pid, 'SIGCONT');
    }
    await tagwire.launch();
    await settle(tagwire);
    await same(database, tagwire, 'frozen');
  });

  it('says what to do about a wrong password, and goes on when it is right', async () => {
    const tagwire = await begin('words');
    await end(tagwire);
    await writeFile(path.join(tagwire.folder, 'password'), 'wrong\n');
    await tagwire.launch();
    await eventually('it says so', () => /password authentication failed for user "admin"; check user and dbname of conninfo, and what is in password_file/.test(tagwire.log), patient);
    assert(!tagwire.log.includes('wrong\n') && !tagwire.log.includes('secret'));
    assert.equal(await metric(tagwire, 'postgresql_connected'), 0);
    const told = tagwire.log.match(/password authentication failed/g).length;
    await sleep(3500);
    assert.equal(tagwire.log.match(/password authentication failed/g).length, told, 'once, not at each attempt');
    await writeFile(path.join(tagwire.folder, 'password'), 'secret\n');
    await eventually('it goes on', () => /sending again/.test(tagwire.log), patient);
    await settle(tagwire);
    await same(database, tagwire, 'words');
  });

  it('a database of another encoding, and one without the rights, are refused in words', async () => {
    await database.query("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    await database.query("CREATE ROLE guest LOGIN PASSWORD 'secret'");
    for (const [change, words] of [
      [(line) => line.replace('dbname=postgres', 'dbname=latin'), /the encoding of the database is LATIN1.*ENCODING 'UTF8'/],
      [(line) => line.replace('user=admin', 'user=guest'), /permission denied for database postgres.*the user lacks a right/],
      [(line) => line.replace(/port=\d+/, 'port=9'), /Connection refused.*check conninfo/],
      [(line) => line.replace('password_file = "password"\n', ''), /no password supplied; it wants a password/],
      [(line) => line.replace('"password"', '"nowhere"'), /nowhere cannot be read/],
    ]) {
      const tagwire = await Tagwire.create({ config: change(`${sinkOf(database, 'refused')}${load}`) });
      running.push(tagwire);
      await writeFile(path.join(tagwire.folder, 'password'), 'secret\n');
      await tagwire.launch();
      await eventually(`the log says ${words}`, () => words.test(tagwire.log), patient);
      await end(tagwire);
    }
  });

  it('refuses a configuration that cannot work', async () => {
    for (const [config, words] of [
      ['[postgresql]\nconninfo = "host=x password=y"', /postgresql\.conninfo.*password_file/s],
      ['[postgresql]\nconninfo = "hots=x"', /postgresql\.conninfo.*hots/s],
      ['[postgresql]\nconninfo = "host=x"\n[history]\nenabled = false', /postgresql\.conninfo.*history\.enabled/s],
      ['[postgresql]\nschema = "Plant;"', /postgresql\.schema.*lower-case/s],
    ]) {
      const tagwire = await Tagwire.create({ config });
      try {
        const program = tagwire.spawn();
        assert.notEqual((await program.end(10_000)).code, 0);
        assert.match(program.output, words);
      } finally {
        await tagwire.stop({ exit: 'any' });
      }
    }
  });

  it('texts come as they are, NUL as U+FFFD; a big number keeps its digits', async () => {
    const tagwire = await begin('texts', '[simulator]\nenabled = false');
    await eventually('the tables are there', async () => (await database.query("SELECT to_regclass('texts.position')"))[0][0] !== '', patient);
    await end(tagwire);
    const text = 'Pumpe "7" \\N \t 泵 😀';
    const lines = [`A,2026-01-01T00:00:00.1234567Z,,String,"${text.replaceAll('"', '""')}",0,,`, 'A,2026-01-01T00:00:01Z,,String,a\0b,0,,', 'B,2026-01-01T00:00:00Z,,UInt64,18446744073709551615,0,,', 'B,1700-01-01T00:00:00Z,,Double,NaN,2147483648,,'];
    const file = path.join(tagwire.folder, 'table.csv');
    await writeFile(file, `tag,source time,server time,type,value,status code,status,origin\r\n${lines.join('\r\n')}\r\n`);
    await tagwire.configure(`[history]\nkeep_days = 0\n${sinkOf(database, 'texts')}[simulator]\nenabled = false`);
    await history(recordOf(tagwire), 'import', file);
    await tagwire.launch();
    await eventually('they are there', async () => (await rows(database, 'texts')) === 4, patient);
    assert.deepEqual(await database.query(`SELECT tag, ${micros}, text, value, status, type, origin FROM texts.sample WHERE type<>0 ORDER BY tag, time`), [
      ['A', '2026-01-01T00:00:00.123456', text, '', '0', '12', '2'],
      ['A', '2026-01-01T00:00:01.000000', 'a\uFFFDb', '', '0', '12', '2'],
      ['B', '1700-01-01T00:00:00.000000', '', 'NaN', '2147483648', '11', '2'],
      ['B', '2026-01-01T00:00:00.000000', '18446744073709551615', '1.8446744073709552e+19', '0', '9', '2'],
    ]);
    await eventually('it is counted', async () => (await metric(tagwire, 'postgresql_altered_total')) === 1, patient);
  });

  /// Debian has no TimescaleDB: a stand-in notes that it was asked.
  it('makes a hypertable where there is TimescaleDB', async () => {
    await database.query(`CREATE DATABASE timescale TEMPLATE template0`);
    await database.query(
      `CREATE TABLE asked(name text); INSERT INTO pg_extension VALUES(99999, 'timescaledb', 10, 'public'::regnamespace, false, '2', NULL, NULL);
       CREATE FUNCTION create_hypertable(relation regclass, dimension name) RETURNS void LANGUAGE sql AS $$ INSERT INTO public.asked VALUES(relation || ' ' || dimension) $$`,
      'timescale',
    );
    const tagwire = await Tagwire.create({ config: `${sinkOf(database, 'hyper').replace('dbname=postgres', 'dbname=timescale')}${load}` });
    running.push(tagwire);
    await writeFile(path.join(tagwire.folder, 'password'), 'secret\n');
    await tagwire.launch();
    await eventually('the log says so', () => /"hyper"\.sample is a hypertable/.test(tagwire.log), patient);
    assert.deepEqual(await database.query('SELECT name FROM asked', 'timescale'), [['hyper.sample time']]);
  });
});
