/** What shows values: text, bars, scales, lines, lamps; and what explains a screen: texts, frames, pictures. */
import { circle, path, rect, type Shape, type Size, text } from "./shape.js";
import {
  choice,
  flag,
  names,
  number,
  type ProcessSymbol,
  type ScaleMarks,
  type SymbolGroup,
  words,
} from "./symbol.js";

const kDisplay = { group: "displays" as SymbolGroup, states: "none", ports: [] } as const;
const kCaption = words("caption", names("Caption", "标题"), "", 60);
const kCaptionZh = words("captionZh", names("Caption (Chinese)", "标题（中文）"), "", 60);
const kWithUnit = flag("unit", names("Unit", "显示单位"), true);
const kDirection = choice("direction", names("Direction", "方向"), [
  ["vertical", names("Vertical", "竖直")],
  ["horizontal", names("Horizontal", "水平")],
]);

/** A value and its unit in one line. */
function reading(
  x: number,
  y: number,
  size: number,
  anchor: "start" | "middle" | "end",
  unit: boolean,
): Shape {
  const value: Shape = { tag: "tspan", at: {}, paint: "value", part: "value", text: "" };
  const small = { "font-size": Math.max(10, Math.round(size * 0.72)) };
  const symbol: Shape = { tag: "tspan", at: small, paint: "soft", part: "unit", text: "" };
  return { ...text(x, y, "", "value", { size, anchor }), children: unit ? [value, symbol] : [value] };
}

/** A scale: what is normal, and a zone a limit that has a colour only while the value is in it. */
function scale({ width, height }: Size, vertical: boolean, marks: ScaleMarks): Shape[] {
  const part = (from: number, to: number, paint: "band" | "zone", limit?: string): Shape => {
    const extra = limit === undefined ? {} : { limit };
    return vertical
      ? rect(0, height * (1 - to), width, height * (to - from), paint, extra)
      : rect(width * from, 0, width * (to - from), height, paint, extra);
  };
  return [
    rect(0, 0, width, height, "track"),
    ...(marks.band ? [part(marks.band[0], marks.band[1], "band")] : []),
    ...marks.zones.map(({ level, from, to }) => part(from, to, "zone", level)),
  ];
}

