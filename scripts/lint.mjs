#!/usr/bin/env node
// Runs clang-tidy over every file of our own in the compilation database of the preset lint.
//   scripts/lint.mjs [--fix] [TEXT…]    only files whose path contains one of the TEXTs
// A file that was clean is skipped until it, a header of ours it includes, its command or .clang-tidy changes.
// Files of one folder are looked at together, as one unit that includes them: nearly all of the time goes into the
// headers. A unit that is not clean, or that two files with one name in it keep from compiling, is taken apart.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { closure, includeGraph } from './includes.mjs';

const root = join(import.meta.dirname, '..');
const build = join(root, 'build/lint');
const cache = join(build, 'clean');
const units = join(build, 'units');
const tidy = 'clang-tidy-19';
const fix = process.argv.includes('--fix');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const maxFilesInUnit = fix ? 1 : 8;

const graph = includeGraph(join(root, 'src'));
const contents = new Map([...graph.keys()].map((file) => [file, readFileSync(join(root, 'src', file))]));
const common = createHash('sha256')
  .update(spawnSync(tidy, ['--version']).stdout ?? '')
  .update(readFileSync(join(root, '.clang-tidy')))
  .digest();

const files = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
  .filter(({ file }) => file.startsWith(join(root, 'src/')) && !file.includes('/generated/'))
  .map(({ file, command, directory }) => {
    const name = relative(join(root, 'src'), file);
    const hash = createHash('sha256').update(common).update(command);
    for (const part of [...closure(graph, name)].sort()) hash.update(part).update(contents.get(part) ?? '');
    const flags = command.replace(/ -o \S+ -c \S+$/, '');
    return { name, file, flags, directory, key: join(cache, hash.digest('hex')) };
  })
  .filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));

/// The files as lists of what can be compiled as one: same flags, same folder, tests apart.
function gathered(list) {
  const groups = new Map();
  for (const file of list) {
    const kind = /_test\.cpp$/.test(file.name) ? 'test' : '';
    const key = [file.flags, dirname(file.name), kind].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].flatMap((group) => {
    const count = Math.ceil(group.length / maxFilesInUnit);
    return Array.from({ length: count }, (_, i) => group.filter((_file, at) => at % count === i));
  });
}

mkdirSync(cache, { recursive: true });
rmSync(units, { recursive: true, force: true });
mkdirSync(units);
const todo = files.filter(({ key }) => fix || !existsSync(key));
const queue = gathered(todo).sort((a, b) => b.length - a.length);
console.log(`clang-tidy: ${todo.length} of ${files.length} files to look at, in ${queue.length} units`);
const findings = [];

/// Runs clang-tidy over one unit, whose own compilation database it writes; resolves with [status, output].
function run(unit, index) {
  const folder = join(units, `${index}`);
  mkdirSync(folder, { recursive: true });
  let [{ file }] = unit;
  const [{ flags, directory }] = unit;
  if (unit.length > 1) {
    file = join(folder, 'unit.cpp');
    writeFileSync(file, unit.map((part) => `#include "${part.file}"\n`).join(''));
  }
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify([{ directory, file, command: `${flags} -c ${file}` }]));
  const args = ['-p', folder, '--quiet', '--use-color', '--checks=-bugprone-suspicious-include', ...(fix ? ['--fix', '--format-style=file'] : []), file];
  return new Promise((resolve) => {
    const child = spawn(tidy, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', (error) => (errors += `${error.message}\n`));
    child.on('close', (status) => resolve([status, output || errors]));
  });
}

let count = 0;
async function lint(unit) {
  const started = performance.now();
  const [status, output] = await run(unit, count++);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const names = unit.map(({ name }) => name).join(' ');
  if (status === 0) {
    for (const { key } of unit) writeFileSync(key, '');
    console.log(`clean: ${names} (${seconds} s)`);
  } else if (unit.length > 1) {
    console.log(`taken apart: ${names} (${seconds} s)\n${/.*error: .*/.exec(output)?.[0] ?? output}`);
    const half = Math.ceil(unit.length / 2);
    await lint(unit.slice(0, half));
    await lint(unit.slice(half));
  } else {
    console.log(`NOT CLEAN: ${names} (${seconds} s)`);
    findings.push(output);
  }
}

// Fixes may touch a shared header, so they are made one file at a time.
const workers = fix ? 1 : Number(process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? availableParallelism());
await Promise.all(
  Array.from({ length: workers }, async () => {
    for (let unit = queue.shift(); unit; unit = queue.shift()) await lint(unit);
  }),
);
for (const output of findings) console.error(output);
if (findings.length > 0) console.error(`clang-tidy: ${findings.length} file(s) not clean`);
process.exit(findings.length > 0 ? 1 : 0);
