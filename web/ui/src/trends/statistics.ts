/** Extremes and average of a pen in the time shown. */
import type { RecordedInterval } from "@tagwire/client";
import { Trust } from "../live/recorder.js";
import type { Bounds } from "./time-window.js";
import { indexAt, type Track } from "./track.js";

export interface Statistics {
  readonly min: number;
  readonly max: number;
  /** Weighted by time: each value held until the next sample. */
  readonly average: number;
}

/** Of the server's aggregate of the whole time; undefined where no number was known. */
export function statisticsOf(interval: RecordedInterval | undefined): Statistics | undefined {
  if (!interval || interval.average === null) return undefined;
  // A value that only held has no samples, and so no extremes of its own.
  const { average, min, max } = interval;
  return { average, min: min ?? average, max: max ?? average };
}

/** Of what the page itself has, where the server does not tell. */
export function measure(track: Track, { from, to }: Bounds): Statistics | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let area = 0;
  let known = 0;
  for (let i = Math.max(0, indexAt(track, from)); i < track.times.length; i++) {
    const begin = Math.max(from, track.times[i] as number);
    if (begin >= to) break;
    if (track.trusts[i] === Trust.Gap) continue;
    const value = track.values[i] as number;
    const held = Math.max(0, Math.min(to, track.times[i + 1] ?? to) - begin);
    min = Math.min(min, value);
    max = Math.max(max, value);
    area += value * held;
    known += held;
  }
  if (min > max) return undefined;
  return { min, max, average: known > 0 ? area / known : min };
}
