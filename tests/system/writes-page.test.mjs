/// Writing on the pages: what is typed arrives at the device and in another browser; who may not sees no form.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { login, setUp } from './lib/access.mjs';
import { accessible } from './lib/accessible.mjs';
import { Browser } from './lib/browser.mjs';
import { noSimulator, opcUa } from './lib/config.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { personAt } from './lib/person.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const variables = [
  { name: 'SP', type: 'Double', value: 10, unit: 'bar', range: [0, 100] },
  { name: 'Jog', type: 'Boolean', value: false },
];

describe('writing on the pages', () => {
  let peer, tagwire, browser;
  before(async () => {
    peer = await OpcUaPeer.start(variables);
    tagwire = await Tagwire.start({ config: noSimulator + opcUa('plc', peer.endpoint, peer.tags('Line'), { writable: ['Line.*'] }) });
    const root = await setUp(tagwire);
    await root.addUser('op1', 'operator', { write: ['Line.**'] });
    await root.addUser('guest', 'viewer');
    await root.ok('/api/v1/documents/dashboard/jog', {
      method: 'PUT',
      headers: { 'if-none-match': '*' },
      body: { title: 'Jog', tiles: [{ id: 't1', kind: 'button', x: 0, y: 0, w: 3, h: 3, tags: ['Line.Jog'] }] },
    });
    const socket = await SocketClient.open(tagwire, { headers: (await login(tagwire, 'op1')).headers });
    const subscription = await socket.sub('Line.**');
    await socket.until('the server tells what may be written', () => subscription.tags.get('Line.Jog')?.rw === 'rw', 20_000);
    await socket.close();
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
    await peer?.stop();
  });

  it('a value goes to the device, and to everybody who looks', async () => {
    const viewer = await personAt(browser, tagwire, 'guest', 'page=tags');
    const operator = await personAt(browser, tagwire, 'op1', 'page=tags');
    const shown = viewer.page.locator('[data-tag="Line.SP"] [data-live=value]');
    await shown.waitFor();
    assert.equal(await viewer.page.locator('.set').count(), 0, 'a viewer is offered nothing');

    await operator.page.locator('[data-tag="Line.SP"] .set').click();
    const form = operator.page.getByTestId('write');
    await form.getByRole('textbox').fill('101');
    await form.getByRole('button', { name: 'Continue' }).click();
    assert.match(await form.getByRole('alert').innerText(), /highest value is 100/);
    await form.getByRole('textbox').fill('55.5');
    await form.getByRole('button', { name: 'Continue' }).click();
    assert.match(await operator.page.getByTestId('write-change').innerText(), /10[\s\S]*55\.5/);
    await accessible(operator.page);
    assert.equal(await peer.read('SP'), 10, 'nothing before it is confirmed');
    await form.getByRole('button', { name: 'Write', exact: true }).click();
    await operator.page.getByTestId('written').waitFor();
    assert.equal(await peer.read('SP'), 55.5);
    await eventually('in the other browser', async () => Number(await shown.innerText()) === 55.5);
    await operator.close();
    await viewer.close();
  });

  it('a viewer may not by the API either', async () => {
    const guest = await login(tagwire, 'guest');
    const answer = await guest.request('/api/v1/values', { method: 'POST', body: { key: 'viewer', values: [{ tag: 'Line.SP', value: 1 }] } });
    assert.equal(answer.status, 403);
    assert.notEqual(await peer.read('SP'), 1);
  });

  it('a button stands while it is held, and is let go with the pointer, the focus, and the page', async () => {
    const { page, close } = await personAt(browser, tagwire, 'op1', 'page=dashboards&dashboard=jog');
    const button = page.locator('[data-hold="Line.Jog"]');
    await button.waitFor();
    const jog = (value) => eventually(`Jog is ${value}`, async () => (await peer.read('Jog')) === value);
    const box = await button.boundingBox();
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    await jog(true);
    await page.mouse.up();
    await jog(false);
    await button.focus();
    await page.keyboard.down(' ');
    await jog(true);
    await page.evaluate('window.dispatchEvent(new Event("blur"))');
    await jog(false);
    await page.keyboard.up(' ');
    await page.mouse.down();
    await jog(true);
    await close();
    await jog(false);
  });
});
