#!/usr/bin/env node
// Runs clang-tidy over every file of our own in the compilation database of the preset lint.
//   scripts/lint.mjs [--fix] [TEXT…]    only files whose path contains one of the TEXTs
// A file that was clean is skipped until it, a header of ours it includes, its command or .clang-tidy changes; what was
// clean is remembered for all clones of this user, as ccache does, and forgotten when nobody asked for 30 days.
// Files with the same flags are looked at together, as one unit that includes them: nearly all of the time goes into the
// headers. What does not compile together, because two files use one name, is found out beforehand and goes into
// another unit; files with findings are looked at again alone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, relative } from 'node:path';
import { closure, includeGraph } from './includes.mjs';

const root = join(import.meta.dirname, '..');
const build = join(root, 'build/lint');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tagwire/lint');
const units = join(build, 'units');
const tidy = 'clang-tidy-19';
const fix = process.argv.includes('--fix');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const maxFilesInUnit = fix ? 1 : 16;

// Takes more than all other checks together where coroutines of Asio are instantiated.
const tooSlowForAsio = 'performance-unnecessary-value-param';

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
    const parts = [...closure(graph, name)].sort();
    const without = parts.some((part) => contents.get(part)?.includes('<boost/asio/')) ? [tooSlowForAsio] : [];
    const hash = createHash('sha256').update(common).update(command.replaceAll(root, '.')).update(without.join());
    for (const part of parts) hash.update(part).update(contents.get(part) ?? '');
    const flags = command.replace(/ -o \S+ -c \S+$/, '');
    return { name, file, flags, directory, without, key: join(cache, hash.digest('hex')) };
  })
  .filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));

/// The files as lists of what can be compiled as one: same flags, tests apart.
function gathered(list) {
  const groups = new Map();
  for (const file of list) {
    const key = [file.flags, ...file.without, /_test\.cpp$/.test(file.name) ? 'test' : ''].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].flatMap((group) => {
    group.sort((a, b) => (a.name < b.name ? -1 : 1));
    const size = Math.ceil(group.length / Math.ceil(group.length / maxFilesInUnit));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, i) => group.slice(i * size, (i + 1) * size));
  });
}

/// Whether the file was clean, which keeps that in mind.
function known(key) {
  try {
    utimesSync(key, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}

mkdirSync(cache, { recursive: true });
rmSync(units, { recursive: true, force: true });
mkdirSync(units);
const monthAgo = Date.now() - 30 * 86_400_000;
for (const name of readdirSync(cache)) {
  const entry = join(cache, name);
  if (statSync(entry, { throwIfNoEntry: false })?.mtimeMs < monthAgo) rmSync(entry, { force: true });
}
const todo = files.filter(({ key }) => fix || !known(key));
console.log(`clang-tidy: ${todo.length} of ${files.length} files to look at`);
const findings = [];
/// What had to leave its unit.
let left = [];

/// Resolves with [status, output] of a program.
function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', (error) => (errors += `${error.message}\n`));
    child.on('close', (status) => resolve([status, output || errors]));
  });
}

let count = 0;
/// A folder with the unit's source and its own compilation database.
function prepared(unit) {
  const folder = join(units, `${count++}`);
  mkdirSync(folder, { recursive: true });
  let [{ file }] = unit;
  const [{ flags, directory }] = unit;
  if (unit.length > 1) {
    file = join(folder, 'unit.cpp');
    writeFileSync(file, unit.map((part) => `#include "${part.file}"\n`).join(''));
  }
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify([{ directory, file, command: `${flags} -c ${file}` }]));
  return { folder, file, flags, directory };
}

/// The members of a unit that do not compile together with those before them.
async function misfits(unit, { file, flags, directory }) {
  const [status, output] = await run('sh', ['-c', `${flags} -w -fsyntax-only -fno-color-diagnostics -ferror-limit=0 ${file}`], { cwd: directory });
  if (status === 0) return [];
  // Every error follows on the line of the unit through which its file was included.
  const through = `In file included from ${file}:`;
  const found = new Set();
  let member = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith(through)) member = Number.parseInt(line.slice(through.length), 10) - 1;
    if (/: (fatal )?error: /.test(line)) found.add(member);
  }
  const list = unit.filter((_part, index) => found.has(index));
  return list.length > 0 && list.length < unit.length ? list : unit.slice(1);
}

async function lint(unit) {
  const started = performance.now();
  const names = (list) => list.map(({ name }) => name).join(' ');
  const place = prepared(unit);
  const others = unit.length > 1 ? await misfits(unit, place) : [];
  if (others.length > 0) {
    console.log(`left for another unit: ${names(others)}`);
    left.push(...others);
    return lint(unit.filter((part) => !others.includes(part)));
  }
  const checks = ['bugprone-suspicious-include', ...unit[0].without].map((check) => `-${check}`).join();
  const args = ['-p', place.folder, '--quiet', '--use-color', `--checks=${checks}`, ...(fix ? ['--fix', '--format-style=file'] : []), place.file];
  const [status, output] = await run(tidy, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    for (const { key } of unit) writeFileSync(key, '');
    console.log(`clean: ${names(unit)} (${seconds} s)`);
  } else if (unit.length > 1) {
    const named = unit.filter(({ file }) => output.includes(`${file}:`));
    const alone = named.length > 0 ? named : unit;
    console.log(`looked at alone: ${names(alone)} (${seconds} s)`);
    for (const part of alone) await lint([part]);
    if (alone.length < unit.length) await lint(unit.filter((part) => !alone.includes(part)));
  } else {
    console.log(`NOT CLEAN: ${names(unit)} (${seconds} s)`);
    findings.push(output);
  }
}

// Fixes may touch a shared header, so they are made one file at a time.
const workers = fix ? 1 : Number(process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? availableParallelism());
for (let rest = todo; rest.length > 0; rest = left) {
  left = [];
  const queue = gathered(rest).sort((a, b) => b.length - a.length);
  console.log(`${rest.length} files in ${queue.length} units`);
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let unit = queue.shift(); unit; unit = queue.shift()) await lint(unit);
    }),
  );
}
for (const output of findings) console.error(output);
if (findings.length > 0) console.error(`clang-tidy: ${findings.length} file(s) not clean`);
process.exit(findings.length > 0 ? 1 : 0);
