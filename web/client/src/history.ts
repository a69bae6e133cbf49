/** The past of tags: questions, and answers put together from their parts. */
import type {
  BadTag,
  ErrFrame,
  ErrorCode,
  HistForm,
  HistFrame,
  HistPartFrame,
  Interval,
  OkFrame,
  Sample,
  ValueType,
  WireValue,
} from "./generated/protocol.js";
import { DecodeError, decodeValue, type TagValue } from "./values.js";

export interface HistoryQuery {
  /** Paths of tags, at most 100; no patterns. */
  readonly tags: readonly string[];
  /** Beginning, by source time, ms since 1970. */
  readonly from: number;
  /** End, which is not part of it. */
  readonly to: number;
  /**
   * Default `raw`: every sample. `minmax`: what a drawing needs. `aggregates`: averages and extremes. `interpolated`: the
   * value at the beginning of each interval.
   */
  readonly form?: HistForm;
  /** With all forms but `raw`: into how many parts the time is divided; for a drawing one a pixel. */
  readonly intervals?: number;
  /** With `raw`: samples of one page, over all tags. */
  readonly max?: number;
  /** With `raw`: `next` of the page before, with everything else as it was. */
  readonly cursor?: string;
}

/** One recorded sample. */
export interface RecordedSample {
  /** Source time, ms since 1970. */
  readonly time: number;
  /** null: nothing is known from here on, which `status` explains. */
  readonly value: TagValue;
  /** OPC UA StatusCode. */
  readonly status: number;
  readonly serverTime: number;
  /** As it happened, fetched later from the source's own history, or imported. */
  readonly origin: "live" | "backfill" | "imported";
}

export interface RecordedInterval {
  /** ms since 1970. */
  readonly start: number;
  /** Samples with a number. */
  readonly count: number;
  /** The worst StatusCode. */
  readonly status: number;
  /** ms in which a number was known. */
  readonly known: number;
  /** Weighted by time; null where no number was known, as the others. */
  readonly average: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly first: number | null;
  readonly last: number | null;
}

export interface RecordedSeries {
  readonly tag: string;
  readonly type: ValueType;
  /** The last sample before `from`; its value held at the beginning. */
  readonly before: RecordedSample | undefined;
  readonly samples: readonly RecordedSample[];
  readonly intervals: readonly RecordedInterval[];
}

export interface History {
  readonly series: readonly RecordedSeries[];
  /** Tags that could not be served. */
  readonly bad: readonly BadTag[];
  /** `cursor` of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** Why there is no answer: an error code of the protocol, or that there is no connection. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";

  constructor(
    readonly code: ErrorCode | "not_connected",
    message: string,
    readonly retry: boolean,
  ) {
    super(message);
  }
}

const kOrigins = ["live", "backfill", "imported"] as const;

/** As the JSON that was sent where the tag had another type when the sample was recorded. */
function readable(type: ValueType, raw: WireValue): TagValue {
  try {
    return decodeValue(type, raw);
  } catch (error) {
    if (error instanceof DecodeError) return raw as TagValue;
    throw error;
  }
}

function sampleOf(row: Sample, type: ValueType, base: number): RecordedSample {
  const [dt, value, status = 0, delay = 0, origin = 0] = row;
  const time = base + dt;
  return {
    time,
    value: readable(type, value),
    status,
    serverTime: time + delay,
    origin: kOrigins[origin] ?? "live",
  };
}

function intervalOf(row: Interval, base: number): RecordedInterval {
  const [dt, count, status, known, average = null, min = null, max = null, first = null, last = null] = row;
  return { start: base + dt, count, status, known, average, min, max, first, last };
}

interface GrowingSeries extends RecordedSeries {
  before: RecordedSample | undefined;
  readonly samples: RecordedSample[];
  readonly intervals: RecordedInterval[];
}

/** One question on its way: gathers the parts of its answer. */
export class HistoryRequest {
  private readonly series: GrowingSeries[] = [];

  constructor(
    private readonly query: HistoryQuery,
    private readonly resolve: (history: History) => void,
    private readonly reject: (reason: unknown) => void,
  ) {}

  frame(id: number): HistFrame {
    return { t: "hist", id, ...this.query };
  }

  part(frame: HistPartFrame): void {
    let series = this.series.at(-1);
    if (series?.tag !== frame.n) {
      series = { tag: frame.n, type: frame.ty, before: undefined, samples: [], intervals: [] };
      this.series.push(series);
    }
    if (frame.before) series.before = sampleOf(frame.before, frame.ty, frame.b);
    for (const row of frame.v ?? []) series.samples.push(sampleOf(row, frame.ty, frame.b));
    for (const row of frame.i ?? []) series.intervals.push(intervalOf(row, frame.b));
  }

  done(frame: OkFrame): void {
    this.resolve({ series: this.series, bad: frame.bad ?? [], next: frame.next });
  }

  refused(frame: ErrFrame): void {
    this.reject(new HistoryError(frame.code, frame.msg, frame.retry));
  }

  disconnected(): void {
    this.reject(new HistoryError("not_connected", "There is no connection to the server.", true));
  }

  abort(reason: unknown): void {
    this.reject(reason);
  }
}
