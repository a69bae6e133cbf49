/// Where things are. TAGWIRE_BINARY names the program to test, else the release build is taken.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

export function binary() {
  const file = path.resolve(root, process.env.TAGWIRE_BINARY ?? 'build/release/bin/tagwire');
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist. Build it (./run.sh), or name another one with TAGWIRE_BINARY.`);
  }
  return file;
}

export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
