/// `tagwire user`, `token` and `audit` as a person, or a script, runs them at the console.
import { spawn } from 'node:child_process';

import { binary } from './paths.mjs';

/// Runs `tagwire WORDS… --config CONFIG` with `input` on standard input: {code, out, error}.
export function runConsole(tagwire, words, { input = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary(), [...words, '--config', tagwire.folder], { cwd: tagwire.folder, timeout: 30_000 });
    let [out, error] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (error += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
    child.stdin.on('error', () => {}); // it may have ended without reading
    child.stdin.end(input);
  });
}
