/** Machines that turn: running lighter, stopped darker. */
import { circle, d, group, line, path, rect, type Shape, type Size, text } from "./shape.js";
import { choice, flag, kBottom, kLeft, kRight, kTop, names, type ProcessSymbol } from "./symbol.js";

type Machine = Pick<ProcessSymbol, "id" | "name" | "size" | "draw"> & Partial<ProcessSymbol>;

function machine(rest: Machine): ProcessSymbol {
  return {
    group: "machines",
    parameters: [],
    states: "machine",
    binds: ["state", "value"],
    ports: [kLeft(), kRight()],
    ...rest,
  };
}

/** The largest circle in the middle of the box. */
function round({ width, height }: Size): { readonly x: number; readonly y: number; readonly r: number } {
  return { x: width / 2, y: height / 2, r: Math.min(width, height) / 2 };
}

/** Blades around the middle; they turn where a rotation is bound. */
function blades(x: number, y: number, r: number, count: number): Shape {
  const blade = Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI;
    const at = (turn: number, length: number) => [
      x + Math.cos(angle + turn) * length,
      y + Math.sin(angle + turn) * length,
    ];
    return d("M", x, y, "Q", ...at(-0.5, r * 0.75), ...at(0, r), "Q", ...at(0.35, r * 0.6), x, y, "Z");
  });
  return group([path(blade.join(" "), "core")], { part: "spin" });
}

