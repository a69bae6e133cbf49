/** What stands above a tile. */
import type { TagStore } from "@tagwire/client";
import type { Formatter } from "../live/format.js";
import type { DashboardWords } from "./i18n/en.js";
import type { Tile } from "./model.js";

/** Kinds that name their tags themselves, or have none. */
const kNamesItself: ReadonlySet<Tile["kind"]> = new Set(["indicator", "trend", "table", "text", "image"]);

/** The heading: the title of the tile, or what its tag is; empty where the tile says it itself. */
export function headingOf(tile: Tile, store: TagStore, format: Formatter): string {
  if (tile.title || kNamesItself.has(tile.kind)) return tile.title;
  const path = tile.tags[0];
  if (path === undefined) return "";
  const slot = store.slotOf(path);
  const description =
    slot === undefined || !store.isLive(slot) ? "" : format.description(store.describe(slot));
  return description || path.slice(path.lastIndexOf(".") + 1);
}

/** What the tile is called where it has to be called something. */
export function titleOf(tile: Tile, store: TagStore, format: Formatter, words: DashboardWords): string {
  return headingOf(tile, store, format) || tile.tags[0] || tile.text.slice(0, 40) || words.kinds[tile.kind];
}
