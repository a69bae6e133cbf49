/** Drawings as nodes of the page. */
import type { Part, Shape } from "./shape.js";

const kSvg = "http://www.w3.org/2000/svg";

export interface LivePart {
  readonly part: Part;
  readonly shape: Shape;
  readonly node: SVGElement;
}

export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[Name] {
  const node = document.createElementNS(kSvg, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

let clips = 0;

function nodeOf(shape: Shape, parts: LivePart[], mirror: boolean): SVGElement {
  const node = svg(shape.tag, shape.at);
  if (shape.paint) node.classList.add(`s-${shape.paint}`);
  if (shape.limit) node.dataset["zone"] = shape.limit;
  if (shape.text) node.textContent = shape.text;
  // Letters stay readable in what is mirrored.
  if (mirror && shape.tag === "text")
    node.setAttribute("transform", `translate(${2 * Number(shape.at["x"])} 0) scale(-1 1)`);
  if (shape.clip) {
    const id = `clip-${++clips}`;
    const clip = svg("clipPath", { id });
    clip.append(nodeOf(shape.clip, parts, false));
    node.append(clip);
    node.setAttribute("clip-path", `url(#${id})`);
  }
  for (const child of shape.children ?? []) node.append(nodeOf(child, parts, mirror));
  if (shape.part) parts.push({ part: shape.part, shape, node });
  return node;
}

/** Digits that stand for a value while nothing live writes one: who draws must see where they will be. */
export function fillIn(parts: readonly LivePart[]): void {
  for (const { part, node } of parts) if (part === "value") node.textContent = "0.00";
}

/** Draws into `parent`; returns what the runtime changes. */
export function draw(parent: SVGElement, shapes: readonly Shape[], mirror = false): LivePart[] {
  const parts: LivePart[] = [];
  for (const shape of shapes) {
    parent.append(nodeOf(shape, parts, mirror));
    // Words that stand apart are words apart for whoever hears them.
    if (shape.tag === "text") parent.append(" ");
  }
  return parts;
}
