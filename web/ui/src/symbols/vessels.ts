/** Tanks, drums, reactors and columns, with what stands in them. */
import { capsule, d, group, line, liquid, path, rect, type Shape, type Size } from "./shape.js";
import { choice, flag, kBottom, kLeft, kRight, kTop, names, number, type ProcessSymbol } from "./symbol.js";

type Vessel = Pick<ProcessSymbol, "id" | "name" | "size" | "draw"> & Partial<ProcessSymbol>;

function vessel(rest: Vessel): ProcessSymbol {
  return {
    group: "vessels",
    parameters: [],
    states: "none",
    binds: ["level", "value"],
    ports: [
      kTop(),
      kBottom(),
      kLeft(0.25, "left-upper"),
      kLeft(0.75, "left-lower"),
      kRight(0.25, "right-upper"),
      kRight(0.75, "right-lower"),
    ],
    ...rest,
  };
}

/** Outline, liquid within, and the outline again above it: the line stays as strong as elsewhere. */
function filled(outline: string, { width }: Size, top: number, bottom: number): Shape[] {
  return [path(outline, "shell"), liquid(outline, width, top, bottom), path(outline, "line")];
}

const kLegs = flag("legs", names("Legs", "支腿"), false);

function legs({ width, height }: Size, from: number): Shape {
  const at = width * 0.14;
  return path(d("M", at, from, "V", height, "M", width - at, from, "V", height), "line");
}

/** An upright vessel with rounded ends: `cap` is the height of an end. */
function upright(size: Size): { readonly outline: string; readonly cap: number } {
  const cap = Math.min(size.width * 0.25, size.height * 0.2);
  return { outline: capsule(size, cap), cap };
}

function trays({ width }: Size, count: number, top: number, bottom: number): Shape {
  const steps = Array.from({ length: count }, (_, i) => {
    const y = top + ((i + 0.5) / count) * (bottom - top);
    return i % 2 ? ["M", 0, y, "H", width * 0.82] : ["M", width * 0.18, y, "H", width];
  });
  return path(d(...steps.flat()), "detail");
}

function packing({ width }: Size, top: number, bottom: number): Shape[] {
  return [
    path(d("M", 0, top, "L", width, bottom, "M", width, top, "L", 0, bottom), "detail"),
    line(0, top, width, top, "detail"),
    line(0, bottom, width, bottom, "detail"),
  ];
}

