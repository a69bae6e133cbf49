/** Valves after ISO 10628-2 and ISA-5.1: open lighter, closed darker. */
import { circle, d, line, path, rect, type Shape, type Size, text } from "./shape.js";
import { choice, kBottom, kLeft, kRight, names, type Parameters, type ProcessSymbol } from "./symbol.js";

const kActuator = choice("actuator", names("Actuator", "执行机构"), [
  ["none", names("None", "无")],
  ["hand", names("Hand wheel", "手轮")],
  ["diaphragm", names("Diaphragm", "薄膜")],
  ["piston", names("Piston", "活塞")],
  ["motor", names("Motor", "电动")],
  ["solenoid", names("Solenoid", "电磁")],
]);

/** Where the body lies: below its actuator, or all of the height. */
interface Body {
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
}

function bodyOf({ height }: Size, parameters: Parameters): Body {
  const top = parameters["actuator"] === "none" || parameters["actuator"] === undefined ? 0 : height * 0.45;
  return { top, middle: (top + height) / 2, bottom: height };
}

function bowTie({ width }: Size, { top, middle, bottom }: Body): Shape {
  const x = width / 2;
  return path(
    d(
      "M",
      0,
      top,
      "L",
      x,
      middle,
      "L",
      0,
      bottom,
      "Z",
      "M",
      width,
      top,
      "L",
      x,
      middle,
      "L",
      width,
      bottom,
      "Z",
    ),
    "body",
  );
}

function actuator(kind: unknown, { width, height }: Size, { middle }: Body): Shape[] {
  const x = width / 2;
  const r = Math.min(width * 0.28, height * 0.22);
  const stem = (from: number) => line(x, from, x, middle);
  switch (kind) {
    case "hand":
      return [stem(height * 0.16), line(x - r, height * 0.16, x + r, height * 0.16)];
    case "diaphragm":
      return [stem(r), path(d("M", x - r, r, "A", r, r, 0, 0, 1, x + r, r, "Z"), "body")];
    case "piston":
      return [stem(r * 1.3), rect(x - r, 0, 2 * r, r * 1.3, "body"), line(x - r, r * 0.5, x + r, r * 0.5)];
    case "motor":
    case "solenoid": {
      const shape = kind === "motor" ? circle(x, r, r, "body") : rect(x - r, 0, 2 * r, 2 * r, "body");
      const letter = kind === "motor" ? "M" : "S";
      return [
        stem(2 * r),
        shape,
        text(x, r + r * 0.48, letter, "letters", { size: r * 1.35, anchor: "middle" }),
      ];
    }
    default:
      return [];
  }
}

type Parts = (size: Size, body: Body) => readonly Shape[];

/** A valve whose body is a bow tie, and what stands on it. */
function valve(id: string, name: ProcessSymbol["name"], parts: Parts, otherwise = "none"): ProcessSymbol {
  return {
    id,
    group: "valves",
    name,
    size: { width: 40, height: otherwise === "none" ? 24 : 44 },
    parameters: [{ ...kActuator, otherwise } as typeof kActuator],
    states: "valve",
    binds: ["state", "value"],
    ports(parameters) {
      const { middle } = bodyOf({ width: 1, height: 1 }, { actuator: otherwise, ...parameters });
      return [kLeft(middle), kRight(middle)];
    },
    draw(parameters, size) {
      const body = bodyOf(size, parameters);
      return [...actuator(parameters["actuator"], size, body), ...parts(size, body)];
    },
  };
}

const kDisc = 0.17;

export const kValves: readonly ProcessSymbol[] = [
  valve("valve-gate", names("Gate valve", "闸阀"), (size, body) => [bowTie(size, body)]),
  valve("valve-globe", names("Globe valve", "截止阀"), (size, body) => [
    bowTie(size, body),
    circle(size.width / 2, body.middle, size.width * kDisc * 0.75, "core"),
  ]),
  valve("valve-ball", names("Ball valve", "球阀"), (size, body) => [
    bowTie(size, body),
    circle(size.width / 2, body.middle, size.width * kDisc, "body"),
  ]),
  valve("valve-butterfly", names("Butterfly valve", "蝶阀"), ({ width }, { top, middle, bottom }) => [
    rect(0, top, width, bottom - top, "body"),
    line(width * 0.2, bottom - (bottom - top) * 0.15, width * 0.8, top + (bottom - top) * 0.15),
    circle(width / 2, middle, width * 0.07, "core"),
  ]),
  valve("valve-control", names("Control valve", "调节阀"), (size, body) => [bowTie(size, body)], "diaphragm"),
  {
    id: "valve-check",
    group: "valves",
    name: names("Check valve", "止回阀"),
    size: { width: 40, height: 24 },
    parameters: [],
    states: "none",
    binds: [],
    ports: [kLeft(), kRight()],
    draw: (_parameters, { width, height }) => [
      path(d("M", 0, 0, "L", width, height, "V", 0, "L", 0, height, "Z"), "shell"),
      path(d("M", 0, 0, "L", width / 2, height / 2, "L", 0, height, "Z"), "core"),
      line(width, 0, width, height),
    ],
  },
  {
    id: "valve-three-way",
    group: "valves",
    name: names("Three-way valve", "三通阀"),
    size: { width: 40, height: 34 },
    parameters: [],
    states: "valve",
    binds: ["state", "value"],
    ports: [kLeft(0.35), kRight(0.35), kBottom()],
    draw(_parameters, size) {
      const { width, height } = size;
      const x = width / 2;
      const y = height * 0.35;
      const half = height * 0.27;
      return [
        bowTie(size, { top: 0, middle: y, bottom: height * 0.7 }),
        path(d("M", x, y, "L", x - half, height, "H", x + half, "Z"), "body"),
      ];
    },
  },
  {
    id: "valve-relief",
    group: "valves",
    name: names("Relief valve", "安全阀"),
    size: { width: 32, height: 52 },
    parameters: [],
    states: "valve",
    binds: ["state", "value"],
    ports: [kBottom(0.35, "inlet"), kRight(0.6, "outlet")],
    draw(_parameters, { width, height }) {
      const x = width * 0.35;
      const y = height * 0.6;
      const half = width * 0.35;
      const spring = [0.08, 0.18, 0.28, 0.38].flatMap((at, index) => [
        "L",
        x + (index % 2 ? -1 : 1) * half * 0.6,
        height * at,
      ]);
      return [
        path(
          d("M", x - half * 0.6, 0, "H", x + half * 0.6, "M", x, 0, ...spring, "L", x, height * 0.46, "V", y),
          "line",
        ),
        path(d("M", x, y, "L", x - half, height, "H", x + half, "Z"), "body"),
        path(d("M", x, y, "L", width, y - half, "V", y + half, "Z"), "body"),
      ];
    },
  },
];
