/**
 * What is drawn of the live values. Values never enter framework state: cells that are on the screen register
 * here with their slot, a flush of the store marks them, and they write their own text nodes, at most four times a
 * second, all in one go so that the browser lays out once. Where drawing is dear, because of thousands of cells or a
 * slow device, it becomes rarer, so that the browser always has time for whoever uses the page.
 */
import type { Flush, TagStore } from "@tagwire/client";

/** Digits that change faster cannot be read. */
const kDigitIntervalMs = 250;
const kTickMs = 1_000;
/** Drawing, with what the browser does to show it, takes at most this part of the time. */
const kDrawingPart = 0.25;
const kLongestIntervalMs = 2_000;

/** Time from one drawing to the next when one takes `cost` ms. */
export function intervalFor(cost: number): number {
  return Math.min(Math.max(kDigitIntervalMs, cost / kDrawingPart), kLongestIntervalMs);
}

export interface LiveCell {
  /** Its tag changed, or the language did. Runs within an animation frame. */
  draw(): void;
  /** A second has passed: ages and sparklines. Runs within an animation frame. */
  tick?(): void;
}

export class LiveBoard {
  private readonly cells = new Map<number, Set<LiveCell>>();
  private readonly clocks = new Set<() => void>();
  private readonly waiting = new Set<LiveCell>();
  private lastDraw = 0;
  private interval = kDigitIntervalMs;
  private planned = false;
  private readonly shown = new MessageChannel();

  constructor(store: TagStore) {
    store.flushed.on((flush) => this.mark(flush));
    this.shown.port1.onmessage = () => {
      this.interval = intervalFor(performance.now() - this.lastDraw);
    };
    setInterval(() => requestAnimationFrame(() => this.tick()), kTickMs);
  }

  /** Shows `slot` by `cell` until the returned function is called; draws it at once. */
  add(slot: number, cell: LiveCell): () => void {
    const cells = this.cells.get(slot) ?? new Set();
    cells.add(cell);
    this.cells.set(slot, cells);
    cell.draw();
    cell.tick?.();
    return () => {
      cells.delete(cell);
      this.waiting.delete(cell);
      if (cells.size === 0 && this.cells.get(slot) === cells) this.cells.delete(slot);
    };
  }

  /** Calls `tick` every second within an animation frame, and once now. */
  everySecond(tick: () => void): () => void {
    this.clocks.add(tick);
    tick();
    return () => {
      this.clocks.delete(tick);
    };
  }

  /** Draws everything anew: the language, the theme or the connection changed. */
  redraw(): void {
    for (const cells of this.cells.values()) {
      for (const cell of cells) {
        cell.draw();
        cell.tick?.();
      }
    }
    for (const tick of this.clocks) tick();
  }

  private mark({ slots, count }: Flush): void {
    for (let i = 0; i < count; i++) {
      const cells = this.cells.get(slots[i] as number);
      if (cells) for (const cell of cells) this.waiting.add(cell);
    }
    if (this.waiting.size === 0 || this.planned) return;
    const rest = this.lastDraw + this.interval - performance.now();
    // A flush is within an animation frame already.
    if (rest <= 0) this.draw();
    else {
      this.planned = true;
      setTimeout(() => requestAnimationFrame(() => this.draw()), rest);
    }
  }

  private draw(): void {
    this.planned = false;
    this.lastDraw = performance.now();
    for (const cell of this.waiting) cell.draw();
    this.waiting.clear();
    // A task of its own, so it runs after the browser has laid out and painted this frame.
    this.shown.port2.postMessage(undefined);
  }

  private tick(): void {
    for (const cells of this.cells.values()) for (const cell of cells) cell.tick?.();
    for (const tick of this.clocks) tick();
  }
}
