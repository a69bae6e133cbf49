/**
 * An element of a screen as the live core sees it: the nodes that its bindings change, and what they show now. Writes
 * only what is different; runs within animation frames.
 */
import { Quality, type TagDesc } from "@tagwire/client";
import type { LiveCell } from "../../live/board.js";
import { kNoValue } from "../../live/format.js";
import { beyondLimit, displayRange, leastSpanOf, positionIn } from "../../live/limits.js";
import { LiveText } from "../../live/live-text.js";
import { qualityName, reasonOf } from "../../live/quality-text.js";
import type { LiveContext } from "../../live/session.svelte.js";
import type { LivePart } from "../../symbols/render.js";
import type { BindKind } from "../../symbols/symbol.js";
import { matches, stateOf } from "../document/match.js";
import type { Bindings } from "../document/types.js";
import type { ElementNode } from "./element-node.js";
import { sparkPath } from "./spark-path.js";

/** The slot of each binding; undefined: the server has no such tag. */
export type BoundSlots = Partial<Record<BindKind, number | undefined>>;

/** How much a quality spoils what an element shows. */
const kSpoils: Readonly<Record<Quality, number>> = {
  [Quality.Good]: 0,
  [Quality.Uncertain]: 1,
  [Quality.Stale]: 2,
  [Quality.None]: 3,
  [Quality.Bad]: 4,
};
const kLeastSparkPart = 0.02;

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

export class ElementCell implements LiveCell {
  private readonly shown = new Map<string, string>();
  private readonly texts: LiveText[];
  private readonly levels: readonly LivePart[];
  private readonly pointers: readonly LivePart[];
  private readonly sparks: readonly LivePart[];
  private readonly spinning: readonly SVGElement[];
  private readonly artTransform: string;
  /** The description that values are told by, with the decimals of the binding. */
  private readonly valueTag: TagDesc | undefined;

  constructor(
    private readonly node: ElementNode,
    private readonly bind: Bindings,
    private readonly slots: BoundSlots,
    private readonly live: LiveContext,
  ) {
    const of = (part: string) => node.parts.filter((each) => each.part === part);
    this.texts = of("value").map((each) => new LiveText(each.node));
    this.levels = of("level");
    this.pointers = of("pointer");
    this.sparks = of("spark");
    const spins = of("spin").map((each) => each.node);
    this.spinning = spins.length > 0 ? spins : [node.art];
    this.artTransform = spins.length > 0 ? "" : (node.art.getAttribute("transform") ?? "");
    const tag = slots.value === undefined ? undefined : live.client.store.describe(slots.value);
    this.valueTag = tag && bind.value?.decimals !== undefined ? { ...tag, dp: bind.value.decimals } : tag;
    const unit = bind.value?.unit ?? tag?.u ?? "";
    for (const each of of("unit")) each.node.textContent = unit && ` ${unit}`;
  }

  draw(): void {
    const [quality, slot] = this.worst();
    this.drawQuality(quality, slot);
    this.drawValue();
    this.drawFraction("value", this.pointers, movePointer);
    this.drawFraction(this.bind.level ? "level" : "value", this.levels, fill);
    this.drawState();
    this.drawVisible();
    this.drawRotation();
    this.drawLimit(quality);
  }

  tick(): void {
    const [quality, slot] = this.worst();
    if (quality === Quality.Stale) this.tell(slot);
    const { value } = this.slots;
    if (value === undefined) return;
    const { client, recorder } = this.live;
    for (const { node, shape } of this.sparks) {
      if (!shape.area) continue;
      const least = leastSpanOf(client.store.describe(value), kLeastSparkPart);
      this.write(node, "d", sparkPath(recorder.ring(value), client.serverNow(), shape.area, least));
    }
  }

  /** The worst quality of what is bound, and the slot it is of; None without a slot for a tag that is not there. */
  private worst(): [Quality, number | undefined] {
    let worst: [Quality, number | undefined] = [Quality.Good, undefined];
    for (const slot of Object.values(this.slots)) {
      const quality = slot === undefined ? Quality.None : this.live.client.store.quality(slot);
      if (kSpoils[quality] >= kSpoils[worst[0]]) worst = [quality, slot];
    }
    return worst;
  }

  private drawQuality(quality: Quality, slot: number | undefined): void {
    const status = slot === undefined ? 0 : this.live.client.store.status(slot);
    const name = qualityName(quality, status);
    this.write(this.node.group, "data-quality", name);
    this.write(this.node.qualityIcon, "href", `#quality-${name}`);
    this.tell(slot);
  }

  /** Why it looks as it does; for the pointer that rests on it. */
  private tell(slot: number | undefined): void {
    const missing = Object.values(this.slots).includes(undefined);
    const text =
      slot === undefined || missing
        ? this.live.words.quality.none
        : `${this.live.client.store.describe(slot).n} · ${reasonOf(this.live, slot)}`;
    if (this.shown.get("title") === text) return;
    this.shown.set("title", text);
    this.node.title.textContent = text;
  }

  private drawValue(): void {
    const { value } = this.slots;
    const { store } = this.live.client;
    const known = value !== undefined && store.quality(value) !== Quality.Bad;
    const text =
      known && this.valueTag ? this.live.format.value(this.valueTag, store.value(value)).text : kNoValue;
    for (const each of this.texts) each.set(text);
  }

