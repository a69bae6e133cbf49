/** The current value of a pen in the legend. */
import { isForced, Quality } from "@tagwire/client";
import type { LiveCell } from "../live/board.js";
import type { LiveSession } from "../live/session.svelte.js";

const kMarks: Readonly<Record<Quality, string>> = {
  [Quality.None]: "…",
  [Quality.Good]: "",
  [Quality.Uncertain]: "?",
  [Quality.Stale]: "◷",
  [Quality.Bad]: "✕",
};

export class LegendCell implements LiveCell {
  private shown = "";

  constructor(
    private readonly element: HTMLElement,
    private readonly slot: number,
    private readonly live: LiveSession,
  ) {}

  draw(): void {
    const { store } = this.live.client;
    const quality = store.quality(this.slot);
    const { text } = this.live.format.value(store.describe(this.slot), store.value(this.slot));
    const mark = quality === Quality.Good && isForced(store.status(this.slot)) ? "F" : kMarks[quality];
    const next = mark ? `${text} ${mark}` : text;
    if (next === this.shown) return;
    this.shown = next;
    this.element.textContent = next;
    this.element.classList.toggle("bad", quality === Quality.Bad);
  }
}
