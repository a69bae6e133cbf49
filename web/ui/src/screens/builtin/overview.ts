/** The demonstration plant at a glance: its three units, and the figures that tell how each is doing. */
import type { Pipe, ScreenDocument, ScreenElement } from "../document/types.js";
import { element, keyFigure, motorState, pipe, pump, runsAbove, text } from "./make.js";

const kReaction = "Plant.Unit200";
const kDistillation = "Plant.Unit100";
const kUtilities = "Plant.Unit300";
const kWidth = 396;
const kLefts = [20, 442, 864] as const;
const kFigures = 404;
const kStep = 71;

interface Figure {
  readonly tag: string;
  readonly en: string;
  readonly zh: string;
}

function column(
  left: number,
  id: string,
  en: string,
  zh: string,
  figures: readonly Figure[],
  link?: string,
): ScreenElement[] {
  return [
    element(`frame ${id}`, "frame", [left, 20, kWidth, 680], { parameters: { text: en, textZh: zh } }),
    ...(link
      ? [
          element(`open ${id}`, "connector", [left + kWidth - 122, 28, 110, 26], {
            parameters: { text: "Open", textZh: "打开" },
            label: en,
            labelZh: zh,
            labelAt: "none",
            link,
          }),
        ]
      : []),
    ...figures.flatMap(({ tag, en: name, zh: chinese }, index) =>
      keyFigure(tag, name, chinese, left + 16, kFigures + index * kStep, kWidth - 32),
    ),
  ];
}

const level = (tag: string) => ({ level: { tag, low: 0, high: 100 } });

