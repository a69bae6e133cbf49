/** Unit 100 of the demonstration plant: column C-101. */
import type { ScreenDocument } from "../document/types.js";
import { connector, controlValve, element, keyTrend, loop, pipe, pump, text, value } from "./make.js";

const kUnit = "Plant.Unit100";

export const kDistillation: ScreenDocument = {
  format: 1,
  title: "Unit 100 · Distillation",
  titleZh: "100 单元 · 精馏",
  parent: "demo-overview",
  width: 1280,
  height: 720,
  background: "panel",
  pipes: [
    pipe("feed 1", ["from reaction:right", "P-101:left"], { arrow: "none" }),
    pipe("feed 2", ["P-101:right", "FV-101:left"], { arrow: "none" }),
    pipe("feed 3", ["FV-101:right", "C-101:feed"]),
    pipe("overhead 1", ["C-101:top", [515, 76], "E-101:left"]),
    pipe("overhead 2", ["E-101:right", [945, 76], "V-102:top"]),
    pipe("drum out", ["V-102:bottom", [945, 280], "P-102:left"], { arrow: "none" }),
    pipe("reflux 1", ["P-102:right", "FV-102:left"], { arrow: "none" }),
    pipe("reflux 2", ["FV-102:right", [620, 280], [620, 202], "C-101:reflux"]),
    pipe("distillate", [[945, 280], "to storage:left"]),
    pipe("bottoms 1", ["C-101:bottom", [515, 660], "P-103:left"], { arrow: "none" }),
    pipe("bottoms 2", ["P-103:right", "LV-101:left"], { arrow: "none" }),
    pipe("bottoms 3", ["LV-101:right", "to residue:left"]),
    pipe("reboiler in", [[600, 660], [600, 606], [687.5, 606], "E-102:shell-bottom-left"]),
    pipe("reboiler out", ["E-102:left", "C-101:reboiler"]),
    pipe("steam 1", ["steam:right", "TV-103:left"], { kind: "utility", arrow: "none" }),
    pipe("steam 2", ["TV-103:right", "E-102:right"], { kind: "utility" }),
  ],
  elements: [
    element("frame trends", "frame", [20, 16, 306, 236], {
      parameters: { text: "Last minutes", textZh: "最近几分钟" },
    }),
    ...keyTrend(`${kUnit}.TI-104`, "Tray 12 temperature", "第 12 层塔板温度", 32, 52, 282),
    ...keyTrend(`${kUnit}.PDI-108`, "Pressure drop", "压降", 32, 118, 282),
    ...keyTrend(`${kUnit}.AI-107`, "Distillate purity", "塔顶产品纯度", 32, 184, 282),

    connector("from reaction", "From reaction", "来自反应", [20, 370], { link: "demo-reaction" }),
    pump("P-101", kUnit, 206, 370),
    value(`${kUnit}.P-101.Current`, 178, 424, { caption: "P-101 I" }),
    controlValve("FV-101", "FV-101", `${kUnit}.FV-101`, 340, 370, { labelAt: "top" }),
    value(`${kUnit}.FV-101`, 316, 392, { caption: "FV-101" }),
    value(`${kUnit}.FIC-101.PV`, 232, 286),

    element("C-101", "column-tray", [470, 130, 90, 480], {
      label: "C-101",
      labelAt: "none",
      parameters: { trays: 12 },
      bind: { level: { tag: `${kUnit}.LIC-101.PV`, low: 0, high: 100 } },
      tags: loop(`${kUnit}.LIC-101`),
    }),
    text("name C-101", "C-101", "C-101", 475, 108, 36, { size: 13, weight: "bold", align: "end" }),
    value(`${kUnit}.TI-101`, 370, 140),
    value(`${kUnit}.PI-102`, 370, 196),
    value(`${kUnit}.PDI-108`, 370, 470),
    value(`${kUnit}.LIC-101.PV`, 370, 552),
    element("scale TI-104", "indicator", [588, 330, 20, 150], {
      bind: { value: { tag: `${kUnit}.TI-104` } },
    }),
    value(`${kUnit}.TI-104`, 616, 382),

    element("E-101", "exchanger-shell-tube", [660, 53, 110, 46], { label: "E-101", labelAt: "bottom" }),
    element("V-102", "drum", [875, 126, 140, 70], {
      label: "V-102",
      labelAt: "left",
      bind: { level: { tag: `${kUnit}.LI-102`, low: 0, high: 100 } },
    }),
    value(`${kUnit}.LI-102`, 1028, 139),
    pump("P-102", kUnit, 830, 280, { mirror: true }),
    controlValve("FV-102", "FV-102", `${kUnit}.FIC-102.OUT`, 700, 280, { mirror: true, labelAt: "top" }),
    value(`${kUnit}.FIC-102.PV`, 676, 296),
    value(`${kUnit}.FI-103`, 968, 292),
    value(`${kUnit}.AI-107`, 1112, 206),
    connector("to storage", "Distillate", "塔顶产品", [1110, 280]),

    element("E-102", "exchanger-shell-tube", [660, 515, 110, 46], { label: "E-102", labelAt: "top" }),
    value(`${kUnit}.TIC-103.PV`, 640, 440),
    controlValve("TV-103", "TV-103", `${kUnit}.TIC-103.OUT`, 870, 538, { mirror: true, labelAt: "top" }),
    value(`${kUnit}.FI-104`, 946, 552),
    connector("steam", "Steam", "蒸汽", [1110, 538], { mirror: true }),

    pump("P-103", kUnit, 720, 660),
    controlValve("LV-101", "LV-101", `${kUnit}.LIC-101.OUT`, 850, 660, { labelAt: "top" }),
    value(`${kUnit}.FI-105`, 946, 612),
    connector("to residue", "Bottoms product", "塔底产品", [1110, 660]),
  ],
};
