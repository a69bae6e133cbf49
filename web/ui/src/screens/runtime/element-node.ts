/** One element of a screen as nodes: its drawing, its label, and the marks of quality and alarms around it. */
import type { Locale } from "../../i18n/locale.js";
import { kSymbols } from "../../symbols/library.js";
import { draw, type LivePart, svg } from "../../symbols/render.js";
import { kNoMarks, parametersOf, type ScaleMarks } from "../../symbols/symbol.js";
import { addressOf } from "../document/clean-svg.js";
import type { LabelPlace, ScreenElement } from "../document/types.js";

export interface ElementNode {
  readonly group: SVGGElement;
  /** The drawing: turned and mirrored as the element says. */
  readonly art: SVGGElement;
  readonly parts: readonly LivePart[];
  readonly qualityIcon: SVGUseElement;
  readonly alarmIcon: SVGUseElement;
  readonly title: SVGTitleElement;
}

const kLabelSize = 12;
const kGap = 5;
const kIcon = 16;
const kAround = 4;

interface LabelSpot {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
}

function labelSpot(place: Exclude<LabelPlace, "none">, { width, height }: ScreenElement): LabelSpot {
  switch (place) {
    case "top":
      return { x: width / 2, y: -kGap - 1, anchor: "middle" };
    case "bottom":
      return { x: width / 2, y: height + kLabelSize + kGap - 2, anchor: "middle" };
    case "left":
      return { x: -kGap, y: height / 2 + kLabelSize * 0.36, anchor: "end" };
    case "right":
      return { x: width + kGap, y: height / 2 + kLabelSize * 0.36, anchor: "start" };
  }
}

export function labelOf(element: ScreenElement, locale: Locale): string {
  return (locale === "zh" && element.labelZh) || (element.label ?? "");
}

function artTransform({ width, height, rotation = 0, mirror }: ScreenElement): string {
  const steps = [
    ...(rotation ? [`rotate(${rotation} ${width / 2} ${height / 2})`] : []),
    ...(mirror ? [`translate(${width} 0) scale(-1 1)`] : []),
  ];
  return steps.join(" ");
}

export function makeElement(
  element: ScreenElement,
  {
    locale,
    pictures = {},
    marks = kNoMarks,
  }: {
    readonly locale: Locale;
    readonly pictures?: Readonly<Record<string, string>>;
    readonly marks?: ScaleMarks;
  },
): ElementNode {
  const { x, y, width, height } = element;
  const group = svg("g", { class: "element", transform: `translate(${x} ${y})` });
  group.dataset["element"] = element.id;
  const title = svg("title");
  const art = svg("g", { class: "art" });
  const transform = artTransform(element);
  if (transform) art.setAttribute("transform", transform);

  const symbol = kSymbols.get(element.symbol);
  const given = element.parameters ?? {};
  const picture = pictures[String(given["picture"] ?? "")];
  const chosen = symbol && parametersOf(symbol, given, locale);
  const parameters = chosen && {
    ...chosen,
    ...(picture === undefined ? {} : { href: addressOf(picture) }),
  };
  const parts =
    symbol && parameters ? draw(art, symbol.draw(parameters, element, marks), element.mirror) : [];

  const label = labelOf(element, locale);
  const place = element.labelAt ?? "bottom";
  const frame = {
    x: -kAround,
    y: -kAround,
    width: width + 2 * kAround,
    height: height + 2 * kAround,
    rx: 3,
  };
  group.append(
    title,
    svg("rect", { class: "hatch", fill: "url(#screen-hatch)", ...frame }),
    svg("rect", { class: "hit", x: 0, y: 0, width, height }),
    art,
  );
  if (label && place !== "none") {
    const { anchor, ...at } = labelSpot(place, element);
    const text = svg("text", { class: "label", "font-size": kLabelSize, "text-anchor": anchor, ...at });
    text.textContent = label;
    group.append(text);
  }
  // Within displays where they have no text, at the corner of equipment.
  const inside = symbol?.group === "displays" && width > 60 && height >= 24;
  const insideX = chosen?.["align"] === "end" ? 2 : width - kIcon - 2;
  const [iconX, iconY] = inside ? [insideX, 2] : [width - kIcon / 2, -kIcon / 2];
  const icon = { x: iconX, y: iconY, width: kIcon, height: kIcon };
  const qualityIcon = svg("use", { class: "quality-icon", ...icon });
  const alarmIcon = svg("use", { class: "alarm-icon", ...icon });
  group.append(svg("rect", { class: "frame", ...frame }), qualityIcon, alarmIcon);
  return { group, art, parts, qualityIcon, alarmIcon, title };
}