export const kDisplays: readonly ProcessSymbol[] = [
  {
    ...kDisplay,
    id: "value",
    name: names("Value", "数值"),
    size: { width: 108, height: 42 },
    parameters: [
      kCaption,
      kCaptionZh,
      kWithUnit,
      number("size", names("Height of digits", "字高"), 16, 8, 96),
      choice("align", names("Alignment", "对齐"), [
        ["start", names("Left", "左")],
        ["middle", names("Middle", "中")],
        ["end", names("Right", "右")],
      ]),
    ],
    binds: ["value"],
    draw(parameters, { width, height }) {
      const size = Number(parameters["size"]);
      const align = String(parameters["align"]) as "start" | "middle" | "end";
      const x = { start: 6, middle: width / 2, end: width - 6 }[align];
      const caption = String(parameters["caption"]);
      const small = Math.max(10.5, size * 0.7);
      if (!caption) return [reading(x, height / 2 + size * 0.36, size, align, parameters["unit"] === true)];
      const gap = (height - small - size) / 3;
      return [
        text(x, gap + small * 0.84, caption, "soft", { size: small, anchor: align }),
        reading(x, height - gap - size * 0.1, size, align, parameters["unit"] === true),
      ];
    },
  },
  {
    ...kDisplay,
    id: "text",
    name: names("Text", "文字"),
    size: { width: 140, height: 24 },
    parameters: [
      words("text", names("Text", "文字"), "Text", 200),
      words("textZh", names("Text (Chinese)", "文字（中文）"), "", 200),
      number("size", names("Height", "字高"), 14, 8, 96),
      choice("weight", names("Weight", "粗细"), [
        ["plain", names("Plain", "常规")],
        ["soft", names("Soft", "浅色")],
        ["bold", names("Bold", "粗体")],
      ]),
      choice("align", names("Alignment", "对齐"), [
        ["start", names("Left", "左")],
        ["middle", names("Middle", "中")],
        ["end", names("Right", "右")],
      ]),
    ],
    binds: ["value"],
    draw(parameters, { width, height }) {
      const size = Number(parameters["size"]);
      const anchor = String(parameters["align"]) as "start" | "middle" | "end";
      const x = { start: 0, middle: width / 2, end: width }[anchor];
      const paint =
        ({ plain: "text", soft: "soft", bold: "letters" } as const)[String(parameters["weight"])] ?? "text";
      return [text(x, height / 2 + size * 0.36, String(parameters["text"]), paint, { size, anchor })];
    },
  },
  {
    ...kDisplay,
    id: "indicator",
    name: names("Moving analog indicator", "模拟指示器"),
    size: { width: 18, height: 140 },
    parameters: [kDirection],
    binds: ["value"],
    draw(parameters, size, marks) {
      const { width, height } = size;
      const vertical = parameters["direction"] === "vertical";
      const track = vertical ? { width: width * 0.55, height } : { width, height: height * 0.55 };
      const reach = (vertical ? width : height) * 0.62;
      const pointer: Shape = vertical
        ? path(`M ${width * 0.42} 0 l ${reach} ${-reach * 0.6} v ${reach * 1.2} Z`, "pointer", {
            part: "pointer",
            travel: { axis: "y", from: height, to: 0 },
          })
        : path(`M 0 ${height * 0.58} l ${-reach * 0.6} ${reach} h ${reach * 1.2} Z`, "pointer", {
            part: "pointer",
            travel: { axis: "x", from: 0, to: width },
          });
      return [...scale(track, vertical, marks), pointer];
    },
  },
  {
    ...kDisplay,
    id: "bar",
    name: names("Bar", "棒图"),
    size: { width: 22, height: 120 },
    parameters: [kDirection],
    binds: ["value"],
    draw(parameters, size, marks) {
      const { width, height } = size;
      const vertical = parameters["direction"] === "vertical";
      const fill = rect(0, 0, width, height, "level", {
        part: "level",
        travel: vertical ? { axis: "y", from: height, to: 0 } : { axis: "x", from: 0, to: width },
      });
      const [track, ...rest] = scale(size, vertical, marks);
      return [
        track as Shape,
        fill,
        ...rest.filter(({ paint }) => paint === "zone"),
        rect(0, 0, width, height, "line"),
      ];
    },
  },
  {
    ...kDisplay,
    id: "sparkline",
    name: names("Sparkline", "迷你趋势"),
    size: { width: 130, height: 36 },
    parameters: [],
    binds: ["value"],
    draw: (_parameters, size) => [
      rect(0, 0, size.width, size.height, "track", { rx: 2 }),
      path("", "spark", { part: "spark", area: size }),
    ],
  },
  {
    ...kDisplay,
    id: "lamp",
    name: names("Lamp", "指示灯"),
    size: { width: 20, height: 20 },
    parameters: [
      choice("shape", names("Shape", "形状"), [
        ["round", names("Round", "圆形")],
        ["square", names("Square", "方形")],
      ]),
    ],
    states: "machine",
    binds: ["state", "value"],
    draw(parameters, { width, height }) {
      const r = Math.min(width, height) / 2;
      return [
        parameters["shape"] === "round"
          ? circle(width / 2, height / 2, r, "lamp")
          : rect(0, 0, width, height, "lamp", { rx: 2 }),
      ];
    },
  },
  {
    ...kDisplay,
    id: "button",
    name: names("Button (while it is held)", "按钮（按住有效）"),
    size: { width: 120, height: 44 },
    parameters: [
      words("text", names("Text", "文字"), "Jog", 60),
      words("textZh", names("Text (Chinese)", "文字（中文）"), "点动", 60),
      words("press", names("Value while held", "按住时的值"), "1", 40),
      words("release", names("Value afterwards", "松开后的值"), "0", 40),
      number("size", names("Height of letters", "字高"), 14, 8, 96),
    ],
    binds: ["value"],
    draw(parameters, { width, height }) {
      const size = Number(parameters["size"]);
      const caption = text(width / 2, height / 2 + size * 0.36, String(parameters["text"]), "letters", {
        size,
        anchor: "middle",
      });
      return [rect(0, 0, width, height, "key", { rx: 5 }), caption];
    },
  },
  {
    ...kDisplay,
    id: "frame",
    name: names("Frame", "边框"),
    size: { width: 320, height: 200 },
    parameters: [
      words("text", names("Title", "标题"), "", 80),
      words("textZh", names("Title (Chinese)", "标题（中文）"), "", 80),
    ],
    binds: [],
    draw(parameters, { width, height }) {
      const title = String(parameters["text"]);
      return [
        rect(0, 0, width, height, "frame", { rx: 4 }),
        ...(title ? [text(12, 22, title, "letters", { size: 13.5 })] : []),
      ];
    },
  },
  {
    ...kDisplay,
    id: "picture",
    name: names("Picture", "图片"),
    size: { width: 160, height: 120 },
    parameters: [words("picture", names("Picture of the screen", "画面中的图片"), "", 64)],
    binds: ["rotation"],
    /** `href` is given by who draws: the picture of that name, as an address of its data. */
    draw(parameters, { width, height }) {
      const { href } = parameters;
      if (typeof href !== "string" || !href) return [rect(0, 0, width, height, "frame", { rx: 4 })];
      return [
        { tag: "image", at: { href, width, height, preserveAspectRatio: "xMidYMid meet" }, part: "spin" },
      ];
    },
  },
];
