/** The time a chart shows: so much up to now, or from one instant to another. */

export interface Bounds {
  /** ms since 1970 */
  readonly from: number;
  readonly to: number;
}

/** `bounds` undefined: the last `span` ms, moving with the clock. */
export interface TimeWindow {
  readonly span: number;
  readonly bounds: Bounds | undefined;
}

const kMinute = 60_000;
const kHour = 60 * kMinute;
export const kDay = 24 * kHour;

/** Spans to choose from, ms. */
export const kSpans: readonly number[] = [10 * kMinute, kHour, 8 * kHour, kDay, 7 * kDay, 30 * kDay];
export const kDefaultSpan = kHour;

const kShortest = 1_000;
export const kLongest = 400 * kDay;

export function boundsOf(window: TimeWindow, now: number): Bounds {
  return window.bounds ?? { from: now - window.span, to: now };
}

/** Bounds that are no longer and no shorter than sensible, and do not begin after now. */
function sensible(from: number, span: number, now: number): Bounds {
  const length = Math.round(Math.min(kLongest, Math.max(kShortest, span)));
  const latest = now - length / 2;
  const begin = Math.round(Math.min(from, latest));
  return { from: begin, to: begin + length };
}

/** Longer or shorter by `factor`; what is at `place` (0 left, 1 right) stays there. */
export function zoomed({ from, to }: Bounds, place: number, factor: number, now: number): Bounds {
  const span = Math.min(kLongest, Math.max(kShortest, (to - from) * factor));
  return sensible(from + (to - from - span) * place, span, now);
}

/** Moved by a part of its length; positive is later. */
export function panned({ from, to }: Bounds, part: number, now: number): Bounds {
  return sensible(from + (to - from) * part, to - from, now);
}

/** Fingers closer together say nothing about how far to zoom. */
const kClosestFingers = 24;

/** Two fingers went from `begin` to `end` on a chart `width` px wide: the times under them stay under them. */
export function pinched(
  { from, to }: Bounds,
  begin: readonly [number, number],
  end: readonly [number, number],
  width: number,
  now: number,
): Bounds {
  const apart = ([a, b]: readonly [number, number]) => Math.max(kClosestFingers, Math.abs(b - a));
  const middle = ([a, b]: readonly [number, number]) => (a + b) / 2 / width;
  const span = Math.min(kLongest, Math.max(kShortest, ((to - from) * apart(begin)) / apart(end)));
  return sensible(from + (to - from) * middle(begin) - span * middle(end), span, now);
}

/** From one instant to another in either order, at least as long as sensible. */
export function between(a: number, b: number, now: number): Bounds {
  return sensible(Math.min(a, b), Math.abs(b - a), now);
}
