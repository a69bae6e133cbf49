/**
 * What a dashboard is: a title, and tiles on a grid. It comes from a server where any program may have saved it, so
 * that it is checked member by member.
 */
import type { TagDesc } from "@tagwire/client";
import * as v from "valibot";

export const kTileKinds = [
  "value",
  "indicator",
  "gauge",
  "bar",
  "lamp",
  "sparkline",
  "trend",
  "table",
  "setpoint",
  "button",
  "text",
  "image",
] as const;
export type TileKind = (typeof kTileKinds)[number];

export const kColumns = 12;
export const kMaxRows = 200;
const kMaxHeight = 40;
export const kMaxTiles = 100;
export const kMaxDecimals = 6;
export const kLongestTitle = 120;
export const kLongestValue = 40;
export const kLongestText = 5_000;
/** As a data: address, which is a third longer than the file. */
export const kLongestImage = 400_000;

interface KindRules {
  /** Size of a new tile, in cells. */
  readonly w: number;
  readonly h: number;
  /** How many tags it shows at most. */
  readonly tags: number;
  /** Whether range and decimals mean anything. */
  readonly number: boolean;
}

export const kKinds: Readonly<Record<TileKind, KindRules>> = {
  value: { w: 2, h: 2, tags: 1, number: true },
  indicator: { w: 4, h: 2, tags: 8, number: true },
  gauge: { w: 3, h: 3, tags: 1, number: true },
  bar: { w: 2, h: 3, tags: 1, number: true },
  lamp: { w: 2, h: 2, tags: 1, number: false },
  sparkline: { w: 3, h: 2, tags: 1, number: true },
  trend: { w: 6, h: 4, tags: 8, number: false },
  table: { w: 5, h: 4, tags: 20, number: false },
  setpoint: { w: 3, h: 3, tags: 1, number: false },
  button: { w: 2, h: 2, tags: 1, number: false },
  text: { w: 3, h: 2, tags: 0, number: false },
  image: { w: 3, h: 3, tags: 0, number: false },
};

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const text = (longest: number) => v.optional(v.pipe(v.string(), v.maxLength(longest)), "");

const kTile = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/)),
    kind: v.picklist(kTileKinds),
    x: whole(0, kColumns - 1),
    y: whole(0, kMaxRows),
    w: whole(1, kColumns),
    h: whole(1, kMaxHeight),
    title: text(kLongestTitle),
    /** Paths. */
    tags: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))), v.maxLength(20)),
      [],
    ),
    /** Instead of the range that the tag has. */
    range: v.optional(
      v.pipe(
        v.tuple([v.number(), v.number()]),
        v.check(([low, high]) => low < high),
      ),
    ),
    /** Instead of the decimals that the tag has. */
    decimals: v.optional(whole(0, kMaxDecimals)),
    text: text(kLongestText),
    /** A picture within the document: nothing is asked of any other server. */
    image: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(kLongestImage),
        v.regex(/^(data:image\/(png|jpeg|webp|gif|svg\+xml);base64,[A-Za-z0-9+/]+=*)?$/),
      ),
      "",
    ),
    /** What a button writes while it is held, and afterwards, as text. */
    press: text(kLongestValue),
    release: text(kLongestValue),
    /** Whether a lamp that is on is something abnormal. */
    alarm: v.optional(v.boolean(), false),
  }),
  v.check(({ x, w }) => x + w <= kColumns),
);

const kDashboard = v.object({
  title: v.pipe(v.string(), v.minLength(1)),
  tiles: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(kMaxTiles)), []),
});

export type Tile = Readonly<v.InferOutput<typeof kTile>>;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Dashboard {
  readonly title: string;
  readonly tiles: readonly Tile[];
}

export interface ReadDashboard {
  readonly dashboard: Dashboard;
  /** Tiles that this page does not understand: those of a later version, or broken ones. */
  readonly strange: number;
}

/** Undefined: it is no dashboard at all. */
export function readDashboard(body: unknown): ReadDashboard | undefined {
  const whole = v.safeParse(kDashboard, body);
  if (!whole.success) return undefined;
  const tiles: Tile[] = [];
  const ids = new Set<string>();
  let strange = 0;
  for (const one of whole.output.tiles) {
    const tile = v.safeParse(kTile, one);
    if (!tile.success || ids.has(tile.output.id)) strange++;
    else {
      ids.add(tile.output.id);
      tiles.push(tile.output);
    }
  }
  return { dashboard: { title: whole.output.title, tiles }, strange };
}

/** The document as it is saved: without what says nothing. */
export function bodyOf({ title, tiles }: Dashboard) {
  const told = (value: unknown) =>
    value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);
  return {
    title,
    tiles: tiles.map((tile) => Object.fromEntries(Object.entries(tile).filter(([, value]) => told(value)))),
  };
}

/** A new tile, nowhere yet. */
export function newTile(kind: TileKind, tiles: readonly Tile[]): Tile {
  const { w, h } = kKinds[kind];
  const ids = new Set(tiles.map(({ id }) => id));
  let number = tiles.length + 1;
  while (ids.has(`t${number}`)) number++;
  return {
    id: `t${number}`,
    kind,
    x: 0,
    y: 0,
    w,
    h,
    title: "",
    tags: [],
    text: "",
    image: "",
    press: "",
    release: "",
    alarm: false,
  };
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Where a tile of this size fits first, row by row. */
export function placeFor({ w, h }: { readonly w: number; readonly h: number }, tiles: readonly Rect[]): Rect {
  for (let y = 0; ; y++) {
    for (let x = 0; x + w <= kColumns; x++) {
      const place = { x, y, w, h };
      if (!tiles.some((tile) => overlap(tile, place))) return place;
    }
  }
}

/** Reading order: from the top, then from the left. */
export function inOrder(tiles: readonly Tile[]): Tile[] {
  return [...tiles].sort((a, b) => a.y - b.y || a.x - b.x);
}

/** The description of a tag with what the tile says otherwise. */
export function asShown(tag: TagDesc, { range, decimals }: Pick<Tile, "range" | "decimals">): TagDesc {
  if (range === undefined && decimals === undefined) return tag;
  return {
    ...tag,
    ...(range !== undefined && { eu: range }),
    ...(decimals !== undefined && { dp: decimals }),
  };
}
