/** Reads the server's numbers again and again while somebody looks at them. */
import type { TagwireRest } from "@tagwire/client";
import type { Sample } from "./numbers.js";

const kIntervalMs = 2_000;

export class NumbersWatch {
  /** The latest sample and the one before. */
  samples = $state.raw<{ readonly now: Sample; readonly before?: Sample }>();
  /** Why the latest attempt failed; empty: it did not. */
  failure = $state("");

  constructor(private readonly rest: Pick<TagwireRest, "metrics">) {}

  /** Begins to read; the result ends it. */
  start(): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const next = async () => {
      // Nobody looks at a hidden page.
      if (document.visibilityState !== "hidden") await this.read(abort.signal);
      if (!abort.signal.aborted) timer = setTimeout(next, kIntervalMs);
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }

  private async read(signal: AbortSignal): Promise<void> {
    try {
      const metrics = await this.rest.metrics(signal);
      if (signal.aborted) return;
      const before = this.samples?.now;
      this.samples = { now: { at: performance.now(), metrics }, ...(before && { before }) };
      this.failure = "";
    } catch (error) {
      if (!signal.aborted) this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}