export const kVessels: readonly ProcessSymbol[] = [
  vessel({
    id: "tank-open",
    name: names("Open tank", "敞口罐"),
    size: { width: 90, height: 100 },
    draw(_parameters, size) {
      const { width, height } = size;
      const outline = d("M", 0, 0, "V", height, "H", width, "V", 0);
      return [
        rect(0, 0, width, height, "shell"),
        liquid(d("M", 0, 0, "V", height, "H", width, "V", 0, "Z"), width, 0, height),
        path(outline, "line"),
      ];
    },
  }),
  vessel({
    id: "tank-closed",
    name: names("Closed tank", "立式罐"),
    size: { width: 90, height: 110 },
    draw: (_parameters, size) =>
      filled(d("M", 0, 0, "H", size.width, "V", size.height, "H", 0, "Z"), size, 0, size.height),
  }),
  vessel({
    id: "tank-dome",
    name: names("Dome roof tank", "拱顶罐"),
    size: { width: 110, height: 110 },
    draw(_parameters, size) {
      const { width, height } = size;
      const roof = height * 0.16;
      const outline = d("M", 0, roof, "Q", width / 2, -roof, width, roof, "V", height, "H", 0, "Z");
      return [...filled(outline, size, roof, height), line(0, roof, width, roof, "detail")];
    },
  }),
  vessel({
    id: "tank-cone",
    name: names("Cone bottom tank", "锥底罐"),
    size: { width: 90, height: 130 },
    parameters: [kLegs],
    draw(parameters, size) {
      const { width, height } = size;
      const wall = height * 0.68;
      const outline = d(
        "M",
        0,
        0,
        "H",
        width,
        "V",
        wall,
        "L",
        width * 0.57,
        height,
        "H",
        width * 0.43,
        "L",
        0,
        wall,
        "Z",
      );
      return [...(parameters["legs"] ? [legs(size, wall)] : []), ...filled(outline, size, 0, height)];
    },
  }),
  vessel({
    id: "drum",
    name: names("Horizontal drum", "卧式罐"),
    size: { width: 120, height: 64 },
    ports: [
      kTop(),
      kTop(0.25, "top-left"),
      kTop(0.75, "top-right"),
      kBottom(),
      kBottom(0.25, "bottom-left"),
      kBottom(0.75, "bottom-right"),
      kLeft(),
      kRight(),
    ],
    draw(_parameters, size) {
      const { width, height } = size;
      const cap = Math.min(height * 0.32, width * 0.2);
      const outline = d(
        ...["M", cap, 0, "H", width - cap, "A", cap, height / 2, 0, 0, 1, width - cap, height],
        ...["H", cap, "A", cap, height / 2, 0, 0, 1, cap, 0, "Z"],
      );
      return filled(outline, size, 0, height);
    },
  }),
  vessel({
    id: "sphere",
    name: names("Sphere", "球罐"),
    size: { width: 100, height: 110 },
    ports: [kTop(), kBottom()],
    draw(_parameters, size) {
      const r = Math.min(size.width / 2, size.height * 0.46);
      const x = size.width / 2;
      const outline = d("M", x - r, r, "A", r, r, 0, 1, 1, x + r, r, "A", r, r, 0, 1, 1, x - r, r, "Z");
      const foot = path(
        d(
          "M",
          x - r * 0.8,
          r,
          "V",
          size.height,
          "M",
          x + r * 0.8,
          r,
          "V",
          size.height,
          "M",
          x,
          2 * r,
          "V",
          size.height,
        ),
        "line",
      );
      return [foot, ...filled(outline, size, 0, 2 * r)];
    },
  }),
  vessel({
    id: "reactor",
    name: names("Jacketed reactor", "夹套反应釜"),
    size: { width: 130, height: 170 },
    ports: [
      kTop(),
      kTop(0.25, "top-left"),
      kTop(0.75, "top-right"),
      kBottom(),
      kLeft(0.45, "jacket-left"),
      kRight(0.45, "jacket-right"),
    ],
    draw(_parameters, size) {
      const { width, height } = size;
      const gap = Math.min(width, height) * 0.08;
      const cap = Math.min(width * 0.22, height * 0.16);
      const inner = { width: width - 2 * gap, height: height - gap };
      const outline = capsule(inner, cap);
      const jacketTop = height * 0.32;
      const jacket = d(
        ...["M", gap, jacketTop, "H", 0, "V", height - cap],
        ...["A", width / 2, cap, 0, 0, 0, width, height - cap, "V", jacketTop, "H", width - gap],
      );
      const moved: Shape = {
        ...group(filled(outline, inner, 0, inner.height)),
        at: { transform: `translate(${gap} 0)` },
      };
      return [path(jacket, "body"), moved];
    },
    states: "machine",
    binds: ["level", "value", "state"],
  }),
  vessel({
    id: "column-tray",
    name: names("Tray column", "板式塔"),
    size: { width: 84, height: 320 },
    parameters: [number("trays", names("Trays", "塔板数"), 8, 2, 30, true)],
    ports: columnPorts(),
    draw(parameters, size) {
      const { outline, cap } = upright(size);
      const sump = size.height * 0.78;
      const shapes = filled(outline, size, sump, size.height - cap * 0.25);
      shapes.splice(2, 0, trays(size, Number(parameters["trays"]), cap, sump - 4));
      return shapes;
    },
  }),
  vessel({
    id: "column-packed",
    name: names("Packed column", "填料塔"),
    size: { width: 84, height: 320 },
    parameters: [number("beds", names("Beds", "填料段数"), 2, 1, 5, true)],
    ports: columnPorts(),
    draw(parameters, size) {
      const { outline, cap } = upright(size);
      const sump = size.height * 0.78;
      const beds = Number(parameters["beds"]);
      const room = (sump - cap) / beds;
      const within = Array.from({ length: beds }, (_, i) =>
        packing(size, cap + i * room + 6, cap + (i + 1) * room - 8),
      ).flat();
      const shapes = filled(outline, size, sump, size.height - cap * 0.25);
      shapes.splice(2, 0, ...within);
      return shapes;
    },
  }),
  vessel({
    id: "vessel",
    name: names("Vessel", "立式容器"),
    size: { width: 80, height: 130 },
    draw: (_parameters, size) => filled(upright(size).outline, size, 0, size.height),
  }),
  vessel({
    id: "cooling-tower",
    name: names("Cooling tower", "冷却塔"),
    size: { width: 120, height: 110 },
    binds: ["state", "value", "level"],
    states: "machine",
    parameters: [
      choice("kind", names("Draught", "通风"), [
        ["forced", names("Mechanical", "机械")],
        ["natural", names("Natural", "自然")],
      ]),
    ],
    ports: [kLeft(0.3, "return"), kRight(0.9, "supply"), kTop()],
    draw(parameters, size) {
      const { width, height } = size;
      const basin = d("M", 0, height * 0.8, "H", width, "V", height, "H", 0, "Z");
      const natural = parameters["kind"] === "natural";
      const hood = natural
        ? d(
            "M",
            width * 0.08,
            height * 0.8,
            "Q",
            width * 0.36,
            height * 0.35,
            width * 0.25,
            0,
            "H",
            width * 0.75,
            "Q",
            width * 0.64,
            height * 0.35,
            width * 0.92,
            height * 0.8,
            "Z",
          )
        : d(
            "M",
            width * 0.06,
            height * 0.8,
            "L",
            width * 0.14,
            height * 0.2,
            "H",
            width * 0.34,
            "V",
            0,
            "H",
            width * 0.66,
            "V",
            height * 0.2,
            "H",
            width * 0.86,
            "L",
            width * 0.94,
            height * 0.8,
            "Z",
          );
      return [
        path(hood, "body"),
        path(
          d(
            "M",
            width * 0.16,
            height * 0.42,
            "L",
            width * 0.84,
            height * 0.66,
            "M",
            width * 0.84,
            height * 0.42,
            "L",
            width * 0.16,
            height * 0.66,
          ),
          "detail",
        ),
        ...(natural ? [] : [path(d("M", width * 0.38, height * 0.1, "H", width * 0.62), "line")]),
        ...filled(basin, size, height * 0.8, height),
      ];
    },
  }),
];

function columnPorts(): ProcessSymbol["ports"] {
  return [
    kTop(),
    kBottom(),
    kLeft(0.5, "feed"),
    kRight(0.15, "reflux"),
    kRight(0.5, "side"),
    kRight(0.85, "reboiler"),
    kLeft(0.15, "left-upper"),
    kLeft(0.85, "left-lower"),
  ];
}
