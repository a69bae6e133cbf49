/** Units of the plant as the paths of tags tell them, and what of each the overview shows. */
import { Quality, type TagDesc, type TagStore } from "@tagwire/client";
import { priorityOfLimit } from "../live/alarms.js";
import { beyondLimit, displayRange } from "../live/limits.js";
import { groupByPath } from "../tags/rows.js";

export interface Unit {
  /** Path above its tags; empty for tags without one. */
  readonly key: string;
  readonly slots: readonly number[];
  /** Measurements with a range, the most telling first; their order never changes while one looks. */
  readonly indicators: readonly number[];
}

export interface UnitState {
  readonly bad: number;
  readonly stale: number;
  /** Tags beyond a limit. */
  readonly limit: number;
  /** Those of them beyond the outer one. */
  readonly critical: number;
}

const kNumbers: ReadonlySet<string> = new Set(["f64", "f32", "i8", "u8", "i16", "u16", "i32", "u32"]);

/** How much the display of a tag as a pointer on a scale tells: nothing without a range. */
function merit(tag: TagDesc): number {
  if (tag.dims || tag.en || !kNumbers.has(tag.ty) || !displayRange(tag)) return 0;
  const { ll, l, h, hh } = tag.lim ?? {};
  const limits = [ll, l, h, hh].filter((limit) => limit !== undefined).length;
  return 1 + (tag.u ? 1 : 0) + (tag.d ? 1 : 0) + limits * 2;
}

/** All units in the order of their names. */
export function unitsOf(store: TagStore): Unit[] {
  const slots: number[] = [];
  for (let slot = 0; slot < store.size; slot++) if (store.isLive(slot)) slots.push(slot);
  const order = new Intl.Collator("en", { numeric: true }).compare;
  return [...groupByPath(store, slots)]
    .sort(([a], [b]) => order(a, b))
    .map(([key, members]) => {
      const rated = members
        .map((slot) => ({ slot, name: store.describe(slot).n, merit: merit(store.describe(slot)) }))
        .filter((each) => each.merit > 0)
        .sort((a, b) => b.merit - a.merit || order(a.name, b.name));
      return { key, slots: members, indicators: rated.map(({ slot }) => slot) };
    });
}

/** How the tags of a unit are now. */
export function stateOf(store: TagStore, slots: readonly number[]): UnitState {
  const state = { bad: 0, stale: 0, limit: 0, critical: 0 };
  for (const slot of slots) {
    const quality = store.quality(slot);
    if (quality === Quality.Bad) state.bad++;
    else if (quality === Quality.Stale) state.stale++;
    else {
      const level = beyondLimit(store.describe(slot), store.numeric(slot));
      if (!level) continue;
      state.limit++;
      if (priorityOfLimit(level) === 1) state.critical++;
    }
  }
  return state;
}

/** The name of a tag within its unit. */
export function nameWithin(unit: string, path: string): string {
  return unit && path.startsWith(`${unit}.`) ? path.slice(unit.length + 1) : path;
}
