/** Changes of a screen: pure functions from a document to the next one. */
import { boundsOfBoxes, boxOf, middleOf } from "../screens/document/geometry.js";
import {
  kLimits,
  type Pipe,
  type Point,
  type ScreenDocument,
  type ScreenElement,
} from "../screens/document/types.js";
import { kSymbols } from "../symbols/library.js";

export type Ids = ReadonlySet<string>;
export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";
export type Axis = "x" | "y";

const kSmallest = 4;
/** How far a copy lies from what it was copied from. */
const kAside = 20;

/** `stem 1`, `stem 2`…: the first that is free. */
export function freeId(taken: Ids, stem: string): string {
  for (let number = 1; ; number++) {
    const id = `${stem} ${number}`;
    if (!taken.has(id)) return id;
  }
}

export function idsOf(screen: ScreenDocument): Set<string> {
  return new Set([...screen.elements, ...screen.pipes].map(({ id }) => id));
}

export function withElement(screen: ScreenDocument, element: ScreenElement): ScreenDocument {
  if (screen.elements.length >= kLimits.elements) return screen;
  return { ...screen, elements: [...screen.elements, element] };
}

/** A new element of a symbol around a point. */
export function newElement(screen: ScreenDocument, symbol: string, [x, y]: Point): ScreenElement | undefined {
  const found = kSymbols.get(symbol);
  if (!found) return undefined;
  const { width, height } = found.size;
  return {
    id: freeId(idsOf(screen), symbol),
    symbol,
    x: Math.round(x - width / 2),
    y: Math.round(y - height / 2),
    width,
    height,
  };
}

export function mapElements(
  screen: ScreenDocument,
  ids: Ids,
  change: (element: ScreenElement) => ScreenElement,
): ScreenDocument {
  return { ...screen, elements: screen.elements.map((each) => (ids.has(each.id) ? change(each) : each)) };
}

export function mapPipe(screen: ScreenDocument, id: string, change: (pipe: Pipe) => Pipe): ScreenDocument {
  return { ...screen, pipes: screen.pipes.map((each) => (each.id === id ? change(each) : each)) };
}

export function moved(screen: ScreenDocument, ids: Ids, dx: number, dy: number): ScreenDocument {
  if (dx === 0 && dy === 0) return screen;
  return mapElements(screen, ids, (each) => ({ ...each, x: each.x + dx, y: each.y + dy }));
}

/** Which way a handle pulls: −1 left or up, 1 right or down, 0 not at all. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** Pulled at a handle by a vector of the screen; what lies opposite stays where it is, turned elements too. */
export function resized(element: ScreenElement, handle: Handle, dx: number, dy: number): ScreenElement {
  const angle = ((element.rotation ?? 0) * Math.PI) / 180;
  const along = dx * Math.cos(angle) + dy * Math.sin(angle);
  const across = dy * Math.cos(angle) - dx * Math.sin(angle);
  const width = Math.max(kSmallest, element.width + handle.x * along);
  const height = Math.max(kSmallest, element.height + handle.y * across);
  const [right, down] = [
    (handle.x * (width - element.width)) / 2,
    (handle.y * (height - element.height)) / 2,
  ];
  const [cx, cy] = middleOf(element);
  const x = cx + right * Math.cos(angle) - down * Math.sin(angle) - width / 2;
  const y = cy + right * Math.sin(angle) + down * Math.cos(angle) - height / 2;
  return { ...element, x: tidy(x), y: tidy(y), width: tidy(width), height: tidy(height) };
}

export function rotated(element: ScreenElement, degrees: number): ScreenElement {
  const rotation = ((Math.round(degrees) % 360) + 360) % 360;
  const { rotation: _before, ...rest } = element;
  return rotation === 0 ? rest : { ...rest, rotation };
}

