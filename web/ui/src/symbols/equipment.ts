/** Heat exchangers, separation and solids handling, after ISO 10628-2. */
import { capsule, circle, d, group, line, liquid, path, rect, type Shape, type Size } from "./shape.js";
import {
  choice,
  flag,
  kBottom,
  kLeft,
  kRight,
  kTop,
  names,
  type ProcessSymbol,
  type SymbolGroup,
} from "./symbol.js";

type Equipment = Pick<ProcessSymbol, "id" | "name" | "size" | "draw"> & Partial<ProcessSymbol>;

const of =
  (kind: SymbolGroup) =>
  (rest: Equipment): ProcessSymbol => ({
    group: kind,
    parameters: [],
    states: "none",
    binds: ["value"],
    ports: [kLeft(), kRight(), kTop(), kBottom()],
    ...rest,
  });

const exchanger = of("exchangers");
const separation = of("separation");
const solids = of("solids");

function zigzag(left: number, right: number, middle: number, reach: number, turns: number): string {
  const step = (right - left) / turns;
  const points = Array.from({ length: turns }, (_, i) => [
    "L",
    left + (i + 0.5) * step,
    middle + (i % 2 ? reach : -reach),
  ]);
  return d("M", left, middle, ...points.flat(), "L", right, middle);
}

function circleIn({ width, height }: Size): { x: number; y: number; r: number } {
  return { x: width / 2, y: height / 2, r: Math.min(width, height) / 2 };
}

