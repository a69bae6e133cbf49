/// The record on disk of a program under test, seen through `tagwire history`.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { binary } from './paths.mjs';

const run = promisify(execFile);

/// Fifty simulated tags, ten changes a second each, and one of them.
export const load = '[simulator]\nmatrikon = false\nplant = false\nload_tags = 50\nload_rate_hz = 10';
export const tag = 'Load.T000007';

export const recordOf = (tagwire) => path.join(tagwire.folder, 'history');

/// `tagwire history WORDS… --folder FOLDER`: {code, stdout, stderr}. `prefix`: words before the program.
export async function historyTool(folder, words, prefix = []) {
  const [program, ...rest] = [...prefix, binary(), 'history', ...words, '--folder', folder];
  try {
    return { code: 0, ...(await run(program, rest, { maxBuffer: 1 << 28 })) };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/// Like historyTool, but anything but exit code 0 is an error. Gives what it printed.
export async function history(folder, ...words) {
  const { code, stdout, stderr } = await historyTool(folder, words);
  if (code !== 0) throw new Error(`tagwire history ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/// Nothing is damaged.
export const verify = (tagwire) => history(recordOf(tagwire), 'verify');

/// All samples of a tag as {time, value, status}; the program must not run.
export async function samples(folder, name = tag) {
  const lines = (await history(folder, 'show', name)).trim();
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line));
}
