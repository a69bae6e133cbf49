/** Everything the page of diagnostics shows, read again and again while somebody looks at it. */
import type { Info, SourceDetail, TagwireRest } from "@tagwire/client";
import type { Sample } from "../sources/numbers/numbers.js";

const kIntervalMs = 2_000;

export interface Reading {
  readonly info: Info;
  readonly now: Sample;
  readonly before?: Sample;
  /** In the order of the server; one that could not be read is left out. */
  readonly sources: readonly SourceDetail[];
}

type Rest = Pick<TagwireRest, "info" | "metrics" | "source">;

export class DiagnosticsWatch {
  reading = $state.raw<Reading>();
  /** Why the latest attempt failed; empty: it did not. What was read before stays. */
  failure = $state("");

  constructor(
    private readonly rest: Rest,
    private readonly sources: () => readonly string[],
    private readonly clock: () => number = () => performance.now(),
  ) {}

  async read(signal: AbortSignal): Promise<void> {
    try {
      const details = this.sources().map((name) => this.rest.source(name, signal).catch(() => undefined));
      const [info, metrics, ...sources] = await Promise.all([
        this.rest.info(signal),
        this.rest.metrics(signal),
        ...details,
      ]);
      if (signal.aborted) return;
      const before = this.reading?.now;
      this.reading = {
        info,
        now: { at: this.clock(), metrics },
        ...(before && { before }),
        sources: sources.filter((source) => source !== undefined),
      };
      this.failure = "";
    } catch (error) {
      if (!signal.aborted) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** Reads until the result is called. */
  start(): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.visibilityState !== "hidden") await this.read(abort.signal);
      if (!abort.signal.aborted) timer = setTimeout(next, kIntervalMs);
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }
}
