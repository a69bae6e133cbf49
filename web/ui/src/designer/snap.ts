/** Where what is moved comes to rest: at the edges and middles of its neighbours, else on the grid. */
import type { Box } from "../screens/document/geometry.js";

export const kGrid = 10;

export interface Snapped {
  readonly dx: number;
  readonly dy: number;
  /** Lines that it came to rest at, in units of the screen. */
  readonly guides: readonly { readonly axis: "x" | "y"; readonly at: number }[];
}

function stops(from: number, length: number): readonly number[] {
  return [from, from + length / 2, from + length];
}

/** The smallest shift that brings a stop of the box to one of another; undefined where none is within reach. */
function nearestStop(own: readonly number[], others: readonly number[], reach: number) {
  let best: { shift: number; at: number } | undefined;
  for (const mine of own)
    for (const at of others) {
      const shift = at - mine;
      if (Math.abs(shift) <= reach && Math.abs(shift) < Math.abs(best?.shift ?? Number.POSITIVE_INFINITY))
        best = { shift, at };
    }
  return best;
}

/** `box` moved by `dx`, `dy`; neighbours within `reach` hold it, otherwise the grid does. */
export function snapped(box: Box, dx: number, dy: number, others: readonly Box[], reach: number): Snapped {
  const guides: { axis: "x" | "y"; at: number }[] = [];
  const axis = (name: "x" | "y", side: "width" | "height", delta: number): number => {
    const at = box[name] + delta;
    const found = nearestStop(
      stops(at, box[side]),
      others.flatMap((other) => stops(other[name], other[side])),
      reach,
    );
    if (found) {
      guides.push({ axis: name, at: found.at });
      return delta + found.shift;
    }
    return Math.round(at / kGrid) * kGrid - box[name];
  };
  return { dx: axis("x", "width", dx), dy: axis("y", "height", dy), guides };
}

export function onGrid(value: number): number {
  return Math.round(value / kGrid) * kGrid;
}
