/** A dashboard while it is changed: every change is one step that can be taken back. */
import { type Dashboard, kMaxTiles, placeFor, type Rect, type Tile } from "./model.js";

const kMaxSteps = 100;

export class Editor {
  dashboard: Dashboard = $state.raw({ title: "", tiles: [] });
  /** As it was saved last. */
  private saved: Dashboard = $state.raw({ title: "", tiles: [] });
  private past: readonly Dashboard[] = $state.raw([]);
  private future: readonly Dashboard[] = $state.raw([]);
  /** Counts what was taken back or done again: whoever keeps places of his own begins anew then. */
  turns = $state(0);

  /** `version`: what the changes are made from. `draft`: changes that were made before. */
  constructor(
    saved: Dashboard,
    public version: number,
    draft?: Dashboard,
  ) {
    this.saved = saved;
    this.dashboard = draft ?? saved;
  }

  get dirty(): boolean {
    return this.dashboard !== this.saved;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  get full(): boolean {
    return this.dashboard.tiles.length >= kMaxTiles;
  }

  tile(id: string): Tile | undefined {
    return this.dashboard.tiles.find((tile) => tile.id === id);
  }

  /** Adds a tile where it fits first. */
  add(tile: Tile): Tile {
    const placed = { ...tile, ...placeFor(tile, this.dashboard.tiles) };
    this.step({ ...this.dashboard, tiles: [...this.dashboard.tiles, placed] });
    return placed;
  }

  put(tile: Tile): void {
    this.step({
      ...this.dashboard,
      tiles: this.dashboard.tiles.map((other) => (other.id === tile.id ? tile : other)),
    });
  }

  remove(id: string): void {
    this.step({ ...this.dashboard, tiles: this.dashboard.tiles.filter((tile) => tile.id !== id) });
  }

  rename(title: string): void {
    if (title && title !== this.dashboard.title) this.step({ ...this.dashboard, title });
  }

  /** Where tiles have been moved to. */
  layOut(places: ReadonlyMap<string, Rect>): void {
    let moved = false;
    const tiles = this.dashboard.tiles.map((tile) => {
      const place = places.get(tile.id);
      if (!place || (["x", "y", "w", "h"] as const).every((side) => place[side] === tile[side])) return tile;
      moved = true;
      return { ...tile, ...place };
    });
    if (moved) this.step({ ...this.dashboard, tiles });
  }

  undo(): void {
    const before = this.past.at(-1);
    if (!before) return;
    this.future = [this.dashboard, ...this.future];
    this.past = this.past.slice(0, -1);
    this.dashboard = before;
    this.turns += 1;
  }

  redo(): void {
    const [after, ...rest] = this.future;
    if (!after) return;
    this.past = [...this.past, this.dashboard];
    this.future = rest;
    this.dashboard = after;
    this.turns += 1;
  }

  /** It was saved as it is, with this version. */
  markSaved(version: number): void {
    this.version = version;
    this.saved = this.dashboard;
  }

  private step(next: Dashboard): void {
    this.past = [...this.past, this.dashboard].slice(-kMaxSteps);
    this.future = [];
    this.dashboard = next;
  }
}
