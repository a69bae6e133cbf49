/** Where things of a screen are: ports, pipes, boxes. */
import { kSymbols } from "../../symbols/library.js";
import { type Port, portsOf, type Side } from "../../symbols/symbol.js";
import type { Pipe, PipeEnd, Point, ScreenElement } from "./types.js";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function middleOf({ x, y, width, height }: Box): Point {
  return [x + width / 2, y + height / 2];
}

function turned([x, y]: Point, [cx, cy]: Point, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  const [dx, dy] = [x - cx, y - cy];
  return [cx + dx * Math.cos(angle) - dy * Math.sin(angle), cy + dx * Math.sin(angle) + dy * Math.cos(angle)];
}

/** The upright box around an element as it is seen, with its rotation. */
export function boxOf(element: ScreenElement): Box {
  const { x, y, width, height, rotation = 0 } = element;
  if (rotation % 360 === 0) return { x, y, width, height };
  const middle = middleOf(element);
  const corners = (
    [
      [x, y],
      [x + width, y],
      [x, y + height],
      [x + width, y + height],
    ] as const
  ).map((corner) => turned(corner, middle, rotation));
  return boundsOf(corners);
}

export function boundsOf(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

export function boundsOfBoxes(boxes: readonly Box[]): Box {
  return boundsOf(
    boxes.flatMap(({ x, y, width, height }): Point[] => [
      [x, y],
      [x + width, y + height],
    ]),
  );
}

/** Where a port is on the screen. */
export function portPoint(element: ScreenElement, port: Port): Point {
  const { x, y, width, height, rotation = 0, mirror } = element;
  const across = mirror ? 1 - port.x : port.x;
  return turned([x + across * width, y + port.y * height], middleOf(element), rotation);
}

const kSides: readonly Side[] = ["top", "right", "bottom", "left"];

/** The side of the screen that a port looks to. */
export function portSide({ rotation = 0, mirror }: ScreenElement, port: Port): Side {
  const horizontal = port.side === "left" || port.side === "right";
  const side = mirror && horizontal ? (port.side === "left" ? "right" : "left") : port.side;
  const quarter = ((Math.round(rotation / 90) % 4) + 4) % 4;
  return kSides[(kSides.indexOf(side) + quarter) % 4] as Side;
}

interface PortPlace {
  readonly point: Point;
  readonly side: Side;
}

/** The ports of an element, as its parameters are. */
export function portsOfElement(element: ScreenElement): readonly Port[] {
  const symbol = kSymbols.get(element.symbol);
  return symbol ? portsOf(symbol, element.parameters) : [];
}

function placeOf(
  elements: ReadonlyMap<string, ScreenElement>,
  end: PipeEnd | undefined,
): PortPlace | undefined {
  const element = end && elements.get(end.element);
  const port = element && portsOfElement(element).find(({ id }) => id === end.port);
  return port && { point: portPoint(element, port), side: portSide(element, port) };
}

const kOut: Readonly<Record<Side, Point>> = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] };
/** A pipe leaves a port straight for so long before it turns. */
const kStub = 16;

/** The corners between two ports that a pipe without points of its own takes. */
function corners(from: PortPlace, to: PortPlace): Point[] {
  const [ax, ay] = from.point;
  const [bx, by] = to.point;
  const level = from.side === "left" || from.side === "right";
  const otherLevel = to.side === "left" || to.side === "right";
  if (level !== otherLevel) return [level ? [bx, ay] : [ax, by]];
  const [outA, outB] = [kOut[from.side], kOut[to.side]];
  if (level) {
    if (Math.abs(ay - by) < 0.5) return [];
    const x =
      from.side === to.side
        ? (outA[0] > 0 ? Math.max(ax, bx) : Math.min(ax, bx)) + outA[0] * kStub
        : (bx - ax) * outA[0] > 2 * kStub
          ? (ax + bx) / 2
          : ax + outA[0] * kStub;
    return [
      [x, ay],
      [x, by],
    ];
  }
  if (Math.abs(ax - bx) < 0.5) return [];
  const y =
    from.side === to.side
      ? (outA[1] > 0 ? Math.max(ay, by) : Math.min(ay, by)) + outA[1] * kStub
      : (by - ay) * outA[1] > 2 * kStub
        ? (ay + by) / 2
        : by + outB[1] * kStub;
  return [
    [ax, y],
    [bx, y],
  ];
}

/** Every point of a pipe, its ends at ports included; empty where an end is not there. */
export function routeOf(pipe: Pipe, elements: ReadonlyMap<string, ScreenElement>): Point[] {
  const from = placeOf(elements, pipe.from);
  const to = placeOf(elements, pipe.to);
  if ((pipe.from && !from) || (pipe.to && !to)) return [];
  const between = pipe.points.length > 0 || !from || !to ? pipe.points : corners(from, to);
  return [...(from ? [from.point] : []), ...between, ...(to ? [to.point] : [])];
}
