/** A list that the server keeps and this page shows: as it was told last, and what went wrong in asking. */
import { RestError } from "@tagwire/client";

export class Listing<T> {
  /** Undefined until the first answer. */
  rows = $state.raw<readonly T[]>();
  /** Why there are none, or no newer ones; empty: nothing went wrong. */
  problem = $state("");
  /** Only the answer to the latest question counts. */
  private latest = new AbortController();

  constructor(private readonly ask: (signal: AbortSignal) => Promise<readonly T[]>) {}

  async load(): Promise<void> {
    this.latest.abort();
    this.latest = new AbortController();
    const { signal } = this.latest;
    try {
      const rows = await this.ask(signal);
      if (signal.aborted) return;
      this.rows = rows;
      this.problem = "";
    } catch (error) {
      if (!signal.aborted) this.problem = describe(error);
    }
  }

  close(): void {
    this.latest.abort();
  }
}

function describe(error: unknown): string {
  if (error instanceof RestError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
