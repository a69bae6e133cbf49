/// What people see of an OPC DA server in a browser: the article's own page, and Tagwire's pages.
/// The article's page has Tagwire's address in it, so this test needs ports 5000 and 8008.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { accessible } from '../../../tests/system/lib/accessible.mjs';
import { ArticlePage, articlePort, articleTexts } from '../../../tests/system/lib/article-page.mjs';
import { Browser } from '../../../tests/system/lib/browser.mjs';
import { noSimulator } from '../../../tests/system/lib/config.mjs';
import { TagTable } from '../../../tests/system/lib/tag-table.mjs';
import { Tagwire } from '../../../tests/system/lib/tagwire.mjs';
import { eventually } from '../../../tests/system/lib/wait.mjs';
import { missing, until, Wine } from './wine.mjs';

const why = missing();
if (why) console.error(`\n*** THE PAGES OF AN OPC DA SOURCE ARE NOT TESTED: ${why} ***\n`);

const back = 40_000;

describe('an OPC DA server in the browser', { skip: why ?? false }, () => {
  let wine, tagwire, agent, article, browser;

  before(async () => {
    const token = randomBytes(24).toString('hex');
    wine = new Wine();
    // No simulator of Tagwire's own: Random.Int1 is the DA server's, or nobody's.
    tagwire = await Tagwire.start({
      port: 5000,
      config: `${noSimulator}
[[opcda]]
name = "da3"
token_sha256 = "${createHash('sha256').update(token).digest('hex')}"
server = "Tagwire.DA3.Simulation.1"
items = ["Random.Int1", "Random.*", "Bucket Brigade.*", "Triangle Waves.*"]
rate_ms = 20
`,
    });
    const file = path.join(tagwire.folder, 'token');
    await writeFile(file, token);
    article = await ArticlePage.start();
    browser = await Browser.start();
    agent = wine.start({ limit: 300_000 }, 'bridge', `ws://${tagwire.host}`, '--token-file', file);
    await until(() => agent.error, () => /items are watched/.test(agent.error));
  });
  after(async () => {
    await browser?.stop();
    await article?.stop();
    await agent?.kill();
    wine?.stop();
    await tagwire?.stop();
  });

  /// What the page of the article at `name` shows of Random.Int1 within two seconds.
  const shown = async (name) => {
    const { page, close } = await browser.page();
    await page.goto(`http://127.0.0.1:${articlePort}/${name}`);
    await page.waitForFunction(() => document.querySelector('#divTag').textContent !== '');
    const seen = await articleTexts(page, 2000);
    assert.ok(seen.length >= 5, `Random.Int1 changes ten times a second, seen: ${seen}`);
    for (const text of seen) {
      assert.match(text, /^-?\d+$/);
      assert.ok(Number(text) >= -128 && Number(text) <= 127, text);
    }
    await close();
  };

  test("the article's page, as it stands, shows Random.Int1 of the DA server", () => shown(''));

  test("the article's page shows it by /tagCurValue?tag=…, too", async () => {
    await article.addFor('int1.html', 'Random.Int1');
    await shown('int1.html');
  });

  test('the Tags page shows what the DA server calls back, its loss, and its return', async () => {
    const { page, close } = await browser.page();
    const table = await TagTable.open(page, tagwire, 'Triangle Waves.Real8');
    const seen = new Set();
    await eventually('three values', async () => {
      const row = await table.read('Triangle Waves.Real8');
      if (row?.quality === 'good') seen.add(row.value);
      return seen.size >= 3;
    }, { timeout: back });
    assert.equal((await table.read('Triangle Waves.Real8')).unit, '%');
    assert.ok(wine.killSimulator());
    await table.until('Triangle Waves.Real8', { quality: 'bad' }, back);
    await table.until('Triangle Waves.Real8', { quality: 'good' }, back);
    await close();
  });

  test('the Address space page walks through its branches to an item, its value and its properties', async () => {
    const { page, close } = await browser.page();
    const item = (node) => page.locator(`[role=treeitem][data-node="${node.replaceAll('"', '\\"')}"]`);
    const branch = (...steps) => `branch=${JSON.stringify(steps)}`;
    await page.goto(`${tagwire.url}/?page=space&lang=en`);
    await item(branch('Simulation Items')).waitFor();
    await item(branch('Simulation Items')).focus();
    await page.keyboard.press('ArrowRight');
    await item(branch('Simulation Items', 'Triangle Waves')).focus();
    await page.keyboard.press('ArrowRight');
    await item('item=Triangle Waves.Real8').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByTestId('node');
    await panel.locator('.value[data-quality=good] output').waitFor();
    for (const text of ['Item Description', 'Simulated: Triangle Waves.Real8', 'High EU', '1000', 'Server Scan Rate'])
      await panel.getByText(text, { exact: true }).first().waitFor();
    await item('item=Triangle Waves.Real8').focus();
    await page.keyboard.press('Space');
    await page.locator('[data-pick] .number', { hasText: '-1000 … 1000' }).waitFor();
    assert.match(await page.getByTestId('config-lines').textContent(), /items = \[\n {2}"Triangle Waves\.Real8",\n\]/);
    await accessible(page);
    await close();
  });

  test('the Address space page finds items by a part of their ids', async () => {
    const { page, close } = await browser.page();
    await page.goto(`${tagwire.url}/?page=space&lang=zh&find=brigade.int`);
    for (const leaf of ['Int1', 'Int2', 'Int4']) await page.locator(`[data-node="item=Bucket Brigade.${leaf}"]`).waitFor();
    await close();
  });

  test('the sources page tells of the agent, the server, and the rate that it granted', async () => {
    const source = await eventually('the server has told its status', async () => {
      const told = await (await fetch(`${tagwire.url}/api/v1/sources/da3`)).json();
      return told.state === 'live' && told.serverState === 'running' && told;
    }, { timeout: back });
    assert.deepEqual(source.subscriptions.map(({ asked, interval }) => [asked, interval]), [[20, 50]], JSON.stringify(source));
    const { page, close } = await browser.page();
    await page.goto(`${tagwire.url}/?page=sources&lang=en`);
    await page.locator('[data-source=da3][data-state=live]').waitFor();
    await close();
  });
});
