/** What is known of one tag in the time shown: recorded samples, joined with what the page saw live. */
import { isBad, isUncertain, type RecordedSample, type RecordedSeries } from "@tagwire/client";
import { type Ring, Trust } from "../live/recorder.js";

/** Samples in time order; the value of a `Trust.Gap` is NaN. */
export interface Track {
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly trusts: readonly Trust[];
}

export const kNoTrack: Track = { times: [], values: [], trusts: [] };

function numberOf({ value }: RecordedSample): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "boolean" ? Number(value) : Number.NaN;
}

function trustOf({ status }: RecordedSample, value: number): Trust {
  if (isBad(status) || !Number.isFinite(value)) return Trust.Gap;
  return isUncertain(status) ? Trust.Uncertain : Trust.Good;
}

class GrowingTrack implements Track {
  readonly times: number[] = [];
  readonly values: number[] = [];
  readonly trusts: Trust[] = [];

  add(time: number, value: number, trust: Trust): void {
    this.times.push(time);
    this.values.push(trust === Trust.Gap ? Number.NaN : value);
    this.trusts.push(trust);
  }
}

export function trackOf({ before, samples }: RecordedSeries): Track {
  const track = new GrowingTrack();
  for (const sample of before ? [before, ...samples] : samples) {
    const value = numberOf(sample);
    track.add(sample.time, value, trustOf(sample, value));
  }
  return track;
}

/**
 * `recorded` up to `until`, the time at which the server answered, and from there on what the page saw: samples of the
 * ring that are later than the last recorded one. Where nothing was recorded all of the ring is taken.
 */
export function withLive(recorded: Track, ring: Ring): Track {
  const last = recorded.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const begin = ring.firstAtOrAfter(last);
  if (begin >= ring.length) return recorded;
  const track = new GrowingTrack();
  for (let i = 0; i < recorded.times.length; i++) {
    track.add(recorded.times[i] as number, recorded.values[i] as number, recorded.trusts[i] as Trust);
  }
  for (let i = begin; i < ring.length; i++) {
    if (ring.time(i) > last) track.add(ring.time(i), ring.value(i), ring.trust(i));
  }
  return track;
}

/** Index of the sample that holds at `time`; -1 before the first. */
export function indexAt({ times }: Track, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The value that held at `time`; null where none was known. */
export function valueAt(track: Track, time: number): number | null {
  const index = indexAt(track, time);
  return index < 0 || track.trusts[index] === Trust.Gap ? null : (track.values[index] as number);
}
