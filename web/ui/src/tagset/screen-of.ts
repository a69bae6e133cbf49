/** A screen made of chosen tags: a column of symbols that follow their types, to be arranged in the designer. */
import type { TagDesc } from "@tagwire/client";
import { bindingFor, rulesOf, shortName } from "../designer/bind-tag.js";
import { kLimits, newScreen, type ScreenDocument, type ScreenElement } from "../screens/document/types.js";
import { type Showing, showingOf } from "./tile-kinds.js";

interface Look {
  readonly symbol: string;
  readonly width: number;
  readonly height: number;
}

const kLooks: Readonly<Record<Showing, Look>> = {
  switch: { symbol: "lamp", width: 24, height: 24 },
  scale: { symbol: "bar", width: 22, height: 110 },
  line: { symbol: "sparkline", width: 140, height: 36 },
  reading: { symbol: "value", width: 140, height: 42 },
  rows: { symbol: "value", width: 140, height: 42 },
};
const kCell = { width: 200, height: 150 } as const;
const kColumns = 6;
const kMargin = 40;
/** As many as one still finds one's way among. */
export const kMostElements = 120;

export interface MadeScreen {
  readonly screen: ScreenDocument;
  /** Tags that found no place. */
  readonly left: number;
}

function elementsOf(tag: TagDesc, index: number): ScreenElement[] {
  const look = kLooks[showingOf(tag)];
  const x = kMargin + (index % kColumns) * kCell.width;
  const y = kMargin + Math.floor(index / kColumns) * kCell.height;
  const number = index + 1;
  const caption = shortName(tag.n).slice(0, 60);
  const value: ScreenElement = {
    id: `value-${number}`,
    symbol: "value",
    x,
    y,
    width: 140,
    height: 42,
    parameters: { caption },
    bind: bindingFor("value", tag),
  };
  if (look.symbol === "value") return [value];
  const bind =
    look.symbol === "lamp" ? { state: { tag: tag.n, map: rulesOf(tag) } } : bindingFor("value", tag);
  const below = look.symbol === "bar" ? { x: x + 150, y } : { x, y: y + 52 };
  return [
    value,
    {
      id: `${look.symbol}-${number}`,
      symbol: look.symbol,
      ...below,
      width: look.width,
      height: look.height,
      bind,
    },
  ];
}

export function screenOf(tags: readonly TagDesc[], title: string): MadeScreen {
  const shown = tags.slice(0, kMostElements);
  const rows = Math.ceil(shown.length / kColumns);
  const screen = newScreen(title.slice(0, kLimits.title));
  return {
    screen: {
      ...screen,
      height: Math.max(screen.height, 2 * kMargin + rows * kCell.height),
      elements: shown.flatMap(elementsOf),
    },
    left: tags.length - shown.length,
  };
}