export const kExchangers: readonly ProcessSymbol[] = [
  exchanger({
    id: "exchanger-shell-tube",
    name: names("Shell and tube exchanger", "管壳式换热器"),
    size: { width: 110, height: 46 },
    ports: [
      kLeft(),
      kRight(),
      kTop(0.25, "shell-in"),
      kTop(0.75, "shell-top-right"),
      kBottom(0.25, "shell-bottom-left"),
      kBottom(0.75, "shell-out"),
    ],
    parameters: [
      choice("style", names("Drawing", "画法"), [
        ["apparatus", names("Apparatus", "设备外形")],
        ["scheme", names("Scheme", "示意")],
      ]),
    ],
    draw(parameters, size) {
      const { width, height } = size;
      if (parameters["style"] === "scheme") {
        const { x, y, r } = circleIn(size);
        return [circle(x, y, r, "shell"), path(zigzag(0, width, y, r * 0.5, 4), "line")];
      }
      const head = width * 0.16;
      const cap = head * 0.7;
      const shell = d(
        "M",
        cap,
        0,
        "H",
        width - cap,
        "Q",
        width,
        0,
        width,
        height / 2,
        "Q",
        width,
        height,
        width - cap,
        height,
        "H",
        cap,
        "Q",
        0,
        height,
        0,
        height / 2,
        "Q",
        0,
        0,
        cap,
        0,
        "Z",
      );
      const tubes = [0.25, 0.42, 0.58, 0.75].flatMap((y) => ["M", head, height * y, "H", width - head]);
      return [
        path(shell, "shell"),
        path(d(...tubes), "detail"),
        line(head, 0, head, height),
        line(width - head, 0, width - head, height),
      ];
    },
  }),
  exchanger({
    id: "exchanger-plate",
    name: names("Plate exchanger", "板式换热器"),
    size: { width: 60, height: 70 },
    ports: [
      kLeft(0.2, "left-upper"),
      kLeft(0.8, "left-lower"),
      kRight(0.2, "right-upper"),
      kRight(0.8, "right-lower"),
    ],
    draw(_parameters, { width, height }) {
      const plates = [1, 2, 3, 4, 5].flatMap((i) => [
        "M",
        (width * i) / 6,
        height * 0.06,
        "V",
        height * 0.94,
      ]);
      return [rect(0, 0, width, height, "shell"), path(d(...plates), "detail")];
    },
  }),
  exchanger({
    id: "air-cooler",
    name: names("Air cooler", "空冷器"),
    size: { width: 100, height: 60 },
    states: "machine",
    binds: ["state", "value"],
    ports: [kLeft(0.25), kRight(0.25)],
    draw(_parameters, { width, height }) {
      const box = height * 0.5;
      const y = height * 0.82;
      const fan = width * 0.26;
      return [
        rect(0, 0, width, box, "shell"),
        path(zigzag(0, width, box / 2, box * 0.28, 8), "detail"),
        path(
          d(
            "M",
            width * 0.12,
            box,
            "L",
            width * 0.22,
            height * 0.7,
            "H",
            width * 0.78,
            "L",
            width * 0.88,
            box,
            "Z",
          ),
          "body",
        ),
        path(
          d(
            "M",
            width / 2,
            y,
            "Q",
            width / 2 - fan,
            y - height * 0.17,
            width / 2 - fan,
            y,
            "Q",
            width / 2 - fan,
            y + height * 0.17,
            width / 2,
            y,
            "Q",
            width / 2 + fan,
            y - height * 0.17,
            width / 2 + fan,
            y,
            "Q",
            width / 2 + fan,
            y + height * 0.17,
            width / 2,
            y,
            "Z",
          ),
          "core",
        ),
        line(width / 2, y, width / 2, height),
      ];
    },
  }),
  exchanger({
    id: "heater-electric",
    name: names("Electric heater", "电加热器"),
    size: { width: 80, height: 40 },
    states: "machine",
    binds: ["state", "value"],
    ports: [kLeft(), kRight()],
    draw: (_parameters, { width, height }) => [
      rect(0, 0, width, height, "body", { rx: 3 }),
      path(
        d(
          "M",
          width * 0.12,
          height / 2,
          "h",
          width * 0.1,
          "l",
          width * 0.05,
          -height * 0.25,
          "l",
          width * 0.1,
          height * 0.5,
          "l",
          width * 0.1,
          -height * 0.5,
          "l",
          width * 0.1,
          height * 0.5,
          "l",
          width * 0.1,
          -height * 0.5,
          "l",
          width * 0.1,
          height * 0.5,
          "l",
          width * 0.05,
          -height * 0.25,
          "h",
          width * 0.06,
        ),
        "line",
      ),
    ],
  }),
  exchanger({
    id: "furnace",
    name: names("Furnace", "加热炉"),
    size: { width: 110, height: 150 },
    states: "machine",
    binds: ["state", "value"],
    ports: [kLeft(0.5, "coil-in"), kRight(0.5, "coil-out"), kBottom(0.5, "fuel"), kTop()],
    draw(_parameters, { width, height }) {
      const neck = height * 0.24;
      const outline = d(
        ...[
          "M",
          0,
          height * 0.92,
          "V",
          height * 0.4,
          "L",
          width * 0.4,
          neck,
          "V",
          0,
          "H",
          width * 0.6,
          "V",
          neck,
        ],
        ...["L", width, height * 0.4, "V", height * 0.92, "Z"],
      );
      const flame = d(
        ...[
          "M",
          width / 2,
          height * 0.92,
          "C",
          width * 0.3,
          height * 0.88,
          width * 0.42,
          height * 0.76,
          width * 0.46,
          height * 0.7,
        ],
        ...["C", width * 0.5, height * 0.76, width * 0.54, height * 0.72, width * 0.55, height * 0.66],
        ...["C", width * 0.66, height * 0.78, width * 0.68, height * 0.88, width / 2, height * 0.92, "Z"],
      );
      return [
        path(outline, "body"),
        path(zigzag(0, width, height * 0.5, height * 0.07, 6), "line"),
        path(flame, "detail"),
        path(
          d("M", width * 0.36, height * 0.92, "H", width * 0.64, "M", width / 2, height * 0.92, "V", height),
          "line",
        ),
      ];
    },
  }),
];

