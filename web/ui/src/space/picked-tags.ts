/** The tags that came of ticked nodes. */
import type { TagStore } from "@tagwire/client";
import { prefixOf } from "../sources/add/new-server.js";

/**
 * Paths of the tags of a source that `names` stand for, in the order of the store: a name is a tag, or the level above
 * the tags of a subtree. The prefix of the source, which only the server knows, comes before it.
 */
export function tagsOfPicks(store: TagStore, source: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const parts = names.map((name) => `.${name}.`);
  const found: string[] = [];
  for (let slot = 0; slot < store.size; slot++) {
    if (!store.isLive(slot)) continue;
    const { n, src } = store.describe(slot);
    if (src === source && parts.some((part) => `.${n}.`.includes(part))) found.push(n);
  }
  return found;
}

/** Whether each of `names` is there already, below the prefix that the pages give a source. */
export function areTags(store: TagStore, source: string, names: readonly string[]): boolean {
  const wanted = new Set(names.map((name) => `${prefixOf(source)}.${name}`));
  if (wanted.size === 0) return false;
  for (let slot = 0; slot < store.size && wanted.size > 0; slot++) {
    if (!store.isLive(slot)) continue;
    const { n, src } = store.describe(slot);
    if (src !== source) continue;
    for (const path of wanted) if (n === path || n.startsWith(`${path}.`)) wanted.delete(path);
  }
  return wanted.size === 0;
}
