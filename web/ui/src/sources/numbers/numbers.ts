/** What the server counts about one source. */
import type { Metric } from "@tagwire/client";

/** All numbers of the server at a time (ms, any clock that only goes forward). */
export interface Sample {
  readonly at: number;
  readonly metrics: readonly Metric[];
}

export interface SourceNumber {
  /** Without `source_`. */
  readonly name: string;
  readonly help: string;
  readonly value: number;
  /** Growth of a counter since the sample before; undefined where that is not known. */
  readonly perSecond: number | undefined;
}

const kPrefix = "source_";
/** What the table says already. */
const kShown: ReadonlySet<string> = new Set(["up", "tags", "bad_tags", "state_since_seconds"]);

function ofSource(sample: Sample, source: string): Metric[] {
  return sample.metrics.filter(
    ({ name, labels }) =>
      labels["source"] === source && name.startsWith(kPrefix) && !kShown.has(name.slice(kPrefix.length)),
  );
}

/** The numbers of a source in the order of the server. */
export function numbersOf(source: string, now: Sample, before?: Sample): SourceNumber[] {
  const old = new Map(before && ofSource(before, source).map((metric) => [metric.name, metric.value]));
  return ofSource(now, source).map(({ name, help, counter, value }) => {
    const past = counter ? old.get(name) : undefined;
    const seconds = before ? (now.at - before.at) / 1000 : 0;
    // A counter that became smaller is another server's: it was restarted.
    const known = past !== undefined && value >= past && seconds > 0;
    return {
      name: name.slice(kPrefix.length),
      help,
      value,
      perSecond: known ? (value - past) / seconds : undefined,
    };
  });
}
