/** Counts over all tags, taken once a second: what the header, the filter and the status line say. */
import { Quality, type TagStore } from "@tagwire/client";
import { priorityOfLimit } from "./alarms.js";
import { beyondLimit } from "./limits.js";

export interface Summary {
  readonly tags: number;
  readonly bad: number;
  readonly uncertain: number;
  readonly stale: number;
  /** Tags beyond a limit. */
  readonly limit: number;
  /** Those of them beyond the outer one: high-high or low-low. */
  readonly critical: number;
  readonly simulated: number;
}

export const kEmptySummary: Summary = {
  tags: 0,
  bad: 0,
  uncertain: 0,
  stale: 0,
  limit: 0,
  critical: 0,
  simulated: 0,
};

export function summarise(store: TagStore): Summary {
  const counts = { ...kEmptySummary } as { -readonly [key in keyof Summary]: number };
  for (let slot = 0; slot < store.size; slot++) {
    if (!store.isLive(slot)) continue;
    const tag = store.describe(slot);
    counts.tags++;
    if (tag.sim) counts.simulated++;
    switch (store.quality(slot)) {
      case Quality.Bad:
        counts.bad++;
        continue;
      case Quality.Stale:
        counts.stale++;
        continue;
      case Quality.Uncertain:
        counts.uncertain++;
    }
    const level = tag.lim && beyondLimit(tag, store.numeric(slot));
    if (!level) continue;
    counts.limit++;
    if (priorityOfLimit(level) === 1) counts.critical++;
  }
  return counts;
}
