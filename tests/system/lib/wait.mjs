/// Waiting for something with a deadline, and what it was that did not come.
import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

/// Calls `probe` until it returns something true (and returns that). An assertion it throws counts as "not yet" and is
/// the cause of the error after `timeout` ms.
export async function eventually(what, probe, { timeout = 10_000, every = 25 } = {}) {
  const deadline = performance.now() + timeout;
  let cause;
  for (;;) {
    try {
      const result = await probe();
      if (result) return result;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeout} ms${cause ? `: ${cause.message}` : ''}`, { cause });
    }
    await sleep(every);
  }
}

/// `promise`, or an error that names `what` after `timeout` ms. `what` may be a function, called only then.
export async function within(timeout, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${typeof what === 'function' ? what() : what}: not within ${timeout} ms`));
    }, timeout);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
