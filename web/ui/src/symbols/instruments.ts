/** Piping details, and instruments after ISA-5.1. */
import { circle, d, line, path, rect, type Shape, type Size, text } from "./shape.js";
import { choice, kBottom, kLeft, kRight, kTop, names, type ProcessSymbol, words } from "./symbol.js";

const kLetters = words("letters", names("Letters", "字母"), "TI", 8);
const kLoop = words("loop", names("Loop", "回路号"), "101", 8);

/** Function letters above the number of the loop. */
function tagText({ width, height }: Size, letters: unknown, loop: unknown): Shape[] {
  const size = Math.min(width, height) * 0.3;
  return [
    text(width / 2, height / 2 - size * 0.16, String(letters), "letters", { size, anchor: "middle" }),
    text(width / 2, height / 2 + size * 0.94, String(loop), "letters", { size, anchor: "middle" }),
  ];
}

const kAround = [kLeft(), kRight(), kTop(), kBottom()] as const;

export const kInstruments: readonly ProcessSymbol[] = [
  {
    id: "instrument",
    group: "instruments",
    name: names("Instrument", "仪表"),
    size: { width: 44, height: 44 },
    parameters: [
      kLetters,
      kLoop,
      choice("place", names("Where it is", "安装位置"), [
        ["field", names("In the field", "就地")],
        ["panel", names("Central panel", "控制室")],
        ["local-panel", names("Local panel", "就地盘")],
        ["behind", names("Behind the panel", "盘后")],
      ]),
      choice("system", names("Kind", "类型"), [
        ["discrete", names("Discrete", "单体仪表")],
        ["shared", names("Shared display (DCS)", "共用显示（DCS）")],
        ["plc", names("Logic (PLC)", "逻辑（PLC）")],
        ["computer", names("Computer", "计算机")],
      ]),
    ],
    states: "none",
    binds: ["value"],
    ports: kAround,
    draw(parameters, size) {
      const { width, height } = size;
      const r = Math.min(width, height) / 2;
      const [x, y] = [width / 2, height / 2];
      const half = Math.sqrt(3) / 2;
      const outline: Readonly<Record<string, Shape[]>> = {
        discrete: [circle(x, y, r, "box")],
        shared: [rect(x - r, y - r, 2 * r, 2 * r, "box"), circle(x, y, r, "line")],
        plc: [
          rect(x - r, y - r, 2 * r, 2 * r, "box"),
          path(d("M", x, y - r, "L", x + r, y, "L", x, y + r, "L", x - r, y, "Z"), "line"),
        ],
        computer: [
          path(
            d(
              "M",
              x - r,
              y,
              "L",
              x - r / 2,
              y - r * half,
              "H",
              x + r / 2,
              "L",
              x + r,
              y,
              "L",
              x + r / 2,
              y + r * half,
              "H",
              x - r / 2,
              "Z",
            ),
            "box",
          ),
        ],
      };
      const middle = { ...line(x - r, y, x + r, y) };
      const dashed: Shape = { ...middle, at: { ...middle.at, "stroke-dasharray": "4 3" } };
      const places: Readonly<Record<string, Shape[]>> = {
        field: [],
        panel: [middle],
        "local-panel": [
          line(x - r * 0.98, y - 1.6, x + r * 0.98, y - 1.6),
          line(x - r * 0.98, y + 1.6, x + r * 0.98, y + 1.6),
        ],
        behind: [dashed],
      };
      return [
        ...(outline[String(parameters["system"])] ?? []),
        ...(places[String(parameters["place"])] ?? []),
        ...tagText(size, parameters["letters"], parameters["loop"]),
      ];
    },
  },
  {
    id: "transmitter",
    group: "instruments",
    name: names("Transmitter", "变送器"),
    size: { width: 40, height: 56 },
    parameters: [{ ...kLetters, otherwise: "PT" } as typeof kLetters, kLoop],
    states: "none",
    binds: ["value"],
    ports: [kBottom(), kTop()],
    draw(parameters, size) {
      const r = Math.min(size.width, size.height * 0.72) / 2;
      return [
        line(size.width / 2, 2 * r, size.width / 2, size.height),
        circle(size.width / 2, r, r, "box"),
        ...tagText({ width: size.width, height: 2 * r }, parameters["letters"], parameters["loop"]),
      ];
    },
  },
  {
    id: "analyser",
    group: "instruments",
    name: names("Analyser", "分析仪"),
    size: { width: 56, height: 44 },
    parameters: [{ ...kLetters, otherwise: "AI" } as typeof kLetters, kLoop],
    states: "machine",
    binds: ["value", "state"],
    ports: kAround,
    draw: (parameters, size) => [
      rect(0, 0, size.width, size.height, "body", { rx: 3 }),
      ...tagText(size, parameters["letters"], parameters["loop"]),
    ],
  },
];

