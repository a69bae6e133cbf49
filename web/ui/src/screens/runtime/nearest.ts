/** Walking from element to element by the arrow keys. */
import { type Box, middleOf } from "../document/geometry.js";

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const kSteps: Readonly<Record<Direction, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function isDirection(key: string): key is Direction {
  return key in kSteps;
}

/** The next one that way: what is straight ahead counts more than what is near but aside. */
export function nearest<T extends Box>(from: Box, all: readonly T[], direction: Direction): T | undefined {
  const [dx, dy] = kSteps[direction];
  const [x, y] = middleOf(from);
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const each of all) {
    const [ex, ey] = middleOf(each);
    const ahead = (ex - x) * dx + (ey - y) * dy;
    const aside = Math.abs((ex - x) * dy) + Math.abs((ey - y) * dx);
    if (ahead <= 1) continue;
    const cost = ahead + aside * 2.5;
    if (cost < least) [best, least] = [each, cost];
  }
  return best;
}
