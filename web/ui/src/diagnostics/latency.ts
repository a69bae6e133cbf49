/**
 * How long values took from their source time to this page, over the last minute. A histogram with fixed steps: nothing
 * grows, and adding a value costs no more than finding its step.
 */

/** Upper ends of the steps, ms; the last step has none. */
export const kSteps: readonly number[] = [20, 50, 100, 200, 350, 500, 1_000, 2_000, 5_000];
/** What is older was not sent because it changed, but because the page was opened or the link came back. */
const kOldMs = 60_000;
const kSliceMs = 5_000;
const kSlices = 12;

export interface Histogram {
  /** Values of each step: one more than there are ends. */
  readonly counts: readonly number[];
  readonly total: number;
}

export class LatencyWindow {
  private readonly slices = Array.from({ length: kSlices }, () => new Uint32Array(kSteps.length + 1));
  private at = 0;

  /** A value that came at `now` with the source time `time`, both in ms of the server's clock. */
  add(now: number, time: number): void {
    const age = now - time;
    if (Number.isNaN(age) || age > kOldMs) return;
    this.turn(now);
    const step = kSteps.findIndex((end) => age <= end);
    const slice = this.slices[this.at % kSlices] as Uint32Array;
    const index = step < 0 ? kSteps.length : step;
    slice[index] = (slice[index] ?? 0) + 1;
  }

  histogram(now: number): Histogram {
    this.turn(now);
    const counts = Array.from({ length: kSteps.length + 1 }, (_, step) =>
      this.slices.reduce((sum, slice) => sum + (slice[step] ?? 0), 0),
    );
    return { counts, total: counts.reduce((sum, count) => sum + count, 0) };
  }

  /** Forgets what is over a minute old. */
  private turn(now: number): void {
    const at = Math.floor(now / kSliceMs);
    if (at <= this.at) return;
    for (let slice = Math.max(this.at + 1, at - kSlices + 1); slice <= at; slice++)
      this.slices[slice % kSlices]?.fill(0);
    this.at = at;
  }
}

/** The end of the step below which `part` (0..1) of the values are; Infinity for the last one, NaN without values. */
export function quantile({ counts, total }: Histogram, part: number): number {
  if (total === 0) return Number.NaN;
  let below = 0;
  for (const [step, count] of counts.entries()) {
    below += count;
    if (below >= part * total) return kSteps[step] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