  /** Where a value stands in its range, 0…1; undefined where that is not known. */
  private fractionOf(kind: "value" | "level"): number | undefined {
    const slot = this.slots[kind];
    const { store } = this.live.client;
    if (slot === undefined || store.quality(slot) === Quality.Bad) return undefined;
    const value = store.numeric(slot);
    const own = displayRange(store.describe(slot));
    const { low = own?.[0], high = own?.[1] } = (kind === "level" ? this.bind.level : undefined) ?? {};
    if (!Number.isFinite(value) || low === undefined || high === undefined || low === high) return undefined;
    return positionIn([low, high], value);
  }

  private drawFraction(
    kind: "value" | "level",
    parts: readonly LivePart[],
    place: (part: LivePart, fraction: number, write: (name: string, value: string) => void) => void,
  ): void {
    if (parts.length === 0) return;
    const fraction = this.fractionOf(kind);
    for (const part of parts) {
      this.write(part.node, "visibility", fraction === undefined ? "hidden" : "visible");
      if (fraction !== undefined) place(part, fraction, (name, value) => this.write(part.node, name, value));
    }
    if (kind === "level" || !this.bind.level)
      this.write(
        this.node.group,
        "data-fraction",
        fraction === undefined ? "" : String(rounded(fraction * 100)),
      );
  }

  private drawState(): void {
    const { state } = this.bind;
    if (!state) return;
    const slot = this.slots.state;
    const { store } = this.live.client;
    const quality = slot === undefined ? Quality.None : store.quality(slot);
    const known = slot !== undefined && quality !== Quality.Bad && quality !== Quality.None;
    const name = known ? stateOf(state.map, store.value(slot), store.numeric(slot)) : "unknown";
    this.write(this.node.group, "data-state", name);
  }

  /** What decides whether an element is seen must be known to hide it. */
  private drawVisible(): void {
    const { visible } = this.bind;
    if (!visible) return;
    const slot = this.slots.visible;
    const { store } = this.live.client;
    const known =
      slot !== undefined && store.quality(slot) !== Quality.Bad && store.quality(slot) !== Quality.None;
    const seen = !known || visible.when.some((rule) => matches(rule, store.value(slot), store.numeric(slot)));
    this.write(this.node.group, "data-hidden", seen ? "false" : "true");
  }

  private drawRotation(): void {
    const { rotation } = this.bind;
    const slot = this.slots.rotation;
    if (!rotation || slot === undefined) return;
    const value = this.live.client.store.numeric(slot);
    if (!Number.isFinite(value) || rotation.low === rotation.high) return;
    const fraction = positionIn([rotation.low, rotation.high], value);
    const degrees = rounded(rotation.from + (rotation.to - rotation.from) * fraction);
    for (const node of this.spinning) {
      // The middle of what turns; its box is asked for only when the angle has changed.
      const key = `spin ${degrees}`;
      if (this.shown.get("spin") === key) return;
      const box = (node as SVGGraphicsElement).getBBox();
      const turn = `rotate(${degrees} ${rounded(box.x + box.width / 2)} ${rounded(box.y + box.height / 2)})`;
      node.setAttribute("transform", `${this.artTransform} ${turn}`.trim());
      this.shown.set("spin", key);
    }
  }

  private drawLimit(quality: Quality): void {
    const slot = this.slots.value ?? this.slots.level;
    const trusted = quality === Quality.Good || quality === Quality.Uncertain;
    const { store } = this.live.client;
    const level =
      slot !== undefined && trusted ? beyondLimit(store.describe(slot), store.numeric(slot)) : undefined;
    this.write(this.node.group, "data-limit", level ?? "");
    const priority = level === "hh" || level === "ll" ? 1 : 2;
    this.write(this.node.alarmIcon, "href", level ? `#screen-alarm-${priority}` : "");
  }

  private write(node: Element, name: string, value: string): void {
    const index = `${name} ${this.indexOf(node)}`;
    if (this.shown.get(index) === value) return;
    this.shown.set(index, value);
    if (value === "" && name !== "d") node.removeAttribute(name);
    else node.setAttribute(name, value);
  }

  private readonly indices = new Map<Element, number>();

  private indexOf(node: Element): number {
    let index = this.indices.get(node);
    if (index === undefined) {
      index = this.indices.size;
      this.indices.set(node, index);
    }
    return index;
  }
}

function movePointer(
  { shape }: LivePart,
  fraction: number,
  write: (name: string, value: string) => void,
): void {
  if (!shape.travel) return;
  const { axis, from, to } = shape.travel;
  const at = rounded(from + (to - from) * fraction);
  write("transform", axis === "y" ? `translate(0 ${at})` : `translate(${at} 0)`);
}

function fill({ shape }: LivePart, fraction: number, write: (name: string, value: string) => void): void {
  if (!shape.travel) return;
  const { axis, from, to } = shape.travel;
  const at = rounded(from + (to - from) * fraction);
  if (axis === "y") {
    write("y", String(Math.min(at, from)));
    write("height", String(rounded(Math.abs(from - at))));
  } else {
    write("width", String(rounded(Math.abs(at - from))));
  }
}
