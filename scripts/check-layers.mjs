#!/usr/bin/env node
// Checks that the #include lines under src/ follow the layers of ARCHITECTURE.md, without cycles.
//   scripts/check-layers.mjs [SRC]       exit 1 and one line per offence
//   scripts/check-layers.mjs --self-test checks the checker on small wrong trees
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { includeGraph } from './includes.mjs';

// Module → the modules it may include besides itself. '*/options.h' stands for the options header of any module.
const LAYERS = {
  base: [],
  model: ['base'],
  sqlite: ['base'],
  x509: ['base'],
  store: ['base', 'model'],
  alarm: ['base', 'model'],
  history: ['base', 'model', 'sqlite'],
  documents: ['base', 'model', 'sqlite'],
  control: ['base', 'model'],
  source: ['base', 'model', 'x509'],
  sink: ['base', 'model', 'history'],
  wire: ['base', 'model'],
  bus: ['base', 'model'],
  access: ['base', 'model', 'sqlite'],
  oidc: ['base', 'model', 'access'],
  audit: ['base', 'model'],
  serve: ['base', 'model', 'wire', 'access', 'x509'],
  config: ['base', 'model', '*/options.h'],
  app: ['*'],
};

// The same for the parts of a source that is large enough to have some: part → the parts it may include besides itself.
// Files of the source's own folder may include every part; options headers there may be included by every part.
const PARTS = {
  'source/opcua': {
    text: [],
    values: ['text'],
    security: ['text', 'values'],
    client: ['text', 'values', 'security'],
    services: ['text', 'values', 'client'],
    subscription: ['text', 'values', 'client', 'services'],
    events: ['text', 'values', 'client', 'services', 'subscription'],
    session: ['text', 'values', 'security', 'client', 'services', 'subscription', 'events'],
    tool: ['text', 'values', 'security', 'client', 'services', 'subscription', 'events'],
    testing: ['text', 'values', 'client'],
  },
};

const moduleOf = (file) => file.split('/')[0];
/** "source/opcua/client.h" → "opcua", "source/source.h" → undefined. Parts of a module see it, but not each other. */
const partOf = (file) => (file.split('/').length > 2 ? file.split('/')[1] : undefined);

/** Why `from` may not include `to`, or undefined when it may. */
function offence(from, to) {
  const [fromModule, toModule] = [moduleOf(from), moduleOf(to)];
  if (!(fromModule in LAYERS)) return `module "${fromModule}" is not in the layers`;
  if (fromModule !== toModule) {
    const allowed = LAYERS[fromModule];
    const options = allowed.includes('*/options.h') && /(^|[/_])options\.h$/.test(to);
    if (allowed.includes('*') || allowed.includes(toModule) || options) return undefined;
    const list = allowed.length ? allowed.join(', ') : 'nothing else';
    return `${fromModule} must not include ${toModule} (it may include: ${list})`;
  }
  if (fromModule !== 'source') return undefined;
  const [fromPart, toPart] = [partOf(from), partOf(to)];
  if (!toPart) return undefined;
  if (fromPart === toPart) return offenceOfParts(`source/${fromPart}`, from, to);
  return fromPart ? `sources must not include each other (${fromPart} → ${toPart})` : `the source contract must not include the source ${toPart}`;
}

