/** Numbers of the whole server out of what `/metrics` gives. */
import type { Metric } from "@tagwire/client";
import type { Sample } from "../sources/numbers/numbers.js";

/** What grows only when something was lost, refused or held up: 0 on a healthy server. */
export const kLosses = [
  "source_updates_skipped_total",
  "source_values_overflow_total",
  "source_messages_lost_total",
  "source_history_gaps_incomplete_total",
  "source_agent_lost_values_total",
  "source_event_losses_total",
  "source_conditions_refused_total",
  "source_commands_refused_total",
  "feed_fell_behind_total",
  "feed_changes_skipped_total",
  "history_lost_total",
  "history_damaged_files_total",
  "slow_clients_total",
  "connections_refused_total",
  "http_requests_refused_total",
] as const;

function named(metrics: readonly Metric[], name: string): Metric[] {
  return metrics.filter((metric) => metric.name === name);
}

/** The sum of a number over its labels, such as over all sources; undefined where the server does not count it. */
export function totalOf(metrics: readonly Metric[], name: string): number | undefined {
  const found = named(metrics, name);
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

/** How fast a counter grows, a second; undefined before the second sample and after a restart. */
export function rateOf(now: Sample, before: Sample | undefined, name: string): number | undefined {
  const [value, past] = [totalOf(now.metrics, name), before && totalOf(before.metrics, name)];
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  if (value === undefined || past === undefined || value < past || seconds <= 0) return undefined;
  return (value - past) / seconds;
}

/** The sources a number is not 0 of, for the sentence that names them. */
export function sourcesWith(metrics: readonly Metric[], name: string): string[] {
  return named(metrics, name).flatMap(({ value, labels }) =>
    value > 0 && labels["source"] !== undefined ? [labels["source"]] : [],
  );
}

/** 1,536 → `1.5 KiB`. */
export function bytesText(bytes: number, fixed: (value: number, decimals: number) => string): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${fixed(bytes / 1024 ** power, power === 0 ? 0 : 1)} ${units[power]}`;
}
