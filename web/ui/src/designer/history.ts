/** Undo and redo of immutable states. */

const kMost = 200;

export class History<T> {
  private past: T[] = [];
  private future: T[] = [];

  constructor(private current: T) {}

  get present(): T {
    return this.current;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** A change that leaves everything as it is is none. */
  push(next: T): void {
    if (next === this.current) return;
    this.past = [...this.past.slice(1 - kMost), this.current];
    this.current = next;
    this.future = [];
  }

  undo(): void {
    const before = this.past.pop();
    if (before === undefined) return;
    this.future.push(this.current);
    this.current = before;
  }

  redo(): void {
    const after = this.future.pop();
    if (after === undefined) return;
    this.past.push(this.current);
    this.current = after;
  }
}
