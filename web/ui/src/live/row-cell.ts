/**
 * One tag as the live core sees it: cached nodes, the texts they show, and nothing else. The markup (TagRow.svelte,
 * Indicator.svelte, the tiles of dashboards) marks the nodes with `data-live`.
 */
import { Quality, type TagDesc } from "@tagwire/client";
import type { LiveCell } from "./board.js";
import { beyondLimit, displayRange, type LimitLevel, leastSpanOf, positionIn } from "./limits.js";
import { LiveText } from "./live-text.js";
import { qualityName, reasonOf } from "./quality-text.js";
import type { LiveContext } from "./session.svelte.js";
import { drawSparkline } from "./sparkline.js";

export const kLimitLabels: Readonly<Record<LimitLevel, string>> = { ll: "LL", l: "L", h: "H", hh: "HH" };

/** Longer texts may be cut by the width of the column: their title has them whole. */
const kFittingLength = 18;

/** A sparkline spans at least this part of the range of its tag. */
const kLeastSparkPart = 0.02;

export class RowCell implements LiveCell {
  private readonly value: LiveText;
  private readonly reason: LiveText;
  private readonly age: LiveText | undefined;
  private readonly time: LiveText | undefined;
  private readonly limit: LiveText;
  private readonly valueBox: HTMLElement;
  private readonly reasonBox: HTMLElement;
  private readonly limitBox: HTMLElement;
  private readonly icon: SVGUseElement;
  private readonly pointer: HTMLElement | null;
  private readonly spark: HTMLCanvasElement | null;
  private quality = "";
  private limitShown: LimitLevel | undefined | null = null;
  private title = "";
  private reasonTitle = "";
  private pointerAt = -1;
  private readonly leastSpan: number;

  constructor(
    private readonly row: HTMLElement,
    private readonly slot: number,
    private readonly live: LiveContext,
    /** The description to draw by, where it is not the tag's own. */
    private readonly asShown: (tag: TagDesc) => TagDesc = (tag) => tag,
  ) {
    this.valueBox = this.find("value-box");
    this.value = new LiveText(this.find("value"));
    this.reasonBox = this.find("reason");
    this.reason = new LiveText(this.reasonBox);
    this.age = this.textOf("age");
    this.time = this.textOf("time");
    this.limitBox = this.find("limit");
    this.limit = new LiveText(this.limitBox);
    this.icon = this.find("icon").querySelector("use") as SVGUseElement;
    this.pointer = row.querySelector("[data-live=pointer]");
    this.spark = row.querySelector("canvas");
    this.leastSpan = leastSpanOf(asShown(live.client.store.describe(slot)), kLeastSparkPart);
  }

  draw(): void {
    const { store } = this.live.client;
    const tag = this.asShown(store.describe(this.slot));
    const quality = store.quality(this.slot);
    this.drawValue(tag);
    this.drawQuality(quality, store.status(this.slot));
    this.drawLimit(tag, quality);
    this.drawPointer(tag, quality);
    this.time?.set(this.live.format.timeWithTenths(store.time(this.slot)));
  }

  tick(): void {
    const { client, format, words } = this.live;
    const quality = client.store.quality(this.slot);
    const age = format.age(client.serverNow() - client.store.time(this.slot));
    this.age?.set(age);
    if (quality === Quality.Stale) this.reason.set(words.quality.stale(age));
    // A canvas that is not shown has no parent box to be drawn in.
    if (this.spark?.offsetParent) {
      const ring = this.live.recorder.ring(this.slot);
      drawSparkline(this.spark, ring, client.serverNow(), this.leastSpan, this.live.sparkStyle);
    }
  }

  private drawValue(tag: TagDesc): void {
    const { text, full } = this.live.format.value(tag, this.live.client.store.value(this.slot));
    this.value.set(text);
    const title = full ?? (text.length > kFittingLength ? text : "");
    if (title === this.title) return;
    this.title = title;
    if (title) this.valueBox.title = title;
    else this.valueBox.removeAttribute("title");
  }

  private drawQuality(quality: Quality, status: number): void {
    const name = qualityName(quality, status);
    if (name !== this.quality) {
      this.quality = name;
      this.row.dataset["quality"] = name;
      this.icon.setAttribute("href", `#quality-${name}`);
    }
    const text = reasonOf(this.live, this.slot);
    this.reason.set(text);
    if (text !== this.reasonTitle && quality !== Quality.Stale) {
      this.reasonTitle = text;
      this.reasonBox.title = text;
    }
  }

  private drawLimit(tag: TagDesc, quality: Quality): void {
    const trusted = quality === Quality.Good || quality === Quality.Uncertain;
    const level = trusted ? beyondLimit(tag, this.live.client.store.numeric(this.slot)) : undefined;
    if (level === this.limitShown) return;
    this.limitShown = level;
    this.limit.set(level ? kLimitLabels[level] : "");
    if (level) this.row.dataset["limit"] = level;
    else delete this.row.dataset["limit"];
    this.limitBox.title = level ? this.live.words.limits[level] : "";
  }

  private drawPointer(tag: TagDesc, quality: Quality): void {
    if (!this.pointer) return;
    const range = displayRange(tag);
    const value = this.live.client.store.numeric(this.slot);
    const shown = range && Number.isFinite(value) && quality !== Quality.Bad && quality !== Quality.None;
    const at = shown ? Math.round(positionIn(range, value) * 1000) / 10 : -1;
    if (at === this.pointerAt) return;
    this.pointerAt = at;
    this.pointer.hidden = at < 0;
    if (at >= 0) this.pointer.style.left = `${at}%`;
  }

  /** The text of an element that not every kind of row has. */
  private textOf(name: string): LiveText | undefined {
    const element = this.row.querySelector(`[data-live=${name}]`);
    return element ? new LiveText(element) : undefined;
  }

  private find(name: string): HTMLElement {
    const element = this.row.querySelector<HTMLElement>(`[data-live=${name}]`);
    if (!element) throw new Error(`the row has no element data-live=${name}`);
    return element;
  }
}
