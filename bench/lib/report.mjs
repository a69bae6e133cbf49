/// Rounds, medians, bars, the stored reference and the line of JSON at the end.
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../../tests/system/lib/paths.mjs';

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const round = (number, digits = 4) => Number(number.toFixed(digits));

/// --rounds, --seconds, --quick, --write-reference, and the strings in `more` (name → default).
export function options(more = {}) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'write-reference': { type: 'boolean', default: false },
      ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, { type: 'string', default: value }])),
    },
  });
  const given = (text, quick, full) => Number(text ?? (values.quick ? quick : full));
  return {
    ...values,
    rounds: given(values.rounds, 1, 5),
    seconds: given(values.seconds, 2, 4),
  };
}

/// Runs every case once a round, in turns, so that what else the machine does falls on all of them; the medians of
/// each member that is a number. `cases`: name → async function.
export async function inTurns(cases, rounds) {
  const found = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let i = 0; i < rounds; ++i) {
    for (const [name, run] of Object.entries(cases)) found[name].push(await run());
  }
  return { medians: Object.fromEntries(Object.entries(found).map(([name, list]) => [name, medians(list)])), rounds: found };
}

function medians(list) {
  const keys = Object.keys(list[0]).filter((key) => typeof list[0][key] === 'number');
  return Object.fromEntries(keys.map((key) => [key, round(median(list.map((each) => each[key])), 4)]));
}

/// The median over the rounds of a ratio within each round, which noise that lasts longer than a round leaves alone.
export function medianRatio(rounds, over, under, key) {
  return round(median(rounds[over].map((each, i) => each[key] / rounds[under][i][key])), 2);
}

/// {value, bar, met}: at most `most`, or at least `least`.
export function bar(value, { most, least }) {
  const met = (most === undefined || value <= most) && (least === undefined || value >= least);
  return { value, ...(most === undefined ? { at_least: least } : { at_most: most }), met };
}

export function table(rows, columns) {
  const text = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  const widths = columns.map((column, i) => Math.max(column.length, ...text.map((row) => row[i].length)));
  const line = (cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  console.log([line(columns), ...text.map(line)].join('\n'));
}

/// Prints bars and JSON, compares with bench/<bench>/reference.json, and writes that if asked to.
export async function conclude(bench, { results, bars, options: { rounds, seconds, quick, ...flags }, main }) {
  for (const [name, { value, at_most, at_least, met }] of Object.entries(bars)) {
    const limit = at_most === undefined ? `≥ ${at_least}` : `≤ ${at_most}`;
    console.log(`${met ? 'pass' : 'FAIL'}  ${name}: ${value} (${limit})`);
  }
  const file = path.join(root, 'bench', bench, 'reference.json');
  const reference = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  const stored = reference?.main;
  const ratio = stored ? round(main / stored, 2) : null;
  console.log(JSON.stringify({ bench, quick, rounds, seconds, results, bars, main, ratio }));
  if (!flags['write-reference']) return;
  const machine = `${os.cpus().length} × ${os.cpus()[0].model}, ${os.type()}, Node.js ${process.version}`;
  await writeFile(file, `${JSON.stringify({ machine, rounds, seconds, main, results, bars }, null, 2)}\n`);
}
