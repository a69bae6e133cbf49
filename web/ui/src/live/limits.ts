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

/** The part of the displayed range between the low and the high limit, 0..1; undefined without either limit. */
export function normalBand(tag: TagDesc): readonly [number, number] | undefined {
  const range = displayRange(tag);
  const { l, h } = tag.lim ?? {};
  if (!range || (l === undefined && h === undefined)) return undefined;
  const from = l === undefined ? 0 : positionIn(range, l);
  const to = h === undefined ? 1 : positionIn(range, h);
  return [from, Math.max(from, to)];
}

export interface LimitZone {
  readonly level: LimitLevel;
  /** 0..1 of the displayed range. */
  readonly from: number;
  readonly to: number;
}

/** The parts of the displayed range beyond each limit, from the lowest to the highest. */
export function limitZones(tag: TagDesc): LimitZone[] {
  const range = displayRange(tag);
  if (!range || !tag.lim) return [];
  const at = (limit: number | undefined, otherwise: number) =>
    limit === undefined ? otherwise : positionIn(range, limit);
  const { ll, l, h, hh } = tag.lim;
  const zones: LimitZone[] = [
    { level: "ll", from: 0, to: at(ll, 0) },
    { level: "l", from: at(ll, 0), to: at(l, 0) },
    { level: "h", from: at(h, 1), to: at(hh, 1) },
    { level: "hh", from: at(hh, 1), to: 1 },
  ];
  return zones.filter(({ from, to }) => to > from);
}
