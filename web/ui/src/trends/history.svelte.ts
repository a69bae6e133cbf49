/** The recorded part of a chart: asked for after a short rest, at the resolution of the chart, the newest question only. */
import { HistoryError, type HistoryQuery, type TagwireClient } from "@tagwire/client";
import { type Statistics, statisticsOf } from "./statistics.js";
import type { Bounds } from "./time-window.js";
import { type Track, trackOf } from "./track.js";

/** A gesture makes many windows: only the one that is left standing is asked for. */
const kDebounceMs = 150;
/** After an answer that says "later". */
const kRetryMs = 5_000;

export interface Wanted {
  readonly tags: readonly string[];
  readonly bounds: Bounds;
  /** One a pixel. */
  readonly intervals: number;
}

export type HistoryProblem =
  | { readonly kind: "none_kept" }
  | { readonly kind: "failed"; readonly reason: string };

export interface Recorded {
  readonly bounds: Bounds;
  readonly tracks: ReadonlyMap<string, Track>;
  readonly statistics: ReadonlyMap<string, Statistics>;
  /** Tags that were asked for and are not known. */
  readonly missing: readonly string[];
}

const kNothing: Recorded = {
  bounds: { from: 0, to: 0 },
  tracks: new Map(),
  statistics: new Map(),
  missing: [],
};

export class TrendHistory {
  recorded = $state.raw<Recorded>(kNothing);
  loading = $state(false);
  problem = $state.raw<HistoryProblem>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | undefined;

  constructor(private readonly client: TagwireClient) {}

  /** What the chart shows now; earlier questions are not wanted any more. */
  want(wanted: Wanted): void {
    this.stop();
    this.timer = setTimeout(() => void this.load(wanted), kDebounceMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = undefined;
  }

  private async load(wanted: Wanted): Promise<void> {
    if (wanted.tags.length === 0) {
      this.recorded = { ...kNothing, bounds: wanted.bounds };
      return;
    }
    const asking = new AbortController();
    this.asking = asking;
    this.loading = true;
    try {
      const recorded = await this.ask(wanted, asking.signal);
      if (asking !== this.asking) return;
      this.recorded = recorded;
      this.problem = undefined;
    } catch (error) {
      if (asking === this.asking) this.fail(error, wanted);
    } finally {
      if (asking === this.asking) this.loading = false;
    }
  }

  private async ask({ tags, bounds, intervals }: Wanted, signal: AbortSignal): Promise<Recorded> {
    const question: HistoryQuery = { tags, from: bounds.from, to: bounds.to };
    const [drawn, summed] = await Promise.all([
      this.client.history({ ...question, form: "minmax", intervals }, signal),
      this.client.history({ ...question, form: "aggregates", intervals: 1 }, signal),
    ]);
    const statistics = summed.series.flatMap(({ tag, intervals: [whole] }) => {
      const found = statisticsOf(whole);
      return found ? [[tag, found] as const] : [];
    });
    return {
      bounds,
      tracks: new Map(drawn.series.map((series) => [series.tag, trackOf(series)])),
      statistics: new Map(statistics),
      missing: drawn.bad.map(({ n }) => n),
    };
  }

  private fail(error: unknown, wanted: Wanted): void {
    // The page asks again when the link lives.
    if (error instanceof HistoryError && error.code === "not_connected") return;
    if (error instanceof HistoryError && error.code === "no_history") {
      this.problem = { kind: "none_kept" };
      this.recorded = { ...kNothing, bounds: wanted.bounds };
      return;
    }
    this.problem = { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
    if (error instanceof HistoryError && error.retry) {
      this.timer = setTimeout(() => void this.load(wanted), kRetryMs);
    }
  }
}
