/// `tagwire opcua` as a person runs it at the console.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { binary } from './paths.mjs';

/// Runs `tagwire opcua` to its end, in a folder of its own where certificates would lie: {code, out, error}.
export async function runTool(...words) {
  const cwd = await mkdtemp(path.join(tmpdir(), 'tagwire-tool-'));
  return new Promise((resolve, reject) => {
    execFile(binary(), ['opcua', ...words], { cwd, timeout: 30_000, maxBuffer: 64 << 20 }, (problem, out, error) => {
      if (problem && typeof problem.code !== 'number') reject(problem);
      else resolve({ code: problem?.code ?? 0, out, error });
    });
  }).finally(() => rm(cwd, { recursive: true, force: true }));
}
