/** Waiting for something that changes a few times in a row. */

const kLookMs = 50;

/**
 * Until `version` has stayed the same for `quietMs`, counted from `since` (of the clock of `performance.now`) where it
 * has not changed after that, or `mostMs` from now are over. The units, ranges and states of new tags come some time
 * after the tags themselves, when their server is asked, and widgets are chosen by them.
 */
export async function settled(
  version: () => unknown,
  since: number,
  quietMs = 1500,
  mostMs = 6000,
): Promise<void> {
  const end = performance.now() + mostMs;
  let seen = version();
  let quietSince = since;
  while (performance.now() < end && performance.now() - quietSince < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, kLookMs));
    const now = version();
    if (now === seen) continue;
    seen = now;
    quietSince = performance.now();
  }
}
