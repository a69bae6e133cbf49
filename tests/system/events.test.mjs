/// Events and alarms of OPC UA servers (node-opcua) through the real program: they arrive, are acknowledged and confirmed,
/// and are right again after a restart of the server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { bearer, setUp } from './lib/access.mjs';
import { AlarmPeer } from './lib/alarm-peer.mjs';
import { noSimulator, opcUa } from './lib/config.mjs';
import { checkStruct } from './lib/frame-checker.mjs';
import { get, request } from './lib/http.mjs';
import { binary } from './lib/paths.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const run = promisify(execFile);

describe('events and alarms', () => {
  let first, second, tagwire;
  before(async () => {
    [first, second] = await Promise.all([AlarmPeer.start(), AlarmPeer.start()]);
    const source = (name, peer) => opcUa(name, peer.endpoint, peer.tags(name), { events: { enabled: true } });
    tagwire = await Tagwire.start({ config: noSimulator + source('one', first) + source('two', second) });
    for (const name of ['one', 'two']) await eventually(`${name} is refreshed`, async () => (await conditions(name)).current);
  });
  after(async () => {
    await tagwire?.stop();
    await first?.stop();
    await second?.stop();
  });

  async function events(name, after = 0) {
    const answer = (await get(tagwire, `/api/v1/sources/${name}/events?after=${after}`)).json();
    checkStruct('EventsAnswer', answer);
    return answer;
  }

  async function conditions(name) {
    const answer = (await get(tagwire, `/api/v1/sources/${name}/conditions`)).json();
    checkStruct('ConditionsAnswer', answer);
    return answer;
  }

  /// The condition once it `is` so; `undefined` for one that is gone.
  function condition(name, alarm, is) {
    return eventually(`${alarm} of ${name}`, async () => {
      const found = (await conditions(name)).conditions.find(({ condName }) => condName === alarm);
      assert(is(found), `it is ${JSON.stringify(found)}`);
      return { found };
    }).then(({ found }) => found);
  }

  const tool = (...words) => run(binary(), ['opcua', ...words, '--policy', 'none']);

  it('an alarm arrives with its state, at its source alone', async () => {
    await first.input('Level', 99);
    const alarm = await condition('one', 'LevelAlarm', (found) => found?.limit === 'HighHigh');
    assert.equal(alarm.active, true);
    assert.equal(alarm.acked, false);
    assert.equal(alarm.typeName, 'ExclusiveLimitAlarmType');
    assert.deepEqual(alarm.can, ['acknowledge', 'comment']);
    assert.equal(alarm.cond, first.node('LevelAlarm'));
    assert.deepEqual((await conditions('two')).conditions, []);
  });

  it('events without a condition arrive once and in order', async () => {
    const { last } = await events('one');
    await first.raise(50, { severity: 400, text: 'pump' });
    await eventually('50 events', async () => (await events('one', last)).events.length === 50);
    const { events: got, losses } = await events('one', last);
    assert.deepEqual(got.map(({ text }) => text.text), Array.from({ length: 50 }, (_, i) => `pump ${i}`));
    assert(got.every(({ typeName, sev }) => typeName === 'DeviceFailureEventType' && sev === 400));
    assert.equal(new Set(got.map(({ id }) => id)).size, 50);
    assert.equal(losses, 0);
  });

  it('acknowledge and confirm change the server and come back as events', async () => {
    const { last } = await events('one');
    await tool('acknowledge', first.endpoint, first.node('LevelAlarm'), '--comment', 'on my way');
    await condition('one', 'LevelAlarm', (found) => found?.acked === true);
    assert.equal((await first.alarm('LevelAlarm')).acked, true);
    assert.equal((await first.alarm('LevelAlarm')).comment, 'on my way');

    const again = await tool('acknowledge', first.endpoint, first.node('LevelAlarm')).catch((error) => error);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /acknowledged already/);

    const alarm = await condition('one', 'LevelAlarm', (found) => found?.can.includes('confirm'));
    assert.equal(alarm.confirmed, false);
    await tool('confirm', first.endpoint, first.node('LevelAlarm'));
    await condition('one', 'LevelAlarm', (found) => found === undefined || found.confirmed === true);
    assert.equal((await first.alarm('LevelAlarm')).confirmed, true);
    assert((await events('one', last)).events.some(({ cond }) => cond === first.node('LevelAlarm')));
  });

  it('the tool prints the present conditions first', async () => {
    await second.input('Valve', 1);
    await condition('two', 'ValveAlarm', (found) => found?.active);
    const { stdout } = await tool('events', second.endpoint, '--json', '--count', '1', '--for', '10s');
    const event = JSON.parse(stdout.trim());
    assert.equal(event.condition, second.node('ValveAlarm'));
    assert.equal(event.refreshed, true);
    assert.match(event.state, /^active unacked/);
  });

  it('after a restart the conditions are those of the server', async () => {
    await second.input('Level', 1);
    await condition('two', 'LevelAlarm', (found) => found?.active);
    await second.kill();
    await eventually('it shows that they are old', async () => !(await conditions('two')).current);
    assert.equal((await conditions('two')).conditions.length, 2, 'as last known');
    await second.launch(); // with everything normal
    await eventually('refreshed', async () => (await conditions('two')).current, { timeout: 20_000 });
    assert.deepEqual((await conditions('two')).conditions, []);
    assert.equal((await events('two')).losses, 1, 'what happened in between is not known');
    await second.input('Pressure', 99);
    await condition('two', 'PressureAlarm', (found) => found?.active);
  });

  describe('over the API', () => {
    let root, operator, viewer, elsewhere;
    before(async () => {
      root = await setUp(tagwire);
      ({ secret: operator } = await root.makeToken('operator'));
      ({ secret: viewer } = await root.makeToken('viewer'));
      ({ secret: elsewhere } = await root.makeToken('operator', { name: 'elsewhere', write: ['two.**'] }));
    });

    const post = (body, { source = 'one', secret = operator } = {}) =>
      request(tagwire, `/api/v1/sources/${source}/conditions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(secret && bearer(secret)) },
        body: JSON.stringify(body),
      });

    async function done(step, { cond, branch, id }, comment) {
      const answer = await post({ step, cond, branch, id, comment });
      assert.equal(answer.status, 200, answer.body);
      checkStruct('ConditionAnswer', answer.json());
      return answer.json();
    }

    /// The latest entry of the audit log about this action.
    async function entry(action) {
      const { entries } = await root.ok(`/api/v1/audit?action=${action}&limit=1`);
      return entries[0];
    }

    it('an alarm is acknowledged and confirmed, and both sides agree', async () => {
      await first.input('Level', 50); // node-opcua retains an alarm that is back to normal
      await condition('one', 'LevelAlarm', (found) => found?.active === false);
      await first.input('Level', 1);
      const seen = await condition('one', 'LevelAlarm', (found) => found?.can.includes('acknowledge'));
      const { last } = await events('one');
      assert.deepEqual(await done('acknowledge', seen, 'on my way'), { status: 0 });
      const acked = await condition('one', 'LevelAlarm', (found) => found?.acked);
      assert.equal(acked.comment.text, 'on my way');
      assert.notEqual(acked.id, seen.id);
      const theirs = await first.alarm('LevelAlarm');
      assert.equal(theirs.acked, true);
      assert.equal(theirs.comment, 'on my way');
      assert((await events('one', last)).events.some(({ cond, id }) => cond === seen.cond && id === acked.id));
      const written = await entry('alarm.acknowledge');
      assert.equal(written.user, 'root');
      assert.equal(written.token, 'operator token');
      assert.equal(written.outcome, 'done');
      assert.equal(written.address, '127.0.0.1');
      assert.equal(written.target, `one: ${seen.cond}`);
      assert.equal(written.after, '"on my way"');
      assert.match(written.detail, /LevelAlarm/);

      assert.deepEqual(acked.can, ['confirm', 'comment']);
      assert.deepEqual(await done('confirm', acked), { status: 0 });
      await condition('one', 'LevelAlarm', (found) => found === undefined || found.confirmed);
      assert.equal((await first.alarm('LevelAlarm')).confirmed, true);
      assert.equal((await entry('alarm.confirm')).outcome, 'done');
    });

    it('what the server refuses comes in words, and is written down', async () => {
      await first.input('Level', 50);
      await condition('one', 'LevelAlarm', (found) => found?.active === false);
      await first.input('Level', 99);
      const seen = await condition('one', 'LevelAlarm', (found) => found?.can.includes('acknowledge'));
      const outdated = await done('acknowledge', { ...seen, id: Buffer.from('of another time').toString('base64') });
      assert.equal(outdated.status, 0x809a0000);
      assert.match(outdated.msg, /not acknowledged: the condition has changed since: look at its present state.*BadEventIdUnknown/);
      assert.equal((await entry('alarm.acknowledge')).outcome, 'failed');
      assert.equal((await first.alarm('LevelAlarm')).acked, false);

      assert.deepEqual(await done('acknowledge', seen), { status: 0 });
      const acked = await condition('one', 'LevelAlarm', (found) => found?.acked);
      const again = await done('acknowledge', acked);
      assert.equal(again.status, 0x80cf0000);
      assert.match(again.msg, /acknowledged already/);
      assert.equal((await entry('alarm.acknowledge')).outcome, 'refused');
    });

    it('only for those who may, about what there is', async () => {
      await first.input('Pressure', 99);
      const { cond, id } = await condition('one', 'PressureAlarm', (found) => found?.can.includes('acknowledge'));
      const order = { step: 'acknowledge', cond, id };
      const refused = await post(order, { secret: viewer });
      assert.equal(refused.status, 403);
      assert.match(refused.json().msg, /role operator/);
      assert.equal((await post(order, { secret: null })).status, 401);
      const other = await post(order, { secret: elsewhere });
      assert.equal(other.status, 403);
      assert.match(other.json().msg, /fits none of your patterns for writing/);
      assert.equal((await post(order, { source: 'nobody' })).status, 404);
      assert.equal((await post({ ...order, cond: 'i=2253' })).status, 404);
      assert.equal((await post({ ...order, id: '!' })).status, 400);
      assert.equal((await post({ ...order, step: 'shelve' })).status, 400);
      assert.equal((await first.alarm('PressureAlarm')).acked, false, 'nothing of it came to the server');
    });

    it('nothing is kept for a server that is away', async () => {
      await second.input('Level', 1);
      const { cond, id } = await condition('two', 'LevelAlarm', (found) => found?.can.includes('acknowledge'));
      await second.kill();
      await eventually('it shows that they are old', async () => !(await conditions('two')).current);
      const answer = await post({ step: 'acknowledge', cond, id }, { source: 'two' });
      assert.equal(answer.status, 502, answer.body);
      assert.match(answer.json().msg, /nothing was done/);
      assert.equal((await entry('alarm.acknowledge')).outcome, 'refused');
      await second.launch();
      await eventually('refreshed', async () => (await conditions('two')).current, { timeout: 20_000 });
      await second.input('Pressure', 99);
      await condition('two', 'PressureAlarm', (found) => found?.active);
    });
  });

  it('counts in /metrics', async () => {
    const { body } = await get(tagwire, '/metrics');
    assert((await events('two')).losses >= 2, 'two restarts');
    assert.match(body, /^tagwire_source_conditions_active\{source="two"\} 1$/m);
    for (const name of ['one', 'two']) {
      const { losses } = await events(name);
      assert.match(body, new RegExp(`^tagwire_source_event_losses_total\\{source="${name}"\\} ${losses}$`, 'm'));
    }
    assert.match(body, /^tagwire_source_events_total\{source="one"\} [1-9]/m);
  });

  it('an unknown source is said', async () => {
    const answer = await get(tagwire, '/api/v1/sources/nobody/events');
    assert.equal(answer.status, 404);
    assert.match(answer.json().msg, /nobody/);
  });
});
