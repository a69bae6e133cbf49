/**
 * Tracks turned into the columns that uPlot draws: all points of all pens on one common axis of time, two lines a pen
 * (good and uncertain). In a column null breaks the line, undefined means that the pen has no point there.
 */
import type { TagDesc } from "@tagwire/client";
import { Trust } from "../live/recorder.js";
import { isStepped, kHoldMs, rampOf } from "../trend/series.js";
import type { Track } from "./track.js";

export type Point = readonly [time: number, value: number | null];
export type LineColumn = (number | null | undefined)[];

export interface Lines {
  /** s since 1970, as uPlot wants them. */
  readonly times: number[];
  /** Good and uncertain of each pen, in turns. */
  readonly columns: LineColumn[];
}

/** A step, or the break of a line, takes this long, ms: shorter than any two samples are apart. */
const kInstant = 0.25;

const kMoment = 0.001;

class Line {
  readonly points: Point[] = [];

  add(time: number, value: number | null): void {
    const last = this.points.at(-1);
    if (!last || last[0] < time) this.points.push([time, value]);
    // Several within a millisecond: none of them may be lost, they may be the extremes.
    else if (last[1] !== value) this.points.push([last[0] + kMoment, value]);
  }
}

/** The two lines of one pen. The last value holds until `end`. */
export function linesOf(
  track: Track,
  tag: TagDesc,
  end: number,
): readonly [good: Point[], uncertain: Point[]] {
  const lines = { [Trust.Good]: new Line(), [Trust.Uncertain]: new Line() };
  const stepped = isStepped(tag);
  const { times, values, trusts } = track;
  for (let i = 0; i < times.length; i++) {
    const trust = trusts[i] as Trust;
    if (trust === Trust.Gap) continue;
    const line = lines[trust];
    const begin = times[i] as number;
    const value = values[i] as number;
    const until = times[i + 1] ?? Math.max(end, begin);
    const next = trusts[i + 1];
    line.add(begin, value);
    if (next === undefined || next === Trust.Gap) {
      line.add(until, value);
      line.add(until + kInstant, null);
      continue;
    }
    const ramp = stepped ? kInstant : rampOf(tag);
    if (stepped || until - begin > kHoldMs) line.add(until - ramp, value);
    // The neighbour goes on where this line ends: both have the point, so that no hole looks like a gap.
    if (next !== trust) {
      line.add(until, values[i + 1] as number);
      line.add(until + kInstant, null);
    }
  }
  return [lines[Trust.Good].points, lines[Trust.Uncertain].points];
}

/** All lines on the union of their times. */
export function aligned(lines: readonly (readonly Point[])[]): Lines {
  const all = new Set<number>();
  for (const line of lines) for (const [time] of line) all.add(time);
  const times = [...all].sort((a, b) => a - b);
  const columns = lines.map((line) => {
    const column: LineColumn = new Array<number | null | undefined>(times.length).fill(undefined);
    let at = 0;
    for (const [time, value] of line) {
      while (times[at] !== time) at += 1;
      column[at] = value;
    }
    return column;
  });
  return { times: times.map((time) => time / 1000), columns };
}