export const kMachines: readonly ProcessSymbol[] = [
  machine({
    id: "pump-centrifugal",
    name: names("Centrifugal pump", "离心泵"),
    size: { width: 48, height: 48 },
    draw(_parameters, size) {
      const { x, y, r } = round(size);
      const side = r * 0.52;
      return [
        circle(x, y, r, "body"),
        path(
          d("M", x - side * 0.9, y - side, "L", x + r * 0.96, y, "L", x - side * 0.9, y + side, "Z"),
          "core",
        ),
      ];
    },
  }),
  machine({
    id: "pump-displacement",
    name: names("Positive displacement pump", "容积泵"),
    size: { width: 48, height: 48 },
    draw(_parameters, size) {
      const { x, y, r } = round(size);
      const lobe = r * 0.42;
      return [
        circle(x, y, r, "body"),
        circle(x, y - lobe, lobe * 0.92, "detail"),
        circle(x, y + lobe, lobe * 0.92, "detail"),
        path(
          d("M", x + r * 0.5, y - r * 0.22, "L", x + r * 0.96, y, "L", x + r * 0.5, y + r * 0.22, "Z"),
          "core",
        ),
      ];
    },
  }),
  machine({
    id: "motor",
    name: names("Motor", "电动机"),
    size: { width: 36, height: 36 },
    parameters: [flag("drive", names("Variable speed", "变频"), false)],
    ports: [kLeft(), kRight(), kTop(), kBottom()],
    draw(parameters, size) {
      const { x, y, r } = round(size);
      const letters = text(x, y + r * 0.4, "M", "letters", { size: r * 1.1, anchor: "middle" });
      const wave = path(
        d("M", x - r * 0.4, y + r * 0.68, "q", r * 0.2, -r * 0.22, r * 0.4, 0, "t", r * 0.4, 0),
        "line",
      );
      return [circle(x, y, r, "body"), letters, ...(parameters["drive"] ? [wave] : [])];
    },
  }),
  machine({
    id: "fan",
    name: names("Fan", "风机"),
    size: { width: 48, height: 48 },
    binds: ["state", "value", "rotation"],
    draw(_parameters, size) {
      const { x, y, r } = round(size);
      return [circle(x, y, r, "body"), blades(x, y, r * 0.82, 3), circle(x, y, r * 0.12, "core")];
    },
  }),
  machine({
    id: "compressor",
    name: names("Compressor", "压缩机"),
    size: { width: 56, height: 48 },
    parameters: [
      choice("kind", names("Kind", "类型"), [
        ["turbo", names("Turbo", "透平")],
        ["piston", names("Reciprocating", "往复")],
        ["screw", names("Screw", "螺杆")],
      ]),
    ],
    draw(parameters, size) {
      const { width, height } = size;
      const { x, y, r } = round(size);
      if (parameters["kind"] === "turbo") {
        return [
          path(d("M", 0, 0, "L", width, height * 0.25, "V", height * 0.75, "L", 0, height, "Z"), "body"),
        ];
      }
      const inner =
        parameters["kind"] === "piston"
          ? [
              rect(x - r * 0.5, y - r * 0.3, r, r * 0.6, "detail"),
              line(x + r * 0.1, y - r * 0.3, x + r * 0.1, y + r * 0.3),
            ]
          : [circle(x - r * 0.3, y, r * 0.34, "detail"), circle(x + r * 0.3, y, r * 0.34, "detail")];
      const angle = Math.PI / 4.5;
      const dy = Math.sin(angle) * r;
      const dx = Math.cos(angle) * r;
      return [
        circle(x, y, r, "body"),
        path(
          d(
            "M",
            x - dx,
            y - dy,
            "L",
            x + r * 0.9,
            y - r * 0.4,
            "M",
            x - dx,
            y + dy,
            "L",
            x + r * 0.9,
            y + r * 0.4,
          ),
          "line",
        ),
        ...inner,
      ];
    },
  }),
  machine({
    id: "turbine",
    name: names("Turbine", "汽轮机"),
    size: { width: 56, height: 48 },
    draw: (_parameters, { width, height }) => [
      path(d("M", 0, height * 0.25, "L", width, 0, "V", height, "L", 0, height * 0.75, "Z"), "body"),
    ],
  }),
  machine({
    id: "agitator",
    name: names("Agitator", "搅拌器"),
    size: { width: 40, height: 110 },
    ports: [kTop()],
    binds: ["state", "value"],
    parameters: [
      choice("blade", names("Blade", "桨叶"), [
        ["paddle", names("Paddle", "平桨")],
        ["propeller", names("Propeller", "推进式")],
        ["anchor", names("Anchor", "锚式")],
      ]),
    ],
    draw(parameters, { width, height }) {
      const x = width / 2;
      const r = Math.min(width / 2, height / 6);
      const end = height - r * 0.5;
      const blade = {
        paddle: d("M", 0, end - 4, "H", width, "V", end + 4, "H", 0, "Z"),
        propeller: d(
          "M",
          x,
          end,
          "Q",
          width * 0.1,
          end - 14,
          0,
          end,
          "Q",
          width * 0.1,
          end + 14,
          x,
          end,
          "Q",
          width * 0.9,
          end - 14,
          width,
          end,
          "Q",
          width * 0.9,
          end + 14,
          x,
          end,
          "Z",
        ),
        anchor: d(
          "M",
          0,
          end - height * 0.2,
          "V",
          end - 6,
          "Q",
          0,
          end,
          8,
          end,
          "H",
          width - 8,
          "Q",
          width,
          end,
          width,
          end - 6,
          "V",
          end - height * 0.2,
        ),
      }[String(parameters["blade"])];
      return [
        line(x, 2 * r, x, end),
        path(blade ?? "", parameters["blade"] === "anchor" ? "line" : "core"),
        circle(x, r, r, "body"),
        text(x, r + r * 0.4, "M", "letters", { size: r * 1.1, anchor: "middle" }),
      ];
    },
  }),
  machine({
    id: "mixer",
    name: names("Mixer", "混合器"),
    size: { width: 72, height: 28 },
    draw(_parameters, { width, height }) {
      const steps = 4;
      const wave = Array.from({ length: steps }, (_, i) => [
        ...["L", ((i + 0.5) / steps) * width, height * 0.15],
        ...["L", ((i + 1) / steps) * width, height * 0.85],
      ]).flat();
      return [rect(0, 0, width, height, "body"), path(d("M", 0, height * 0.85, ...wave), "detail")];
    },
  }),
];
