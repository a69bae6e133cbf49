/** Bounds of the wait before the next connection attempt, in milliseconds. */
export interface BackoffLimits {
  readonly min: number;
  readonly max: number;
}

export const kDefaultBackoff: BackoffLimits = { min: 500, max: 15_000 };

/**
 * Wait before attempt number `attempt` (0 = the first retry), in milliseconds: doubling from `min`, at most
 * `max`, and half of it random, so that a thousand pages do not come back in the same instant.
 */
export function backoffDelay(attempt: number, random: () => number, limits = kDefaultBackoff): number {
  const ceiling = Math.min(limits.max, limits.min * 2 ** (attempt + 1));
  return Math.max(limits.min, Math.round(ceiling / 2 + (random() * ceiling) / 2));
}
