// The include graph of our own C++ files, read from the #include "…" lines. Used by check-layers.mjs and lint.mjs.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every C++ file under root, relative to it, sorted, with forward slashes. */
export function cppFiles(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(h|cpp)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/**
 * Map of file → [{ line, target }], targets as written between the quotes (our includes are relative to root).
 * System headers, in angle brackets, are not listed.
 */
export function includeGraph(root) {
  const graph = new Map();
  for (const file of cppFiles(root)) {
    const includes = [];
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .forEach((text, index) => {
        const match = /^\s*#\s*include\s*"([^"]+)"/.exec(text);
        if (match) includes.push({ line: index + 1, target: match[1] });
      });
    graph.set(file, includes);
  }
  return graph;
}

/** The files that `start` includes, directly or not, and itself. */
export function closure(graph, start) {
  const seen = new Set([start]);
  for (const file of seen) {
    for (const { target } of graph.get(file) ?? []) if (graph.has(target)) seen.add(target);
  }
  return seen;
}
