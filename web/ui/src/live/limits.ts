import type { TagDesc } from "@tagwire/client";

/** Which limit a value is beyond. */
export type LimitLevel = "ll" | "l" | "h" | "hh";

/** The outermost limit that `value` is beyond; undefined within the limits and for what is not a number. */
export function beyondLimit(tag: TagDesc, value: number): LimitLevel | undefined {
  const { lim } = tag;
  if (!lim || Number.isNaN(value)) return undefined;
  if (lim.hh !== undefined && value >= lim.hh) return "hh";
  if (lim.ll !== undefined && value <= lim.ll) return "ll";
  if (lim.h !== undefined && value >= lim.h) return "h";
  if (lim.l !== undefined && value <= lim.l) return "l";
  return undefined;
}

/** The range a bar shows: EURange, or the limits with a margin. Undefined when neither is known. */
export function displayRange(tag: TagDesc): readonly [number, number] | undefined {
  if (tag.eu && tag.eu[1] > tag.eu[0]) return tag.eu;
  const known = [tag.lim?.ll, tag.lim?.l, tag.lim?.h, tag.lim?.hh].filter((limit) => limit !== undefined);
  if (known.length < 2) return undefined;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const margin = (high - low) * 0.2;
  return high > low ? [low - margin, high + margin] : undefined;
}

/** Position of a value in a range, 0..1, clamped. */
export function positionIn(range: readonly [number, number], value: number): number {
  return Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0])));
}

/** `part` of the range of a tag: the smallest span worth a whole axis. 0 when the range is not known. */
export function leastSpanOf(tag: TagDesc, part: number): number {
  const range = displayRange(tag);
  return range ? (range[1] - range[0]) * part : 0;
}
