/** A dashboard made of chosen tags: a trend of what can be measured, and a tile for each tag that follows its type. */
import type { TagDesc } from "@tagwire/client";
import {
  type Dashboard,
  kColumns,
  kKinds,
  kLongestTitle,
  kMaxRows,
  kMaxTiles,
  newTile,
  placeFor,
  type Tile,
  type TileKind,
} from "../dashboards/model.js";
import { isMeasurement, type Showing, showingOf } from "./tile-kinds.js";

const kKindOf: Readonly<Record<Showing, TileKind>> = {
  switch: "lamp",
  scale: "gauge",
  line: "sparkline",
  reading: "value",
  rows: "table",
};
/** With more tags than these a wall of tiles says less than tables. */
const kMostTiles = 24;
const kMostPens = 4;
const kTallTable = 8;

export interface MadeDashboard {
  readonly dashboard: Dashboard;
  /** Tags that found no place. */
  readonly left: number;
}

export function dashboardOf(tags: readonly TagDesc[], title: string): MadeDashboard {
  const tiles: Tile[] = [];
  /** False: there is no room for it. */
  const add = (kind: TileKind, paths: readonly string[], more: Partial<Tile> = {}): boolean => {
    const tile = { ...newTile(kind, tiles), tags: [...paths], ...more };
    const place = placeFor(tile, tiles);
    if (tiles.length >= kMaxTiles || place.y + place.h > kMaxRows) return false;
    tiles.push({ ...tile, ...place });
    return true;
  };

  const single = tags.length <= kMostTiles;
  // All of one height: rows without holes.
  if (single) for (const tag of tags) add(kKindOf[showingOf(tag)], [tag.n], { h: kKinds.gauge.h });
  const pens = tags
    .filter(isMeasurement)
    .slice(0, kMostPens)
    .map(({ n }) => n);
  if (pens.length > 0) add("trend", pens, { w: kColumns });

  let shown = single ? tags.length : 0;
  const most = kKinds.table.tags;
  while (shown < tags.length) {
    const part = tags.slice(shown, shown + most).map(({ n }) => n);
    if (!add("table", part, { w: 4, h: kTallTable })) break;
    shown += part.length;
  }
  return { dashboard: { title: title.slice(0, kLongestTitle), tiles }, left: tags.length - shown };
}
