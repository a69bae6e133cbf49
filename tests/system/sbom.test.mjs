/// The bill of materials that the build makes: a valid one, of this very program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import * as Validation from '@cyclonedx/cyclonedx-library/Validation';

import { binary, root } from './lib/paths.mjs';

describe('the bill of materials', () => {
  const build = path.dirname(path.dirname(binary()));
  const text = execFileSync(process.execPath, [path.join(root, 'scripts/sbom.mjs'), build], { encoding: 'utf8' });
  const bill = JSON.parse(text);

  it('is what CycloneDX 1.5 wants', async () => {
    const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
    assert.equal(problem, null, JSON.stringify(problem, null, 2));
  });

  it('is of this program', () => {
    const hash = createHash('sha256').update(readFileSync(binary())).digest('hex');
    assert.deepEqual(bill.metadata.component.hashes, [{ alg: 'SHA-256', content: hash }]);
  });

  it('names what the program loads, what was compiled into it, and what its pages contain', () => {
    const names = bill.components.map(({ name }) => name);
    for (const name of ['openssl', 'sqlite3', 'glibc', 'open62541', 'tomlplusplus', 'svelte', 'uplot']) assert(names.includes(name), name);
    for (const name of ['googletest', 'vite', 'node-opcua', 'linux']) assert(!names.includes(name), `${name} is not in the program`);
    assert.equal(new Set(names).size, names.length);
    for (const { name, version, purl } of bill.components) assert(version && purl.startsWith('pkg:'), name);
  });
});
