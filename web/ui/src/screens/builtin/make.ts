/** Short words for what the built-in screens consist of. */
import type { Parameters } from "../../symbols/symbol.js";
import type { Bindings, Pipe, PipeEnd, Point, ScreenElement, StateRule } from "../document/types.js";

type Rest = Partial<Omit<ScreenElement, "id" | "symbol" | "x" | "y" | "width" | "height">>;

export function element(
  id: string,
  symbol: string,
  [x, y, width, height]: readonly [number, number, number, number],
  rest: Rest = {},
): ScreenElement {
  return { id, symbol, x, y, width, height, ...rest };
}

const kMotor: readonly StateRule[] = [
  { is: 0, state: "stopped" },
  { is: 1, state: "transition" },
  { is: 2, state: "running" },
  { is: 3, state: "fault" },
];
const kOnOff: readonly StateRule[] = [
  { is: false, state: "stopped" },
  { is: true, state: "running" },
];
/** A valve that is all but closed is closed. */
const kOpening: readonly StateRule[] = [
  { to: 0.5, state: "stopped" },
  { from: 0.5, state: "running" },
];

export function motorState(tag: string): Bindings {
  return { state: { tag, map: kMotor } };
}

export function onOffState(tag: string): Bindings {
  return { state: { tag, map: kOnOff } };
}

export function runsAbove(tag: string, least: number): Bindings {
  return {
    state: {
      tag,
      map: [
        { from: least, state: "running" },
        { to: least, state: "stopped" },
      ],
    },
  };
}

/** A pump on the line at `cy`; `from` the right where it is mirrored. */
export function pump(id: string, unit: string, x: number, cy: number, rest: Rest = {}): ScreenElement {
  const tag = `${unit}.${id}`;
  return element(id, "pump-centrifugal", [x, cy - 24, 48, 48], {
    label: id,
    bind: motorState(`${tag}.State`),
    tags: [`${tag}.Current`],
    ...rest,
  });
}

/** A control valve on the line at `cy`, whose opening is the tag `output`. */
export function controlValve(
  id: string,
  label: string,
  output: string,
  x: number,
  cy: number,
  rest: Rest = {},
): ScreenElement {
  return element(id, "valve-control", [x, cy - 31.9, 40, 44], {
    label,
    labelAt: "none",
    parameters: { actuator: "diaphragm" },
    bind: { state: { tag: output, map: kOpening } },
    tags: [output],
    ...rest,
  });
}

/** The setpoint, output and mode of a controller. */
export function loop(tag: string): string[] {
  return [`${tag}.SP`, `${tag}.OUT`, `${tag}.Mode`];
}

/** A value under its name. */
export function value(
  tag: string,
  x: number,
  y: number,
  rest: Rest & { readonly caption?: string; readonly wide?: number } = {},
): ScreenElement {
  const { caption, wide, ...others } = rest;
  const name = caption ?? tag.split(".").slice(2).join(".").replace(/\.PV$/, "");
  return element(`value ${tag}`, "value", [x, y, wide ?? 112, 44], {
    parameters: { caption: name },
    bind: { value: { tag } },
    ...(tag.endsWith(".PV") && { tags: loop(tag.slice(0, -3)) }),
    ...others,
  });
}

/** A key figure: what it is, its value, and where it stands in its range. */
export function keyFigure(
  tag: string,
  en: string,
  zh: string,
  x: number,
  y: number,
  width: number,
): ScreenElement[] {
  const tags = tag.endsWith(".PV") ? { tags: loop(tag.slice(0, -3)) } : {};
  return [
    element(`name ${tag}`, "text", [x, y + 2, width - 130, 22], {
      parameters: { text: en, textZh: zh, size: 13 },
    }),
    element(`figure ${tag}`, "value", [x + width - 140, y - 3, 140, 30], {
      parameters: { size: 18, align: "end" },
      bind: { value: { tag } },
      ...tags,
    }),
    element(`scale ${tag}`, "indicator", [x, y + 30, width, 17], {
      parameters: { direction: "horizontal" },
      bind: { value: { tag } },
      ...tags,
    }),
  ];
}

/** What it is, its value, and how it went lately. */
export function keyTrend(
  tag: string,
  en: string,
  zh: string,
  x: number,
  y: number,
  width: number,
): ScreenElement[] {
  const bind = { value: { tag } };
  return [
    element(`name trend ${tag}`, "text", [x, y, width - 110, 20], {
      parameters: { text: en, textZh: zh, size: 12, weight: "soft" },
    }),
    element(`figure trend ${tag}`, "value", [x + width - 110, y - 3, 110, 24], {
      parameters: { size: 14, align: "end" },
      bind,
    }),
    element(`trend ${tag}`, "sparkline", [x, y + 24, width, 30], { bind }),
  ];
}

export function text(
  id: string,
  en: string,
  zh: string,
  x: number,
  y: number,
  width: number,
  parameters: Parameters = {},
): ScreenElement {
  return element(id, "text", [x, y, width, 20], { parameters: { text: en, textZh: zh, ...parameters } });
}

export function connector(
  id: string,
  en: string,
  zh: string,
  [x, cy]: readonly [number, number],
  rest: Rest = {},
): ScreenElement {
  return element(id, "connector", [x, cy - 15, 150, 30], { parameters: { text: en, textZh: zh }, ...rest });
}

/** `element.port`, or a point of the screen. */
type Stop = string | Point;

function endOf(stop: Stop | undefined): PipeEnd | undefined {
  if (typeof stop !== "string") return undefined;
  const colon = stop.lastIndexOf(":");
  return { element: stop.slice(0, colon), port: stop.slice(colon + 1) };
}

/** A pipe along stops; those at its ends may be ports (`P-101:right`). */
export function pipe(
  id: string,
  stops: readonly Stop[],
  rest: Partial<Pick<Pipe, "kind" | "arrow">> = {},
): Pipe {
  const from = endOf(stops[0]);
  const to = endOf(stops.at(-1));
  return {
    id,
    kind: "process",
    ...rest,
    ...(from && { from }),
    ...(to && { to }),
    points: stops.filter((stop): stop is Point => typeof stop !== "string"),
  };
}
