import { Emitter } from "./emitter.js";
import type { SourceStatus } from "./generated/protocol.js";

/** States of all data sources of the server, by name. Filled from the `src` frames of a connection. */
export class SourceBook {
  /** The source whose state was just told. */
  readonly changed = new Emitter<SourceStatus>();
  private readonly byName = new Map<string, SourceStatus>();

  /** All sources, in the order the server told them. */
  all(): SourceStatus[] {
    return [...this.byName.values()];
  }

  get(name: string): SourceStatus | undefined {
    return this.byName.get(name);
  }

  /** A new connection tells every source again: forget those of the old one. */
  clear(): void {
    this.byName.clear();
  }

  set(status: SourceStatus): void {
    this.byName.set(status.n, status);
    this.changed.emit(status);
  }
}
