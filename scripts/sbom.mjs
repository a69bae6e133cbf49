#!/usr/bin/env node
// Writes which foreign parts are in a build of Tagwire, as a CycloneDX 1.5 bill of materials: libraries that the program
// loads, Debian packages and open62541 whose files were compiled into it, npm packages in its pages. All of it is read
// off the build itself.
//   scripts/sbom.mjs BUILD_FOLDER > tagwire.cdx.json
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const build = resolve(process.argv[2] ?? join(root, 'build/release'));
const program = join(build, 'bin/tagwire');
const open62541 = join(root, '.deps/open62541');
/// Its headers describe the kernel's interface; nothing of the kernel is in the program.
const notInside = new Set(['linux']);

const lines = (text) => text.split('\n').filter((line) => line !== '');
const run = (command, args) =>
  lines(execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] }));
const first = (pattern, text, what) => {
  const found = pattern.exec(text);
  if (!found) throw new Error(`sbom: ${what} not found`);
  return found[1];
};

function loadedLibraries() {
  return run('ldd', [program])
    .map((line) => /(\/\S+) \(0x/.exec(line)?.[1])
    .filter(Boolean);
}

/// Every file that was read to compile an object of the program, as ninja noted it.
function compiledFiles() {
  const objects = run('ninja', ['-C', build, '-t', 'inputs', 'bin/tagwire']).filter((file) => file.endsWith('.o'));
  return run('ninja', ['-C', build, '-t', 'deps', ...objects])
    .filter((line) => line.startsWith('    '))
    .map((line) => resolve(build, line.trim()));
}

/// Source packages of Debian that own the files: CVEs are told by source package.
function debianPackages(files) {
  const owned = [...new Set(files.flatMap((file) => [file, realpathSync(file)]))].filter((file) => file.startsWith('/'));
  const names = new Set();
  for (let i = 0; i < owned.length; i += 2000) {
    let found;
    try {
      found = run('dpkg-query', ['-S', ...owned.slice(i, i + 2000)]);
    } catch (error) {
      found = lines(error.stdout ?? ''); // some belong to no package; those of the others are told all the same
    }
    for (const line of found) for (const name of line.slice(0, line.indexOf(': /')).split(', ')) names.add(name);
  }
  if (names.size === 0) throw new Error('sbom: no file belongs to a Debian package: is this a Debian machine?');
  const versions = run('dpkg-query', ['-W', '-f', '${source:Package} ${source:Version}\n', ...names]);
  return [...new Set(versions)].map((line) => line.split(' ')).filter(([name]) => !notInside.has(name));
}

const component = (type, name, version, purl, more = {}) => ({ type, 'bom-ref': purl, name, version, purl, ...more });

function debianComponent([name, version]) {
  return component('library', name, version, `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=source`);
}

/// One of SPDX's licences, or an expression of several.
const licences = (license) => (/[ ()]/.test(license) ? [{ expression: license }] : [{ license: { id: license } }]);

function npmComponent({ name, version, license }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return component('library', name, version, purl, { licenses: licences(license) });
}

function open62541Component() {
  const file = readFileSync(join(open62541, 'lib/cmake/open62541/open62541ConfigVersion.cmake'), 'utf8');
  const version = first(/PACKAGE_VERSION "([^"]+)"/, file, 'the version of open62541');
  return component('library', 'open62541', version, `pkg:github/open62541/open62541@v${version}`, {
    licenses: [{ license: { id: 'MPL-2.0' } }],
  });
}

const compiled = compiledFiles();
const foreign = compiled.filter((file) => !file.startsWith(`${root}/`));
const libraries = debianPackages([...loadedLibraries(), ...foreign]).map(debianComponent);
// Built into .deps where Debian has no package of it; else it is one of Debian's above.
if (compiled.some((file) => file.startsWith(`${open62541}/`))) libraries.push(open62541Component());
const packages = JSON.parse(readFileSync(join(root, 'build/web/bundled-packages.json'), 'utf8')).map(npmComponent);

const version = first(/project\(tagwire VERSION (\S+)/, readFileSync(join(root, 'CMakeLists.txt'), 'utf8'), 'the version');
const tagwire = component('application', 'tagwire', version, `pkg:generic/tagwire@${version}`, {
  hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(program)).digest('hex') }],
  licenses: [{ license: { id: 'Apache-2.0' } }],
});
const components = [...libraries, ...packages].sort((a, b) => a.purl.localeCompare(b.purl));
console.log(
  JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: tagwire },
      components,
      dependencies: [{ ref: tagwire['bom-ref'], dependsOn: components.map((each) => each['bom-ref']) }],
    },
    null,
    2,
  ),
);
