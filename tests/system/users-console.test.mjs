/// `tagwire user`, `tagwire token` and `tagwire audit`: made at the console while the server runs, and an audit log that tells
/// when somebody has been at it.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { runConsole } from './lib/console.mjs';
import { metric } from './lib/metrics.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const password = 'correct horse battery\n';

describe('users at the console', () => {
  let tagwire;
  before(async () => {
    tagwire = await Tagwire.start({ config: '[simulator]\nmatrikon = false\nplant = false\nload_tags = 1' });
  });
  after(() => tagwire?.stop());
  const run = (words, options) => runConsole(tagwire, words, options);
  const good = async (words, options) => {
    const { code, out, error } = await run(words, options);
    assert.equal(code, 0, `tagwire ${words.join(' ')}: ${out}${error}`);
    return out;
  };
  const bad = async (words, pattern, options) => {
    const { code, error } = await run(words, options);
    assert.equal(code, 2, `tagwire ${words.join(' ')} should have failed`);
    assert.match(error, pattern);
  };
  const entries = async (...words) => (await good(['audit', 'show', '--limit', '1000', ...words])).trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));

  it('the server prints the link for the first administrator', async () => {
    await eventually('the link is printed', () => /made here: http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{43}\n/.test(tagwire.log));
  });

  it('the first user is an administrator, whose password is no argument', async () => {
    await bad(['user', 'add', 'anna'], /the first user has to be an administrator/, { input: password });
    await bad(['user', 'add', 'root', '--role', 'administrator'], /too short/, { input: 'short\n' });
    await bad(['user', 'add', 'root', '--role', 'administrator', '--password', 'x'], /'--password' is unknown/);
    assert.match(await good(['user', 'add', 'root', '--role', 'administrator'], { input: password }), /'root' was added: administrator/);
  });

  it('the running server knows of it within a second or so', async () => {
    await eventually('there is a user', async () => (await metric(tagwire, 'access_users')) === 1, { timeout: 3000 });
  });

  it('users are added, listed, changed and removed', async () => {
    await good(['user', 'add', 'anna', '--role', 'operator', '--read', 'Line1.**', '--read', 'Weather.*', '--write', 'Line1.*.SetPoint'], { input: password });
    await bad(['user', 'add', 'ANNA'], /there is a user 'ANNA' already/, { input: password });
    await bad(['user', 'add', 'bert', '--read', 'A..B'], /'A\.\.B'/, { input: password });
    assert.match(await good(['user', 'list']), /^anna +operator +enabled +- +Line1\.\*\*,Weather\.\* +Line1\.\*\.SetPoint$/m);
    await good(['user', 'role', 'anna', 'viewer']);
    await bad(['user', 'role', 'anna', 'emperor'], /'emperor' is no role/);
    await good(['user', 'password', 'anna'], { input: 'another good one\n' });
    await good(['user', 'disable', 'anna']);
    assert.match(await good(['user', 'list']), /^anna +viewer +disabled/m);
    await good(['user', 'enable', 'anna']);
    await bad(['user', 'remove', 'root'], /last administrator/);
    await bad(['user', 'remove', 'nobody'], /there is no user 'nobody'/);
    await bad(['user', 'dance'], /no command of tagwire user/);
  });

  it('tokens are made, listed and revoked', async () => {
    const secret = (await good(['token', 'make', 'MES', '--user', 'anna', '--read', 'Line1.**'])).trim();
    assert.match(secret, /^twt_[\w-]{43}$/);
    await bad(['token', 'make', 'more', '--user', 'anna', '--role', 'engineer'], /no further than its user/);
    await bad(['token', 'make', 'late', '--user', 'anna', '--expires', '2020-01-01'], /expired already/);
    const list = await good(['token', 'list']);
    assert.doesNotMatch(list, new RegExp(secret));
    await eventually('the server knows the token', async () => (await metric(tagwire, 'access_tokens')) === 1, { timeout: 3000 });
    const [id] = list.split('\n')[1].split(' ');
    await good(['token', 'revoke', id]);
    await bad(['token', 'revoke', id], /no such token/);
    await bad(['token', 'revoke', '-id'], /names that begin with - come after --/);
    await eventually('the server forgot it', async () => (await metric(tagwire, 'access_tokens')) === 0, { timeout: 3000 });
    await good(['user', 'remove', 'anna']);
  });

  it('nothing of it is for others on this machine, and no secret lies there', async () => {
    const folder = path.join(tagwire.folder, 'security');
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (const name of await readdir(folder, { recursive: true })) {
      const file = path.join(folder, name);
      const status = await stat(file);
      assert.equal(status.mode & 0o077, 0, file);
      if (status.isFile()) assert(!(await readFile(file)).includes('correct horse'), file);
    }
  });

  it('all of it stands in the audit log, by whom', async () => {
    const all = await entries();
    assert(all.length > 10);
    assert.deepEqual(all.map(({ n }) => n), [...all.keys()].map((i) => all.length - i));
    assert(all.every(({ user }) => user.startsWith('console:')), JSON.stringify(all));
    const added = await entries('--action', 'user.add', '--outcome', 'done');
    assert.deepEqual(added.map(({ target }) => target), ['anna', 'root']);
    assert.deepEqual(JSON.parse(added[0].after), { role: 'operator', read: ['Line1.**', 'Weather.*'], write: ['Line1.*.SetPoint'], disabled: false });
    const refused = await entries('--outcome', 'refused', '--text', 'LAST ADMIN');
    assert.deepEqual(refused.map(({ action, target }) => `${action} ${target}`), ['user.remove root']);
    assert.deepEqual((await entries('--action', 'token')).map(({ action }) => action), ['token.revoke', 'token.revoke', 'token.make', 'token.make', 'token.make']);
    assert.doesNotMatch(JSON.stringify(all), /correct horse|another good one|twt_/);
    assert.match(await good(['audit', 'verify']), new RegExp(`^${all.length} entries, all as they were written; the last one is ${all.length} with [0-9a-f]{64}\n$`));
    await bad(['audit', 'show', '--outcome', 'maybe'], /no outcome/);
  });

  it('the log and the users outlive kill -9', async () => {
    await tagwire.restartHard();
    assert.equal(await metric(tagwire, 'access_users'), 1);
    assert.doesNotMatch(tagwire.log, /setup#/);
    await good(['audit', 'verify']);
  });

  it('what somebody did to the log is named', async () => {
    tagwire.program.signal('SIGTERM');
    await tagwire.program.end(5000);
    const folder = path.join(tagwire.folder, 'security/audit');
    const file = path.join(folder, 'audit-000000000001.jsonl');
    const whole = await readFile(file, 'utf8');
    const lines = whole.split('\n');
    const broken = async (text, pattern) => {
      if (text === null) await rm(file);
      else await writeFile(file, text);
      const { code, out } = await run(['audit', 'verify']);
      assert.equal(code, 1, out);
      assert.match(out, pattern);
      await writeFile(file, whole);
    };
    await broken(whole.replace('"user.add"', '"user.odd"'), /audit-000000000001\.jsonl:1: entry 1 was changed/);
    await broken(lines.toSpliced(2, 1).join('\n'), /audit-000000000001\.jsonl:3: entry 3 is missing before entry 4/);
    await broken(lines.toSpliced(3, 0, lines[2]).join('\n'), /audit-000000000001\.jsonl:4: entry 3 comes after entry 3/);
    await broken(lines.slice(0, -3).join('\n') + '\n', /the end is missing: entries \d+ to \d+ are gone/);
    await broken(null, /the end is missing: entries 1 to \d+ are gone/);
    await good(['audit', 'verify']);
  });

  it('a garbled file of users lets nobody in, and is kept', async () => {
    const file = path.join(tagwire.folder, 'security/access.db');
    await rm(`${file}-wal`, { force: true });
    await writeFile(file, 'this is no database');
    await tagwire.launch();
    await eventually('the log says so', () => tagwire.log.includes(`${file} is damaged`));
    assert.doesNotMatch(tagwire.log, /setup#/);
    assert.equal((await readdir(path.dirname(file))).filter((name) => name.includes('.damaged-')).length, 1);
    await bad(['user', 'list'], /is damaged/);
  });
});