const kPipe = { group: "piping", states: "none", binds: ["value"] } as const;

export const kPiping: readonly ProcessSymbol[] = [
  {
    ...kPipe,
    id: "pipe-tee",
    name: names("Tee", "三通"),
    size: { width: 16, height: 12 },
    parameters: [],
    ports: [kLeft(0.3), kRight(0.3), kBottom()],
    draw: (_parameters, { width, height }) => [
      path(
        d(
          "M",
          0,
          0,
          "H",
          width,
          "V",
          height * 0.6,
          "H",
          width * 0.75,
          "V",
          height,
          "H",
          width * 0.25,
          "V",
          height * 0.6,
          "H",
          0,
          "Z",
        ),
        "core",
      ),
    ],
  },
  {
    ...kPipe,
    id: "pipe-elbow",
    name: names("Elbow", "弯头"),
    size: { width: 16, height: 16 },
    parameters: [],
    ports: [kLeft(0.25), kBottom(0.75)],
    draw: (_parameters, { width, height }) => [
      path(
        d(
          "M",
          0,
          0,
          "H",
          width * 0.5,
          "Q",
          width,
          0,
          width,
          height * 0.5,
          "V",
          height,
          "H",
          width * 0.5,
          "V",
          height * 0.5,
          "H",
          0,
          "Z",
        ),
        "core",
      ),
    ],
  },
  {
    ...kPipe,
    id: "reducer",
    name: names("Reducer", "异径管"),
    size: { width: 24, height: 20 },
    parameters: [],
    ports: [kLeft(), kRight()],
    draw: (_parameters, { width, height }) => [
      path(d("M", 0, 0, "L", width, height * 0.25, "V", height * 0.75, "L", 0, height, "Z"), "shell"),
    ],
  },
  {
    ...kPipe,
    id: "flow-arrow",
    name: names("Flow arrow", "流向箭头"),
    size: { width: 14, height: 12 },
    parameters: [],
    ports: [kLeft(), kRight()],
    draw: (_parameters, { width, height }) => [
      path(d("M", 0, 0, "L", width, height / 2, "L", 0, height, "Z"), "core"),
    ],
  },
  {
    ...kPipe,
    id: "connector",
    name: names("Connector to another screen", "跨页连接"),
    size: { width: 150, height: 30 },
    parameters: [
      words("text", names("Text", "文字"), "", 60),
      words("textZh", names("Text (Chinese)", "文字（中文）"), "", 60),
      choice("direction", names("Direction", "方向"), [
        ["out", names("Leaves", "去向")],
        ["in", names("Arrives", "来自")],
      ]),
    ],
    ports: [kLeft(), kRight()],
    draw(parameters, { width, height }) {
      const tip = Math.min(height * 0.5, width * 0.2);
      const outline = d(
        "M",
        0,
        0,
        "H",
        width - tip,
        "L",
        width,
        height / 2,
        "L",
        width - tip,
        height,
        "H",
        0,
        "Z",
      );
      const size = Math.min(12.5, height * 0.45);
      return [
        path(outline, "box"),
        text((width - tip * 0.6) / 2, height / 2 + size * 0.36, String(parameters["text"]), "text", {
          size,
          anchor: "middle",
        }),
      ];
    },
  },
];
