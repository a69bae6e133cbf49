/** A screen while it is drawn: the document with its past, what is chosen, and what the server has of it. */
import type { ScreenDocument, ScreenElement } from "../screens/document/types.js";
import { type Clip, copied, type Ids, pasted, removed } from "./edit.js";
import { History } from "./history.js";

export class Designer {
  screen = $state.raw<ScreenDocument>() as ScreenDocument;
  selection = $state.raw<Ids>(new Set());
  /** Id of the chosen pipe; empty: none. */
  pipe = $state("");
  canUndo = $state(false);
  canRedo = $state(false);
  /** Name at the server; empty: not saved yet. */
  name = $state("");
  /** Version that was loaded or saved last. */
  version = $state<number>();

  private readonly history: History<ScreenDocument>;
  private saved = $state.raw<ScreenDocument>();
  private clip: Clip | undefined;

  constructor(screen: ScreenDocument, name: string, version: number | undefined) {
    this.history = new History(screen);
    this.screen = screen;
    this.saved = screen;
    this.name = name;
    this.version = version;
  }

  get dirty(): boolean {
    return this.screen !== this.saved;
  }

  get chosen(): readonly ScreenElement[] {
    return this.screen.elements.filter(({ id }) => this.selection.has(id));
  }

  /** Shows a change that is not finished: the pointer still holds it. */
  preview(screen: ScreenDocument): void {
    this.screen = screen;
  }

  commit(screen: ScreenDocument): void {
    this.history.push(screen);
    this.follow();
  }

  undo(): void {
    this.history.undo();
    this.follow();
  }

  redo(): void {
    this.history.redo();
    this.follow();
  }

  select(ids: Iterable<string>): void {
    this.selection = new Set(ids);
    this.pipe = "";
  }

  toggle(id: string): void {
    const next = new Set(this.selection);
    if (!next.delete(id)) next.add(id);
    this.select(next);
  }

  selectPipe(id: string): void {
    this.selection = new Set();
    this.pipe = id;
  }

  remove(): void {
    const ids = this.pipe ? new Set([this.pipe]) : this.selection;
    this.commit(removed(this.screen, ids));
  }

  copy(): void {
    if (this.selection.size > 0) this.clip = copied(this.screen, this.selection);
  }

  paste(): void {
    if (!this.clip) return;
    const { screen, ids } = pasted(this.screen, this.clip);
    this.commit(screen);
    this.select(ids);
    this.copy();
  }

  duplicate(): void {
    this.copy();
    this.paste();
  }

  /** The server has `screen` as this version now. */
  keep(screen: ScreenDocument, name: string, version: number): void {
    this.saved = screen;
    this.name = name;
    this.version = version;
  }

  private follow(): void {
    this.screen = this.history.present;
    this.canUndo = this.history.canUndo;
    this.canRedo = this.history.canRedo;
    const ids = new Set(this.screen.elements.map(({ id }) => id));
    if ([...this.selection].some((id) => !ids.has(id)))
      this.selection = new Set([...this.selection].filter((id) => ids.has(id)));
    if (this.pipe && !this.screen.pipes.some(({ id }) => id === this.pipe)) this.pipe = "";
  }
}
