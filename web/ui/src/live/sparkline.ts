/** The last minute of a tag as a line in a small canvas. */
import { type Ring, Trust } from "./recorder.js";

const kSparkMs = 60_000;

export interface SparkStyle {
  readonly line: string;
  readonly uncertain: string;
}

interface Extent {
  low: number;
  high: number;
}

function extentOf(ring: Ring, first: number): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = first; i < ring.length; i++) {
    if (ring.trust(i) === Trust.Gap) continue;
    const value = ring.value(i);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
}

/**
 * Draws `[now - 60 s, now]`. A value holds until the next one (only changes are sent); gaps stay empty. The
 * vertical scale is the line's own, so that its shape is visible, but spans at least
 * `leastSpan`, so that noise stays small.
 */
export function drawSparkline(
  canvas: HTMLCanvasElement,
  ring: Ring,
  now: number,
  leastSpan: number,
  style: SparkStyle,
): void {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  context.clearRect(0, 0, width, height);
  const from = now - kSparkMs;
  const first = Math.max(0, ring.firstAtOrAfter(from) - 1);
  const extent = extentOf(ring, first);
  if (!extent) return;

  const inset = 2 * ratio;
  const middle = (extent.high + extent.low) / 2;
  const span = Math.max(extent.high - extent.low, leastSpan, Math.abs(middle) * 1e-9, Number.MIN_VALUE);
  const y = (value: number) => height / 2 - ((value - middle) / span) * (height - 2 * inset);
  const x = (time: number) => Math.max(0, ((time - from) / kSparkMs) * width);

  context.lineWidth = 1.25 * ratio;
  context.lineJoin = "round";
  for (let i = first; i < ring.length; i++) {
    const trust = ring.trust(i);
    if (trust === Trust.Gap) continue;
    const end = i + 1 < ring.length ? ring.time(i + 1) : now;
    const next = i + 1 < ring.length && ring.trust(i + 1) !== Trust.Gap ? ring.value(i + 1) : ring.value(i);
    context.beginPath();
    context.strokeStyle = trust === Trust.Uncertain ? style.uncertain : style.line;
    context.setLineDash(trust === Trust.Uncertain ? [3 * ratio, 2 * ratio] : []);
    context.moveTo(x(ring.time(i)), y(ring.value(i)));
    // A short step is drawn as a slope, a long one as a value that held.
    if (end - ring.time(i) > 2_000) context.lineTo(x(end - 250), y(ring.value(i)));
    context.lineTo(x(end), y(next));
    context.stroke();
  }
}