const kElements: readonly ScreenElement[] = [
  ...column(
    kLefts[0],
    "reaction",
    "Unit 200 · Reaction",
    "200 单元 · 反应",
    [
      { tag: `${kReaction}.FIC-202.PV`, en: "Reactor charge", zh: "反应器进料" },
      { tag: `${kReaction}.TIC-203.PV`, en: "Reactor temperature", zh: "反应温度" },
      { tag: `${kReaction}.PI-205`, en: "Reactor pressure", zh: "反应压力" },
      { tag: `${kReaction}.AI-207`, en: "Conversion", zh: "转化率" },
    ],
    "demo-reaction",
  ),
  element("TK-201", "tank-dome", [48, 150, 84, 120], {
    label: "TK-201",
    labelAt: "top",
    bind: level(`${kReaction}.LI-201`),
  }),
  pump("P-201A", kReaction, 156, 310),
  element("R-201", "reactor", [232, 130, 90, 140], {
    label: "R-201",
    labelAt: "none",
    bind: level(`${kReaction}.LIC-206.PV`),
  }),
  element("M-201", "agitator", [261, 88, 32, 150], {
    label: "M-201",
    labelAt: "top",
    bind: motorState(`${kReaction}.M-201.State`),
  }),
  text("name R-201", "R-201", "R-201", 288, 272, 50, { size: 12, weight: "soft" }),
  element("V-208", "drum", [304, 322, 86, 44], {
    label: "V-208",
    labelAt: "top",
    bind: level(`${kReaction}.LI-208`),
  }),

  ...column(
    kLefts[1],
    "distillation",
    "Unit 100 · Distillation",
    "100 单元 · 精馏",
    [
      { tag: `${kDistillation}.FIC-101.PV`, en: "Column feed", zh: "塔进料" },
      { tag: `${kDistillation}.PI-102`, en: "Top pressure", zh: "塔顶压力" },
      { tag: `${kDistillation}.TI-104`, en: "Tray 12 temperature", zh: "第 12 层塔板温度" },
      { tag: `${kDistillation}.AI-107`, en: "Distillate purity", zh: "塔顶产品纯度" },
    ],
    "demo-distillation",
  ),
  pump("P-101", kDistillation, 470, 231),
  element("C-101", "column-tray", [570, 100, 62, 262], {
    label: "C-101",
    labelAt: "none",
    parameters: { trays: 9 },
    bind: level(`${kDistillation}.LIC-101.PV`),
  }),
  text("name C-101", "C-101", "C-101", 520, 84, 72, { size: 12, weight: "soft", align: "end" }),
  element("E-101", "exchanger-shell-tube", [664, 79, 62, 30], { label: "E-101", labelAt: "bottom" }),
  element("V-102", "drum", [734, 152, 84, 44], {
    label: "V-102",
    labelAt: "bottom",
    bind: level(`${kDistillation}.LI-102`),
  }),
  element("E-102", "exchanger-shell-tube", [676, 308, 66, 30], { label: "E-102", labelAt: "bottom" }),

  ...column(kLefts[2], "utilities", "Unit 300 · Utilities", "300 单元 · 公用工程", [
    { tag: `${kUtilities}.PIC-303.PV`, en: "Steam pressure", zh: "蒸汽压力" },
    { tag: `${kUtilities}.TI-301`, en: "Cooling water supply", zh: "冷却水供水温度" },
    { tag: `${kUtilities}.PI-301`, en: "Cooling water pressure", zh: "冷却水压力" },
    { tag: `${kUtilities}.PI-308`, en: "Instrument air", zh: "仪表风压力" },
  ]),
  element("B-301", "furnace", [888, 130, 84, 130], {
    label: "B-301",
    bind: runsAbove(`${kUtilities}.FI-307`, 50),
    tags: [`${kUtilities}.FI-304`, `${kUtilities}.LI-305`, `${kUtilities}.TI-306`],
  }),
  element("CT-301", "cooling-tower", [1016, 144, 110, 116], {
    label: "CT-301",
    bind: motorState(`${kUtilities}.CT-301.FanA`),
    tags: [`${kUtilities}.CT-301.FanB`, `${kUtilities}.TI-302`, `${kUtilities}.FI-301`],
  }),
  element("P-301A", "pump-centrifugal", [1160, 130, 42, 42], {
    label: "P-301A",
    bind: motorState(`${kUtilities}.P-301A.State`),
  }),
  element("P-301B", "pump-centrifugal", [1160, 210, 42, 42], {
    label: "P-301B",
    bind: motorState(`${kUtilities}.P-301B.State`),
  }),
  element("K-301", "compressor", [888, 310, 56, 46], {
    label: "K-301",
    labelAt: "right",
    bind: {
      state: {
        tag: `${kUtilities}.K-301.State`,
        map: [
          { is: 0, state: "stopped" },
          { from: 1, to: 2, state: "running" },
        ],
      },
    },
    tags: [`${kUtilities}.K-301.Hours`],
  }),
  text("name power", "Power", "总电功率", 1016, 310, 90, { size: 13 }),
  element("power", "value", [1100, 303, 140, 34], {
    parameters: { size: 18, align: "end" },
    bind: { value: { tag: `${kUtilities}.JI-310` } },
  }),
  element("power line", "sparkline", [1016, 340, 224, 30], {
    bind: { value: { tag: `${kUtilities}.JI-310` } },
  }),
];

const kPipes: readonly Pipe[] = [
  pipe("charge 1", ["TK-201:bottom", [90, 310], "P-201A:left"], { arrow: "none" }),
  pipe("charge 2", ["P-201A:right", [218, 310], [218, 112], [254.5, 112], "R-201:top-left"]),
  pipe("product", ["R-201:bottom", [277, 344], "V-208:left"]),
  pipe("to distillation", ["V-208:right", [428, 344], [428, 231], "P-101:left"], { arrow: "none" }),
  pipe("feed", ["P-101:right", [570, 231]]),
  pipe("overhead", ["C-101:top", [601, 94], "E-101:left"], { arrow: "none" }),
  pipe("condensate", ["E-101:right", [776, 94], "V-102:top"]),
  pipe("reflux", ["V-102:left", [660, 174], [660, 139.3], "C-101:reflux"]),
  pipe("distillate", ["V-102:right", [830, 174]]),
  pipe("reboiler", ["E-102:left", "C-101:reboiler"]),
  pipe("bottoms", ["C-101:bottom", [601, 378], [820, 378]]),
];

export const kOverview: ScreenDocument = {
  format: 1,
  title: "Plant overview",
  titleZh: "全厂总览",
  width: 1280,
  height: 720,
  background: "panel",
  pipes: kPipes,
  elements: kElements,
};
