import { Quality, type SourceState, type TagStore } from "@tagwire/client";

/**
 * Whether the tags of a source in this state are not being kept current. A source that tries again and again goes
 * through connecting, which is no better than waiting.
 */
export function isDegraded(state: SourceState): boolean {
  return state !== "live" && state !== "idle";
}

/** Number of Bad tags of each source now; the server tells its count only when the state of a source changes. */
export function countBad(store: TagStore): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let slot = 0; slot < store.size; slot++) {
    if (!store.isLive(slot) || store.quality(slot) !== Quality.Bad) continue;
    const { src } = store.describe(slot);
    counts.set(src, (counts.get(src) ?? 0) + 1);
  }
  return counts;
}
