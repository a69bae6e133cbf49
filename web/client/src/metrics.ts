/** The numbers of `GET /metrics`, in the Prometheus text format 0.0.4. */

/** One number of the server. */
export interface Metric {
  /** Without the prefix `tagwire_`. */
  readonly name: string;
  /** What it counts, in English. */
  readonly help: string;
  /** Whether it only grows while the server runs. */
  readonly counter: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const kPrefix = "tagwire_";
const kComment = /^# (HELP|TYPE) (\S+) (.*)$/;
const kSample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (nan|[+-]inf|[-+.\de]+)(?: -?\d+)?$/i;
const kLabel = /([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)",?/g;

/** Reads the text; lines that are no samples are left out. */
export function parseMetrics(text: string): Metric[] {
  const helps = new Map<string, string>();
  const counters = new Set<string>();
  const metrics: Metric[] = [];
  for (const line of text.split("\n")) {
    const comment = kComment.exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      if (kind === "HELP") helps.set(name, unescaped(rest));
      else if (rest === "counter") counters.add(name);
      continue;
    }
    const sample = kSample.exec(line);
    if (!sample) continue;
    const [, name = "", labels = "", value = ""] = sample;
    metrics.push({
      name: name.startsWith(kPrefix) ? name.slice(kPrefix.length) : name,
      help: helps.get(name) ?? "",
      counter: counters.has(name),
      labels: labelsOf(labels),
      value: numberOf(value),
    });
  }
  return metrics;
}

function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(kLabel)].map(([, key = "", value = ""]) => [key, unescaped(value)]);
  return Object.fromEntries(pairs);
}

function numberOf(text: string): number {
  if (/inf$/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_whole, sign: string) => (sign === "n" ? "\n" : sign));
}
