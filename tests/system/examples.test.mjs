/// docs/examples/python and web/client/examples: what others copy from works as it stands.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { get } from './lib/http.mjs';
import { root } from './lib/paths.mjs';
import { freePort } from './lib/ports.mjs';
import { Program } from './lib/program.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const client = path.join(root, 'web/client');
// Debian's: the one that its package python3-websockets belongs to.
const python = '/usr/bin/python3';

function run(command, args) {
  return new Program(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }), args[0]);
}

describe('the examples', () => {
  let tagwire, url;

  before(async () => {
    assert(existsSync(path.join(client, 'dist/index.js')), 'web/client is not built: ./run.sh, or npm run build in web');
    tagwire = await Tagwire.start();
    url = `ws://${tagwire.host}/ws`;
  });
  after(() => tagwire?.stop());

  /// What both terminal programs print: a line a change, and in words what they cannot watch.
  const programs = {
    'docs/examples/python/tagwire_watch.py': (tags) =>
      run(python, [path.join(root, 'docs/examples/python/tagwire_watch.py'), '--url', url, ...tags]),
    'web/client/examples/watch.mjs': (tags) => run(process.execPath, [path.join(client, 'examples/watch.mjs'), url, ...tags]),
  };

  for (const [name, start] of Object.entries(programs)) {
    describe(name, () => {
      it('prints values with unit, quality and time, and says what there is not', async () => {
        const watch = start(['Random.Int1', 'Random.Int8', 'Plant.**', 'No.Such']);
        try {
          const int1 = /^Random\.Int1\s+-?\d+\s+Good\s+20\d\d-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/m;
          await eventually('values', () => {
            assert.match(watch.output, int1);
            assert.match(watch.output, /^Random\.Int8\s+-?\d{5,}n?\s+Good/m);
            assert.match(watch.output, /^Plant\.\S+\s+-?[\d.]+\s+°C\s+Good/m);
            return true;
          });
          assert.match(watch.output, /No\.Such: .*no tag/);
        } finally {
          await watch.kill();
        }
      });

      it('goes on by itself after the server was killed', async () => {
        const watch = start(['Random.Int1']);
        try {
          const lines = () => watch.output.match(/^Random\.Int1\s/gm)?.length ?? 0;
          await eventually('values', () => lines() > 2);
          await tagwire.restartHard();
          const before = lines();
          await eventually('values again', () => lines() > before + 2, { timeout: 20_000 });
          assert(watch.running, watch.output);
        } finally {
          await watch.kill();
        }
      });
    });
  }

  describe('web/client/examples/page.html', () => {
    let web, port, browser;

    before(async () => {
      port = await freePort();
      web = run(python, ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', client]);
      await eventually('the static web server answers', async () => (await get({ port }, '/')).status === 200);
      browser = await Browser.start();
    });
    after(async () => {
      await browser?.stop();
      await web?.kill();
    });

    it('shows live values, and that they are old when the server is gone', async () => {
      const { page, close } = await browser.page({ allow: /ERR_CONNECTION_|WebSocket connection|favicon|404/ });
      await page.goto(`http://127.0.0.1:${port}/examples/page.html?server=${tagwire.host}&tags=Random.Int1,Random.Real8`);
      const row = page.locator('tr', { hasText: 'Random.Int1' });
      const value = () => row.locator('td').nth(1).textContent();
      await row.waitFor();
      const first = await value();
      await eventually('another value', async () => (await value()) !== first);
      assert.equal(await row.getAttribute('data-quality'), 'Good');
      await tagwire.program.kill();
      await eventually('marked as old', async () => (await row.getAttribute('data-quality')) === 'Stale');
      await tagwire.launch();
      await eventually('Good again', async () => (await row.getAttribute('data-quality')) === 'Good', { timeout: 20_000 });
      await close();
    });
  });
});
