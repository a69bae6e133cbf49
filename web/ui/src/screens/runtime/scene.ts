/**
 * A screen as nodes of the page, driven by the live core: made once from its document, after that only what a changed
 * tag touches is written. Belongs to one `<svg>`; made anew for another document, language or set of tags.
 */
import type { TagStore } from "@tagwire/client";
import { limitZones, normalBand } from "../../live/limits.js";
import type { LiveSession } from "../../live/session.svelte.js";
import { svg } from "../../symbols/render.js";
import { kNoMarks, type ScaleMarks } from "../../symbols/symbol.js";
import { routeOf } from "../document/geometry.js";
import type { Bindings, Pipe, Point, ScreenDocument, ScreenElement } from "../document/types.js";
import { type BoundSlots, ElementCell } from "./element-cell.js";
import { type ElementNode, makeElement } from "./element-node.js";

const kArrow = 9;

/** The paths of all tags of an element, the one it is mostly about first. */
export function tagsOf({ bind = {}, tags = [] }: ScreenElement): string[] {
  const bound = [bind.value, bind.level, bind.state, bind.rotation, bind.visible];
  return [...new Set([...bound.flatMap((each) => (each ? [each.tag] : [])), ...tags])];
}

/** Whether a click on the element does something. */
export function isActive(element: ScreenElement): boolean {
  return element.link !== undefined || tagsOf(element).length > 0;
}

function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join(" ");
}

/** An arrow head whose tip is `tip`, coming from `from`. */
function arrowHead(tip: Point, from: Point): string {
  const length = Math.hypot(tip[0] - from[0], tip[1] - from[1]) || 1;
  const [ux, uy] = [(tip[0] - from[0]) / length, (tip[1] - from[1]) / length];
  const base: Point = [tip[0] - ux * kArrow, tip[1] - uy * kArrow];
  const half = kArrow * 0.48;
  return `M${tip[0]} ${tip[1]}L${base[0] - uy * half} ${base[1] + ux * half}L${base[0] + uy * half} ${base[1] - ux * half}Z`;
}

export function makePipe(pipe: Pipe, elements: ReadonlyMap<string, ScreenElement>): SVGGElement {
  const points = routeOf(pipe, elements);
  const group = svg("g", { class: `pipe pipe-${pipe.kind}` });
  group.dataset["pipe"] = pipe.id;
  if (points.length < 2) return group;
  const arrow = pipe.arrow ?? "end";
  const [tip, before] = arrow === "start" ? [points[0], points[1]] : [points.at(-1), points.at(-2)];
  group.append(svg("path", { class: "run", d: pathOf(points) }));
  if (arrow !== "none" && pipe.kind !== "signal" && tip && before)
    group.append(svg("path", { class: "arrow", d: arrowHead(tip, before) }));
  return group;
}

function slotOf(store: TagStore, path: string): number | undefined {
  const slot = store.slotOf(path);
  return slot !== undefined && store.isLive(slot) ? slot : undefined;
}

function slotsOf(store: TagStore, bind: Bindings): BoundSlots {
  return Object.fromEntries(
    Object.entries(bind).map(([kind, { tag }]: [string, { readonly tag: string }]) => [
      kind,
      slotOf(store, tag),
    ]),
  );
}

function marksOf(store: TagStore, slot: number | undefined): ScaleMarks {
  if (slot === undefined) return kNoMarks;
  const tag = store.describe(slot);
  const band = normalBand(tag);
  return { zones: limitZones(tag), ...(band && { band }) };
}

/** Draws a screen without live values: for previews. */
export function drawStill(root: SVGSVGElement, screen: ScreenDocument, locale: "en" | "zh"): void {
  const byId = new Map(screen.elements.map((element) => [element.id, element]));
  const { pictures = {} } = screen;
  root.replaceChildren(
    ...screen.pipes.map((pipe) => makePipe(pipe, byId)),
    ...screen.elements.map((element) => makeElement(element, { locale, pictures }).group),
  );
}

export class Scene {
  readonly elements = new Map<string, SVGGElement>();
  private readonly removers: (() => void)[] = [];

  constructor(
    private readonly layer: SVGGElement,
    readonly screen: ScreenDocument,
    live: LiveSession,
    nameOf: (element: ScreenElement, tags: readonly string[]) => string,
  ) {
    const { store } = live.client;
    const { locale } = live;
    const byId = new Map(screen.elements.map((element) => [element.id, element]));
    const pictures = screen.pictures ?? {};
    const nodes: SVGGElement[] = screen.pipes.map((pipe) => makePipe(pipe, byId));
    const cells: [number, ElementCell][] = [];
    for (const element of screen.elements) {
      const slots = slotsOf(store, element.bind ?? {});
      const marks = marksOf(store, slots.value);
      const node = makeElement(element, { locale, pictures, marks });
      nodes.push(node.group);
      this.elements.set(element.id, node.group);
      if (isActive(element)) makeActive(node, element, nameOf(element, tagsOf(element)));
      if (!element.bind) continue;
      const cell = new ElementCell(node, element.bind, slots, live);
      const known = new Set(Object.values(slots).filter((slot) => slot !== undefined));
      if (known.size === 0) cell.draw();
      for (const slot of known) cells.push([slot, cell]);
    }
    layer.replaceChildren(...nodes);
    // Only what stands in the page has boxes that a rotation could be around.
    for (const [slot, cell] of cells) this.removers.push(live.board.add(slot, cell));
  }

  destroy(): void {
    for (const remove of this.removers) remove();
    this.layer.replaceChildren();
  }
}

let names = 0;

/** What is written on an element is part of its name, and stays so while it changes. */
function makeActive({ group, art, parts }: ElementNode, element: ScreenElement, name: string): void {
  group.classList.add("active");
  group.setAttribute("role", element.link === undefined ? "button" : "link");
  group.setAttribute("tabindex", "-1");
  if (element.link !== undefined || (!art.textContent && !parts.some(({ part }) => part === "value"))) {
    group.setAttribute("aria-label", name);
    return;
  }
  const id = `screen-name-${++names}`;
  const description = svg("desc", { id });
  description.textContent = name;
  art.id = `${id}-art`;
  group.append(description);
  group.setAttribute("aria-labelledby", `${art.id} ${id}`);
}