function tidy(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What is removed takes the pipes that end at it along. */
export function removed(screen: ScreenDocument, ids: Ids): ScreenDocument {
  if (ids.size === 0) return screen;
  return {
    ...screen,
    elements: screen.elements.filter(({ id }) => !ids.has(id)),
    pipes: screen.pipes.filter(
      ({ id, from, to }) => !ids.has(id) && !(from && ids.has(from.element)) && !(to && ids.has(to.element)),
    ),
  };
}

export interface Clip {
  readonly elements: readonly ScreenElement[];
  /** Pipes between them. */
  readonly pipes: readonly Pipe[];
}

export function copied(screen: ScreenDocument, ids: Ids): Clip {
  return {
    elements: screen.elements.filter(({ id }) => ids.has(id)),
    pipes: screen.pipes.filter(({ from, to }) => from && to && ids.has(from.element) && ids.has(to.element)),
  };
}

/** Puts a clip beside its original, under new ids; `ids` are those of the new elements. */
export function pasted(screen: ScreenDocument, clip: Clip): { screen: ScreenDocument; ids: Set<string> } {
  const taken = idsOf(screen);
  const renamed = new Map<string, string>();
  const fresh = (id: string, stem: string) => {
    const next = freeId(taken, stem);
    taken.add(next);
    renamed.set(id, next);
    return next;
  };
  const room = Math.max(0, kLimits.elements - screen.elements.length);
  const elements = clip.elements.slice(0, room).map((each) => ({
    ...each,
    id: fresh(each.id, each.symbol),
    x: each.x + kAside,
    y: each.y + kAside,
  }));
  const end = <End extends { readonly element: string }>(value: End): End => ({
    ...value,
    element: renamed.get(value.element) ?? value.element,
  });
  const pipes = clip.pipes
    .filter(({ from, to }) => from && to && renamed.has(from.element) && renamed.has(to.element))
    .map((pipe) => ({
      ...pipe,
      id: fresh(pipe.id, "pipe"),
      ...(pipe.from && { from: end(pipe.from) }),
      ...(pipe.to && { to: end(pipe.to) }),
      points: pipe.points.map(([x, y]): Point => [x + kAside, y + kAside]),
    }));
  return {
    screen: { ...screen, elements: [...screen.elements, ...elements], pipes: [...screen.pipes, ...pipes] },
    ids: new Set(elements.map(({ id }) => id)),
  };
}

/** All of them at one edge or middle of the box around them. */
export function aligned(screen: ScreenDocument, ids: Ids, how: Alignment): ScreenDocument {
  const chosen = screen.elements.filter(({ id }) => ids.has(id));
  if (chosen.length < 2) return screen;
  const around = boundsOfBoxes(chosen.map(boxOf));
  return mapElements(screen, ids, (each) => {
    const box = boxOf(each);
    const dx = {
      left: around.x - box.x,
      center: around.x + around.width / 2 - (box.x + box.width / 2),
      right: around.x + around.width - (box.x + box.width),
    }[how as "left"];
    const dy = {
      top: around.y - box.y,
      middle: around.y + around.height / 2 - (box.y + box.height / 2),
      bottom: around.y + around.height - (box.y + box.height),
    }[how as "top"];
    return { ...each, x: tidy(each.x + (dx ?? 0)), y: tidy(each.y + (dy ?? 0)) };
  });
}

/** The same gap between neighbours; the outermost two stay. */
export function distributed(screen: ScreenDocument, ids: Ids, axis: Axis): ScreenDocument {
  const side = axis === "x" ? "width" : "height";
  const chosen = screen.elements
    .filter(({ id }) => ids.has(id))
    .map((element) => ({ id: element.id, box: boxOf(element) }))
    .sort((a, b) => a.box[axis] - b.box[axis]);
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (!first || !last || chosen.length < 3) return screen;
  const whole = last.box[axis] + last.box[side] - first.box[axis];
  const gap = (whole - chosen.reduce((sum, { box }) => sum + box[side], 0)) / (chosen.length - 1);
  const shift = new Map<string, number>();
  let at = first.box[axis];
  for (const { id, box } of chosen) {
    shift.set(id, at - box[axis]);
    at += box[side] + gap;
  }
  return mapElements(screen, ids, (each) => ({
    ...each,
    [axis]: tidy(each[axis] + (shift.get(each.id) ?? 0)),
  }));
}

/** Drawn after all others, or before them. */
export function reordered(screen: ScreenDocument, ids: Ids, to: "front" | "back"): ScreenDocument {
  const chosen = screen.elements.filter(({ id }) => ids.has(id));
  const others = screen.elements.filter(({ id }) => !ids.has(id));
  return { ...screen, elements: to === "front" ? [...others, ...chosen] : [...chosen, ...others] };
}

export function withPipe(
  screen: ScreenDocument,
  pipe: Omit<Pipe, "id">,
): { screen: ScreenDocument; id: string } {
  const id = freeId(idsOf(screen), "pipe");
  if (screen.pipes.length >= kLimits.pipes) return { screen, id: "" };
  return { screen: { ...screen, pipes: [...screen.pipes, { id, ...pipe }] }, id };
}
