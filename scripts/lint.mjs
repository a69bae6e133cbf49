#!/usr/bin/env node
// Runs clang-tidy over every file of our own in the compilation database of the preset lint.
//   scripts/lint.mjs [--fix] [TEXT…]    only files whose path contains one of the TEXTs
// A file that was clean is skipped until it, a header of ours it includes, its command or .clang-tidy changes.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { closure, includeGraph } from './includes.mjs';

const root = join(import.meta.dirname, '..');
const build = join(root, 'build/lint');
const cache = join(build, 'clean');
const tidy = 'clang-tidy-19';
const fix = process.argv.includes('--fix');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const graph = includeGraph(join(root, 'src'));
const contents = new Map([...graph.keys()].map((file) => [file, readFileSync(join(root, 'src', file))]));
const common = createHash('sha256')
  .update(spawnSync(tidy, ['--version']).stdout ?? '')
  .update(readFileSync(join(root, '.clang-tidy')))
  .digest();

const units = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
  .filter(({ file }) => file.startsWith(join(root, 'src/')) && !file.includes('/generated/'))
  .map(({ file, command }) => {
    const name = relative(join(root, 'src'), file);
    const hash = createHash('sha256').update(common).update(command);
    for (const part of [...closure(graph, name)].sort()) hash.update(part).update(contents.get(part) ?? '');
    return { name, file, key: join(cache, hash.digest('hex')) };
  })
  .filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));

mkdirSync(cache, { recursive: true });
const queue = units.filter(({ key }) => fix || !existsSync(key));
console.log(`clang-tidy: ${queue.length} of ${units.length} files to look at`);
let dirty = 0;

function lint({ name, file, key }) {
  const started = performance.now();
  const args = ['-p', build, '--quiet', '--use-color', ...(fix ? ['--fix', '--format-style=file'] : []), file];
  return new Promise((resolve) => {
    const child = spawn(tidy, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', (error) => (errors += `${error.message}\n`));
    child.on('close', (status) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (status === 0) {
        writeFileSync(key, '');
        console.log(`clean: src/${name} (${seconds} s)`);
      } else {
        dirty++;
        console.log(`NOT CLEAN: src/${name} (${seconds} s)\n${output || errors}`);
      }
      resolve();
    });
  });
}

// Fixes may touch a shared header, so they are made one file at a time.
const workers = fix ? 1 : Number(process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? availableParallelism());
await Promise.all(
  Array.from({ length: workers }, async () => {
    for (let unit = queue.shift(); unit; unit = queue.shift()) await lint(unit);
  }),
);
if (dirty) console.error(`clang-tidy: ${dirty} file(s) not clean`);
process.exit(dirty ? 1 : 0);
