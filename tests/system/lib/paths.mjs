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

/// One of our OPC UA servers for tests (tests/peers/opcua), which are never instrumented: that of the build under test,
/// else of the release build.
export function peerProgram(name) {
  const files = [path.join(path.dirname(binary()), name), path.join(root, 'build/release/bin', name)];
  const file = files.find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`${files[0]} does not exist: cmake --build --preset release --target opcua_peers`);
  return file;
}
