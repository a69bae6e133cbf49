/** Waiting for something that changes a few times in a row. */

const kLookMs = 50;

/**
 * Until `version` has stayed the same for `quietMs`, or `mostMs` are over. The units, ranges and states of new tags come
 * a moment after the tags themselves, and widgets are chosen by them.
 */
export async function settled(version: () => unknown, quietMs = 500, mostMs = 3000): Promise<void> {
  const end = performance.now() + mostMs;
  let seen = version();
  let since = performance.now();
  while (performance.now() < end && performance.now() - since < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, kLookMs));
    const now = version();
    if (now === seen) continue;
    seen = now;
    since = performance.now();
  }
}
