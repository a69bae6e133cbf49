/// What a page costs a browser: time of its main thread, memory, the time to its first value.
import { sleep } from './wait.mjs';

/// A dashboard of tables with `cells` load tags.
export function tables(cells) {
  const rows = 20;
  const tiles = Array.from({ length: Math.ceil(cells / rows) }, (_, i) => ({
    id: `t${i}`,
    kind: 'table',
    x: (i % 4) * 3,
    y: Math.floor(i / 4) * 8,
    w: 3,
    h: 8,
    tags: Array.from({ length: Math.min(rows, cells - i * rows) }, (_row, k) => `Load.T${String(i * rows + k + 1).padStart(6, '0')}`),
  }));
  return { title: `${cells} cells`, tiles };
}

/// Chromium's own counters of a playwright page.
export class PageCost {
  #session;

  static async of(page) {
    const cost = new PageCost();
    cost.#session = await page.context().newCDPSession(page);
    // Time of the thread, not of the clock: what else the machine does is not the page's.
    await cost.#session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return cost;
  }

  async #metrics() {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /// Milliseconds that the main thread worked in each second of the next `ms`.
  async mainThread(ms) {
    const begun = performance.now();
    const before = await this.#metrics();
    await sleep(ms);
    const after = await this.#metrics();
    return ((after.TaskDuration - before.TaskDuration) * 1e6) / (performance.now() - begun);
  }

  /// What is left after garbage was collected: {heap: bytes, nodes, listeners}.
  async kept() {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { JSHeapUsedSize: heap, Nodes: nodes, JSEventListeners: listeners } = await this.#metrics();
    return { heap, nodes, listeners };
  }

  /// A processor that is `rate` times slower.
  async slowDown(rate) {
    await this.#session.send('Emulation.setCPUThrottlingRate', { rate });
  }
}

/// Milliseconds from the start of a navigation to the first Good value in the page. Call before page.goto.
export async function watchFirstValue(page) {
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('[data-quality=good]')) globalThis.firstValue ??= performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return async () => {
    await page.waitForFunction(() => globalThis.firstValue !== undefined);
    return page.evaluate(() => globalThis.firstValue);
  };
}
