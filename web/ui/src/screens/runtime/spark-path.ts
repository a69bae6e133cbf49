/** The last minute of a tag as a path. */
import { type Ring, Trust } from "../../live/recorder.js";
import type { Size } from "../../symbols/shape.js";

const kSpanMs = 60_000;
const kInset = 3;

/** `[now - 60 s, now]`; gaps stay empty. Spans at least `leastSpan`, so that noise stays small. */
export function sparkPath(ring: Ring, now: number, { width, height }: Size, leastSpan: number): string {
  const from = now - kSpanMs;
  const first = Math.max(0, ring.firstAtOrAfter(from) - 1);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = first; i < ring.length; i++) {
    if (ring.trust(i) === Trust.Gap) continue;
    low = Math.min(low, ring.value(i));
    high = Math.max(high, ring.value(i));
  }
  if (!(low <= high)) return "";
  const middle = (low + high) / 2;
  const span = Math.max(high - low, leastSpan, Math.abs(middle) * 1e-9, Number.MIN_VALUE);
  const x = (time: number) => Math.max(0, Math.min(width, ((time - from) / kSpanMs) * width)).toFixed(1);
  const y = (value: number) => (height / 2 - ((value - middle) / span) * (height - 2 * kInset)).toFixed(1);
  let path = "";
  let drawing = false;
  for (let i = first; i < ring.length; i++) {
    if (ring.trust(i) === Trust.Gap) {
      if (drawing) path += `H${x(ring.time(i))}`;
      drawing = false;
      continue;
    }
    path += `${drawing ? "L" : "M"}${x(ring.time(i))} ${y(ring.value(i))}`;
    drawing = true;
  }
  return drawing ? `${path}H${width}` : path;
}
