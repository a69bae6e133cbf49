/// ./run.sh on a tree that is built: it listens within 3 s, and its signal reaches the program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { get } from './lib/http.mjs';
import { root } from './lib/paths.mjs';
import { Program } from './lib/program.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const built = existsSync(path.join(root, 'build/release/bin/tagwire'));

describe('run.sh', { skip: built ? false : 'build/release is not built' }, () => {
  it('with nothing to do listens in less than 3 s', { timeout: 900_000 }, async () => {
    const tagwire = await Tagwire.create();
    const script = path.join(root, 'run.sh');
    const runs = [];
    const run = (...args) => {
      const program = new Program(spawn(script, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }), 'run.sh');
      runs.push(program);
      return program;
    };
    try {
      // Brings the build up to date, so that the measured run has nothing to do.
      const first = run('--version');
      assert.deepEqual(await first.end(900_000), { code: 0, signal: null }, first.output);

      const start = performance.now();
      const program = run('--config', tagwire.file);
      await eventually('it is ready', async () => {
        if (!program.running) return true;
        return (await get(tagwire, '/readyz')).status === 200;
      }, { timeout: 30_000 });
      const passed = performance.now() - start;
      assert(program.running, program.output);
      program.signal('SIGTERM');
      assert.deepEqual(await program.end(5000), { code: 0, signal: null }, program.output);
      assert(passed < 3000, `${passed} ms`);
    } finally {
      await Promise.all(runs.map((program) => program.kill()));
      await tagwire.stop();
    }
  });
});
