/// docs/examples/article: the article's own page, from another web server than Tagwire's, as it stands there. It has
/// Tagwire's address in it: port 5000.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { get } from './http.mjs';
import { root } from './paths.mjs';
import { Program } from './program.mjs';
import { eventually } from './wait.mjs';

export const articlePort = 8008;
const example = path.join(root, 'docs/examples/article/index.html');
const address = '/tagCurValue"';
const jquery = path.join(path.dirname(createRequire(import.meta.url).resolve('jquery')), 'jquery.min.js');

export class ArticlePage {
  #folder;
  #web;

  static async start() {
    const served = new ArticlePage();
    served.#folder = await mkdtemp(path.join(tmpdir(), 'tagwire-article-'));
    await copyFile(example, path.join(served.#folder, 'index.html'));
    await copyFile(jquery, path.join(served.#folder, 'jquery.min.js'));
    const server = ['-m', 'http.server', String(articlePort), '--bind', '127.0.0.1', '--directory', served.#folder];
    served.#web = new Program(spawn('python3', server, { stdio: ['ignore', 'pipe', 'pipe'] }), 'python3 -m http.server');
    await eventually('the static web server answers', async () => {
      assert(served.#web.running, served.#web.output);
      return (await get({ port: articlePort }, '/')).status === 200;
    });
    return served;
  }

  /// A further page at `name`, the same but for the tag that it asks for.
  async addFor(name, tag) {
    const text = await readFile(example, 'utf8');
    assert(text.includes(address), 'the page asks for /tagCurValue');
    await writeFile(path.join(this.#folder, name), text.replace(address, `/tagCurValue?tag=${encodeURIComponent(tag)}"`));
  }

  async stop() {
    await this.#web?.kill();
    await rm(this.#folder, { recursive: true });
  }
}

/// The different texts that #divTag of the page has shown within `ms`.
export function articleTexts(page, ms) {
  return page.evaluate(async (duration) => {
    const seen = new Set();
    const until = performance.now() + duration;
    while (performance.now() < until) {
      const text = document.querySelector('#divTag').textContent;
      if (text !== '') seen.add(text);
      await new Promise(requestAnimationFrame);
    }
    return [...seen];
  }, ms);
}
