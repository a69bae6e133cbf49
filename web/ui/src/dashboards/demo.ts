/** A dashboard made of what the plant has, to begin with. */
import type { TagDesc, TagStore } from "@tagwire/client";
import { unitsOf } from "../overview/units.js";
import { isDrawable } from "../trends/pens.js";
import { type Dashboard, newTile, placeFor, type Tile, type TileKind } from "./model.js";

/** The most telling unit, its measurements in every way of showing them, and something that is on or off. */
export function demoDashboard(store: TagStore, title: string, text: string): Dashboard {
  const units = unitsOf(store);
  const unit = units.reduce<(typeof units)[number] | undefined>(
    (best, each) => (!best || each.indicators.length > best.indicators.length ? each : best),
    undefined,
  );
  const all: TagDesc[] = [];
  for (let slot = 0; slot < store.size; slot++) if (store.isLive(slot)) all.push(store.describe(slot));
  const drawable = all.filter(isDrawable);
  const ranged = (unit?.indicators ?? []).map((slot) => store.describe(slot).n);
  const numbers = ranged.length > 0 ? ranged : drawable.filter(({ ty }) => ty !== "bool").map(({ n }) => n);
  const states = drawable.filter(({ ty, en }) => ty === "bool" || en !== undefined).map(({ n }) => n);
  const members = (unit?.slots ?? []).map((slot) => store.describe(slot).n);

  const tiles: Tile[] = [];
  const add = (kind: TileKind, tags: readonly (string | undefined)[], more: Partial<Tile> = {}) => {
    const known = tags.filter((tag) => tag !== undefined);
    if (known.length === 0 && kind !== "text") return;
    const tile = { ...newTile(kind, tiles), tags: known, ...more };
    tiles.push({ ...tile, ...placeFor(tile, tiles) });
  };
  add("text", [], { text, w: 4, h: 2 });
  add("value", [numbers[0]]);
  add("value", [numbers[1]]);
  add("sparkline", [numbers[2]], { w: 4 });
  if (ranged.length > 0) {
    add("gauge", [ranged[0]]);
    add("gauge", [ranged[1]]);
    add("bar", [ranged[2]], { h: 3 });
  }
  add("lamp", [states[0]]);
  add("lamp", [states[1]]);
  add("trend", numbers.slice(0, 4));
  if (ranged.length > 0) add("indicator", ranged.slice(0, 5), { w: 6, h: 4 });
  add("table", (members.length > 0 ? members : all.map(({ n }) => n)).slice(0, 8), { w: 6, h: 5 });
  return { title, tiles };
}
