/**
 * Drawings as plain data: what a symbol looks like, without a DOM. Colours are not part of it: a shape says what it is
 * (`paint`), symbols.css says how that looks in either theme and in each state.
 */

export type ShapeTag = "path" | "rect" | "circle" | "line" | "text" | "tspan" | "g" | "image";

/** What a shape is of; becomes the class `s-…`. */
export type Paint =
  /** Surface of equipment; lighter while it runs or is open, darker while it does not. */
  | "body"
  /** Surface that no state changes. */
  | "shell"
  /** Parts that are filled in the colour of lines: impellers, discs. */
  | "core"
  | "line"
  /** What is within: trays, tubes, packing. */
  | "detail"
  | "level"
  | "track"
  | "band"
  | "zone"
  | "pointer"
  | "spark"
  | "frame"
  | "lamp"
  /** What is pressed. */
  | "key"
  | "box"
  | "text"
  | "soft"
  | "value"
  | "letters";

/** What the runtime changes: see runtime/element-cell.ts. */
export type Part = "level" | "pointer" | "value" | "unit" | "spark" | "spin";

/** Where a moving part stands at 0 and at 1 of its range, in units of the drawing. */
export interface Travel {
  readonly axis: "x" | "y";
  readonly from: number;
  readonly to: number;
}

export interface Shape {
  readonly tag: ShapeTag;
  /** Attributes of SVG, geometry only. */
  readonly at: Readonly<Record<string, string | number>>;
  readonly paint?: Paint;
  readonly part?: Part;
  readonly travel?: Travel;
  /** Room of a line that is drawn from samples. */
  readonly area?: Size;
  /** Which limit a zone belongs to. */
  readonly limit?: string;
  readonly text?: string;
  readonly children?: readonly Shape[];
  /** What of the shape is seen: only what lies within this one. */
  readonly clip?: Shape;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Two decimals are a hundredth of a pixel: more would only make the document larger. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A path from numbers and letters: `d("M", 0, 1, "H", 20)`. */
export function d(...steps: readonly (string | number)[]): string {
  return steps.map((step) => (typeof step === "number" ? round(step) : step)).join(" ");
}

type Extra = Omit<Shape, "tag" | "at" | "paint">;

export function path(data: string, paint: Paint, extra: Extra = {}): Shape {
  return { tag: "path", at: { d: data }, paint, ...extra };
}

export function rect(
  x: number,
  y: number,
  width: number,
  height: number,
  paint: Paint,
  { rx = 0, ...extra }: Extra & { readonly rx?: number } = {},
): Shape {
  const at = { x: round(x), y: round(y), width: round(width), height: round(height) };
  return { tag: "rect", at: rx ? { ...at, rx: round(rx) } : at, paint, ...extra };
}

export function circle(cx: number, cy: number, r: number, paint: Paint, extra: Extra = {}): Shape {
  return { tag: "circle", at: { cx: round(cx), cy: round(cy), r: round(r) }, paint, ...extra };
}

export function line(x1: number, y1: number, x2: number, y2: number, paint: Paint = "line"): Shape {
  return { tag: "line", at: { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) }, paint };
}

export type Anchor = "start" | "middle" | "end";

/** `y` is the baseline. */
export function text(
  x: number,
  y: number,
  content: string,
  paint: Paint,
  { size, anchor = "start", ...extra }: Extra & { readonly size: number; readonly anchor?: Anchor },
): Shape {
  const at = { x: round(x), y: round(y), "font-size": round(size), "text-anchor": anchor };
  return { tag: "text", at, paint, text: content, ...extra };
}

export function group(children: readonly Shape[], extra: Omit<Extra, "children"> = {}): Shape {
  return { tag: "g", at: {}, children, ...extra };
}

/** A vessel with rounded ends above and below. */
export function capsule({ width, height }: Size, cap: number): string {
  return d(
    ...["M", 0, cap, "A", width / 2, cap, 0, 0, 1, width, cap, "V", height - cap],
    ...["A", width / 2, cap, 0, 0, 1, 0, height - cap, "Z"],
  );
}

/** A liquid within `outline`: it rises from `bottom` to `top`. */
export function liquid(outline: string, width: number, top: number, bottom: number): Shape {
  return group(
    [
      rect(0, top, width, bottom - top, "level", {
        part: "level",
        travel: { axis: "y", from: bottom, to: top },
      }),
    ],
    { clip: path(outline, "line") },
  );
}
