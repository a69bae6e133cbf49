/** Rings of samples turned into columns for the chart: one common grid of time, two lines a pen. */
import type { TagDesc } from "@tagwire/client";
import { kWindowMs, type Ring, Trust } from "../live/recorder.js";

export type Column = (number | null)[];

export interface PenColumns {
  /** Good values; null where there are none. */
  readonly good: Column;
  /** Uncertain values, drawn dashed; they begin and end on the neighbouring good ones. */
  readonly uncertain: Column;
}

export interface TimeGrid {
  /** First instant, ms. */
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** Between samples further apart the value held: only changes are sent. */
export const kHoldMs = 2_000;

/** Lengths of the time shown, ms; the longest is all that is recorded. */
const kWindows: readonly number[] = [60_000, 120_000, 300_000];

/** The time to show when `recorded` ms are known: a young page does not draw an empty chart. */
export function windowFor(recorded: number): number {
  return kWindows.find((window) => recorded <= window) ?? kWindowMs;
}

/** A grid that ends at `now` rounded down to a step, so that it moves by whole columns. */
export function gridUntil(now: number, windowMs: number, step: number): TimeGrid {
  const count = Math.floor(windowMs / step) + 1;
  return { from: Math.floor(now / step) * step - (count - 1) * step, step, count };
}

/** Whether values of the tag change in steps: nothing lies between two of them. */
export function isStepped(tag: TagDesc): boolean {
  return tag.ty === "bool" || tag.en !== undefined;
}

/** Time after which a change is taken to have begun: the sampling before it still saw the old value. */
export function rampOf(tag: TagDesc): number {
  return Math.min(kHoldMs, Math.max(250, tag.si ?? 1_000));
}

/**
 * The columns of one pen. A value holds until the next sample; close samples of a continuous tag are joined by a
 * slope. After the last sample the value holds until the end of the grid, unless it was a gap.
 */
export function penColumns(ring: Ring, tag: TagDesc, grid: TimeGrid): PenColumns {
  const good: Column = new Array<number | null>(grid.count).fill(null);
  const uncertain: Column = new Array<number | null>(grid.count).fill(null);
  const stepped = isStepped(tag);
  const ramp = rampOf(tag);
  const end = grid.from + (grid.count - 1) * grid.step;
  const columnAt = (time: number) => Math.ceil((time - grid.from) / grid.step);

  for (let i = Math.max(0, ring.firstAtOrAfter(grid.from) - 1); i < ring.length; i++) {
    const trust = ring.trust(i);
    if (trust === Trust.Gap) continue;
    const begin = ring.time(i);
    const value = ring.value(i);
    const last = i + 1 >= ring.length;
    const until = last ? end : ring.time(i + 1);
    const joined = !last && !stepped && ring.trust(i + 1) !== Trust.Gap;
    const next = joined ? ring.value(i + 1) : value;
    const rampFrom = joined ? (until - begin > kHoldMs ? until - ramp : begin) : until;
    const target = trust === Trust.Uncertain ? uncertain : good;
    const first = Math.max(0, columnAt(begin));
    const stop = last ? grid.count - 1 : Math.min(grid.count, columnAt(until)) - 1;
    for (let column = first; column <= stop; column++) {
      const time = grid.from + column * grid.step;
      target[column] =
        time <= rampFrom ? value : value + ((next - value) * (time - rampFrom)) / (until - rampFrom);
    }
    // A dashed line without its neighbours would leave holes that look like gaps.
    if (trust === Trust.Uncertain && first > 0 && good[first - 1] !== null && uncertain[first - 1] === null) {
      uncertain[first - 1] = good[first - 1] as number;
    }
    if (trust === Trust.Good && first > 0 && first < grid.count && uncertain[first - 1] !== null) {
      uncertain[first] = good[first] as number | null;
    }
  }
  return { good, uncertain };
}

/** Scale of a pen: pens of one unit share an axis; truth values and enumerations have their own. */
export function scaleOf(tag: TagDesc): string {
  if (tag.ty === "bool") return "bool";
  if (tag.en) return "enum";
  return `unit ${tag.u ?? ""}`;
}