export const kSeparation: readonly ProcessSymbol[] = [
  separation({
    id: "filter",
    name: names("Filter", "过滤器"),
    size: { width: 50, height: 60 },
    binds: ["value", "level"],
    draw: (_parameters, { width, height }) => [
      path(
        d("M", 0, 0, "H", width, "V", height * 0.7, "L", width / 2, height, "L", 0, height * 0.7, "Z"),
        "shell",
      ),
      {
        ...path(d("M", 0, height * 0.62, "L", width, height * 0.08), "detail"),
        at: { d: d("M", 0, height * 0.62, "L", width, height * 0.08), "stroke-dasharray": "5 3" },
      },
    ],
  }),
  separation({
    id: "cyclone",
    name: names("Cyclone", "旋风分离器"),
    size: { width: 60, height: 110 },
    ports: [kTop(), kLeft(0.2, "inlet"), kBottom()],
    draw: (_parameters, { width, height }) => [
      path(
        d(
          "M",
          0,
          height * 0.12,
          "H",
          width,
          "V",
          height * 0.45,
          "L",
          width * 0.58,
          height,
          "H",
          width * 0.42,
          "L",
          0,
          height * 0.45,
          "Z",
        ),
        "shell",
      ),
      path(d("M", width * 0.36, 0, "V", height * 0.36, "H", width * 0.64, "V", 0), "line"),
      path(
        d(
          "M",
          width * 0.14,
          height * 0.48,
          "Q",
          width / 2,
          height * 0.58,
          width * 0.82,
          height * 0.5,
          "M",
          width * 0.26,
          height * 0.64,
          "Q",
          width / 2,
          height * 0.72,
          width * 0.72,
          height * 0.66,
        ),
        "detail",
      ),
    ],
  }),
  separation({
    id: "separator",
    name: names("Separator drum", "分离罐"),
    size: { width: 76, height: 130 },
    binds: ["level", "value"],
    parameters: [flag("demister", names("Demister", "除沫器"), true)],
    ports: [kTop(), kBottom(), kLeft(0.5, "inlet"), kRight(0.5, "outlet"), kRight(0.85, "liquid")],
    draw(parameters, size) {
      const { width, height } = size;
      const cap = Math.min(width * 0.25, height * 0.2);
      const outline = capsule(size, cap);
      const mesh = path(
        d(
          "M",
          0,
          cap,
          "H",
          width,
          "M",
          0,
          cap + 9,
          "H",
          width,
          ...[0, 1, 2, 3, 4, 5].flatMap((i) => ["M", (i * width) / 6, cap + 9, "l", width / 6, -9]),
        ),
        "detail",
      );
      return [
        path(outline, "shell"),
        liquid(outline, width, 0, height),
        ...(parameters["demister"] ? [mesh] : []),
        path(outline, "line"),
      ];
    },
  }),
];

export const kSolids: readonly ProcessSymbol[] = [
  solids({
    id: "conveyor",
    name: names("Conveyor", "输送机"),
    size: { width: 150, height: 28 },
    states: "machine",
    binds: ["state", "value"],
    parameters: [
      choice("kind", names("Kind", "类型"), [
        ["belt", names("Belt", "皮带")],
        ["screw", names("Screw", "螺旋")],
      ]),
    ],
    ports: [kTop(0.1, "feed"), kBottom(0.9, "discharge")],
    draw(parameters, { width, height }) {
      const r = height / 2;
      if (parameters["kind"] === "screw") {
        return [
          rect(0, 0, width, height, "body"),
          path(zigzag(0, width, r, r * 0.7, Math.max(4, Math.round(width / 14))), "detail"),
        ];
      }
      return [
        rect(0, 0, width, height, "body", { rx: r }),
        circle(r, r, r * 0.62, "detail"),
        circle(width - r, r, r * 0.62, "detail"),
        path(d("M", width * 0.44, r - 5, "L", width * 0.54, r, "L", width * 0.44, r + 5, "Z"), "core"),
      ];
    },
  }),
  solids({
    id: "hopper",
    name: names("Hopper", "料斗"),
    size: { width: 90, height: 110 },
    binds: ["level", "value"],
    ports: [kTop(), kBottom()],
    draw(_parameters, { width, height }) {
      const outline = d(
        "M",
        0,
        0,
        "H",
        width,
        "V",
        height * 0.4,
        "L",
        width * 0.6,
        height,
        "H",
        width * 0.4,
        "L",
        0,
        height * 0.4,
        "Z",
      );
      return [path(outline, "shell"), liquid(outline, width, 0, height), path(outline, "line")];
    },
  }),
  solids({
    id: "crusher",
    name: names("Crusher", "破碎机"),
    size: { width: 70, height: 64 },
    states: "machine",
    binds: ["state", "value"],
    ports: [kTop(), kBottom()],
    draw(_parameters, { width, height }) {
      const r = Math.min(width * 0.2, height * 0.24);
      const wheels: Shape[] = [
        circle(width * 0.29, height * 0.55, r, "detail"),
        circle(width * 0.71, height * 0.55, r, "detail"),
      ];
      return [
        path(d("M", 0, 0, "H", width, "L", width * 0.92, height, "H", width * 0.08, "Z"), "body"),
        group(wheels),
        line(width * 0.29 - r, height * 0.55, width * 0.29 + r, height * 0.55, "detail"),
        line(width * 0.71 - r, height * 0.55, width * 0.71 + r, height * 0.55, "detail"),
      ];
    },
  }),
];
