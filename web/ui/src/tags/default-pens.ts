/** Which tags the trend shows when the URL does not say: a few that look like measurements. */
import type { TagDesc, TagStore } from "@tagwire/client";

const kDefaultPens = 3;

function merit(tag: TagDesc): number {
  if (tag.dims || (tag.ty !== "f64" && tag.ty !== "f32")) return 0;
  return 1 + (tag.u ? 4 : 0) + (tag.eu ? 2 : 0) + (tag.lim?.h !== undefined ? 2 : 0) + (tag.d ? 1 : 0);
}

/** Paths of the best tags, each of another unit as long as there are such. */
export function defaultPens(store: TagStore): string[] {
  const candidates: TagDesc[] = [];
  for (let slot = 0; slot < store.size; slot++) {
    const tag = store.describe(slot);
    if (store.isLive(slot) && merit(tag) > 0) candidates.push(tag);
  }
  candidates.sort((a, b) => merit(b) - merit(a));
  const units = new Set<string | undefined>();
  const chosen: TagDesc[] = [];
  for (const tag of candidates) {
    if (chosen.length === kDefaultPens) break;
    if (units.has(tag.u)) continue;
    units.add(tag.u);
    chosen.push(tag);
  }
  for (const tag of candidates) {
    if (chosen.length >= Math.min(2, kDefaultPens)) break;
    if (!chosen.includes(tag)) chosen.push(tag);
  }
  return chosen.map((tag) => tag.n);
}
