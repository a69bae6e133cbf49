/** What tiles draw of a value besides its text: where it stands in its range, and whether something is on. */
import { Quality } from "@tagwire/client";
import type { LiveCell } from "../live/board.js";
import { positionIn } from "../live/limits.js";
import type { LiveContext } from "../live/session.svelte.js";

function isKnown(live: LiveContext, slot: number): boolean {
  const quality = live.client.store.quality(slot);
  return (
    quality !== Quality.Bad && quality !== Quality.None && Number.isFinite(live.client.store.numeric(slot))
  );
}

/** Tells where the value stands, 0..1 of the range in steps of a thousandth; undefined where it is not known. */
export class PositionCell implements LiveCell {
  private shown = Number.NaN;

  constructor(
    private readonly slot: number,
    private readonly live: LiveContext,
    private readonly range: readonly [number, number],
    private readonly show: (at: number | undefined) => void,
  ) {}

  draw(): void {
    const value = this.live.client.store.numeric(this.slot);
    const at = isKnown(this.live, this.slot) ? Math.round(positionIn(this.range, value) * 1_000) / 1_000 : -1;
    if (at === this.shown) return;
    this.shown = at;
    this.show(at < 0 ? undefined : at);
  }
}

/** Writes `data-on`: "on", "off" or "unknown". */
export class LampCell implements LiveCell {
  constructor(
    private readonly element: HTMLElement,
    private readonly slot: number,
    private readonly live: LiveContext,
  ) {}

  draw(): void {
    const on = this.live.client.store.numeric(this.slot) !== 0;
    const next = isKnown(this.live, this.slot) ? (on ? "on" : "off") : "unknown";
    if (this.element.dataset["on"] !== next) this.element.dataset["on"] = next;
  }
}