function offenceOfParts(source, from, to) {
  const parts = PARTS[source];
  const part = (file) => file.slice(source.length + 1).match(/^([^/]+)\//)?.[1];
  const [fromPart, toPart] = [part(from), part(to)];
  if (!parts || !fromPart || fromPart === toPart || toPart === 'testing') return undefined;
  if (!(fromPart in parts)) return `part "${fromPart}" of ${source} is not in the layers`;
  if (toPart ? parts[fromPart].includes(toPart) : /[/_]options\.h$/.test(to)) return undefined;
  return `${source}/${fromPart} must not include ${toPart ? `${source}/${toPart}` : to} (it may include: ${parts[fromPart].join(', ') || 'nothing else'})`;
}

/** Every cycle that a depth-first walk meets, as a list of files. */
function cycles(graph) {
  const found = [];
  const state = new Map(); // undefined: new, 1: on the path, 2: done
  const path = [];
  const visit = (file) => {
    state.set(file, 1);
    path.push(file);
    for (const { target } of graph.get(file)) {
      if (!graph.has(target)) continue;
      if (state.get(target) === 1) found.push([...path.slice(path.indexOf(target)), target]);
      else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, 2);
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return found;
}

export function check(root) {
  const graph = includeGraph(root);
  const problems = [];
  for (const [file, includes] of graph) {
    for (const { line, target } of includes) {
      const at = `${file}:${line}: "${target}":`;
      if (target.startsWith('.') || !target.includes('/')) problems.push(`${at} write includes from src/, as "model/value.h"`);
      else if (!graph.has(target)) problems.push(`${at} no such file under src/`);
      else if (target.endsWith('.cpp')) problems.push(`${at} only headers are included`);
      else if (/_testing\.h$/.test(target) && !/_(test|testing|bench|fuzz)\.(cpp|h)$/.test(file)) problems.push(`${at} a test helper in product code`);
      else {
        const reason = offence(file, target);
        if (reason) problems.push(`${at} ${reason}`);
      }
    }
  }
  for (const cycle of cycles(graph)) problems.push(`include cycle: ${cycle.join(' → ')}`);
  return { files: graph.size, problems };
}

function selfTest() {
  const cases = [
    ['a good tree', { 'base/a.h': '', 'model/b.h': '#include "base/a.h"', 'app/main.cpp': '#include "model/b.h"\n#include <vector>' }, []],
    ['an upward arrow', { 'base/a.h': '#include "model/b.h"', 'model/b.h': '' }, [/base\/a\.h:1:.*base must not include model/]],
    ['neighbours', { 'store/a.h': '\n  # include "wire/b.h"', 'wire/b.h': '' }, [/store\/a\.h:2:.*store must not include wire/]],
    ['a file cycle', { 'base/a.h': '#include "base/b.h"', 'base/b.h': '#include "base/a.h"' }, [/cycle: base\/a\.h → base\/b\.h → base\/a\.h/]],
    ['options for config', { 'config/a.cpp': '#include "serve/options.h"\n#include "source/opcua/options.h"', 'serve/options.h': '', 'source/opcua/options.h': '' }, []],
    ['more than options', { 'config/a.cpp': '#include "serve/shard.h"', 'serve/shard.h': '' }, [/config must not include serve/]],
    ['source to source', { 'source/opcua/a.h': '#include "source/simulator/b.h"', 'source/simulator/b.h': '' }, [/sources must not include each other/]],
    ['contract to source', { 'source/a.h': '#include "source/opcua/b.h"', 'source/opcua/b.h': '' }, [/contract must not include/]],
    ['a part below', { 'source/opcua/session/a.h': '#include "source/opcua/client/b.h"\n#include "source/opcua/options.h"', 'source/opcua/client/b.h': '', 'source/opcua/options.h': '' }, []],
    ['a part above', { 'source/opcua/client/b.h': '#include "source/opcua/session/a.h"', 'source/opcua/session/a.h': '' }, [/client must not include source\/opcua\/session/]],
    ['a part and the whole', { 'source/opcua/client/b.h': '#include "source/opcua/a.h"', 'source/opcua/a.h': '' }, [/client must not include source\/opcua\/a\.h/]],
    ['an unknown module', { 'misc/a.h': '#include "base/b.h"', 'base/b.h': '' }, [/"misc" is not in the layers/]],
    ['a relative include', { 'base/a.h': '#include "b.h"', 'base/b.h': '' }, [/write includes from src/]],
    ['a missing file', { 'base/a.h': '#include "base/c.h"' }, [/no such file/]],
    ['a test helper in the product', { 'base/a.h': '#include "base/b_testing.h"', 'base/b_testing.h': '' }, [/test helper/]],
  ];
  let failed = 0;
  for (const [name, tree, expected] of cases) {
    const root = mkdtempSync(join(tmpdir(), 'layers-'));
    for (const [file, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const { problems } = check(root);
    rmSync(root, { recursive: true });
    const fine = problems.length === expected.length && expected.every((pattern, i) => pattern.test(problems[i]));
    if (!fine) failed++;
    console.log(`${fine ? 'ok' : 'FAILED'}: ${name}${fine ? '' : `: ${JSON.stringify(problems)}`}`);
  }
  return failed;
}

if (process.argv[2] === '--self-test') {
  process.exit(selfTest() ? 1 : 0);
} else {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
  const { files, problems } = check(root);
  for (const problem of problems) console.error(`src/${problem}`);
  if (problems.length) console.error(`layers: ${problems.length} problem(s) in ${files} files`);
  process.exit(problems.length ? 1 : 0);
}
