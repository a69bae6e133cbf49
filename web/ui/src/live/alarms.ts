/**
 * Alarms as the pages rank them: tags beyond their limits, and conditions that sources report. Priority 1 is the
 * most urgent (ISA-18.2).
 */
import type { ShelvingState, SourceCondition } from "@tagwire/client";
import type { LimitLevel } from "./limits.js";

export type Priority = 1 | 2 | 3 | 4;
export const kPriorities: readonly Priority[] = [1, 2, 3, 4];

/** A condition, and the source that reports it. */
export interface Condition extends SourceCondition {
  readonly source: string;
}

export interface AlarmCount {
  /** Alarms that are active, and those that are over but wait to be acknowledged. */
  readonly standing: number;
  readonly unacked: number;
}

export interface AlarmCounts {
  readonly of: Readonly<Record<Priority, AlarmCount>>;
  /** Conditions that an operator has put aside. */
  readonly shelved: number;
}

export function priorityOfLimit(level: LimitLevel): Priority {
  return level === "hh" || level === "ll" ? 1 : 2;
}

/** Severities in the ranges of OPC 10000-9, 5.5.2: high, medium high, medium, and everything below. */
export function priorityOfSeverity(severity: number): Priority {
  if (severity > 800) return 1;
  if (severity > 600) return 2;
  return severity > 400 ? 3 : 4;
}

export function isShelved(condition: { readonly shelving?: ShelvingState }): boolean {
  return condition.shelving === "timed" || condition.shelving === "one_shot";
}

/** Whether a condition asks for attention: active or not acknowledged, and nobody decided that it shall not. */
export function isStanding(condition: SourceCondition): boolean {
  if (!condition.enabled || condition.suppressed || condition.outOfService || isShelved(condition))
    return false;
  return condition.active === true || condition.acked === false;
}

/** `limits`: tags beyond a limit, and how many of them beyond the outer one. */
export function countAlarms(
  limits: { readonly limit: number; readonly critical: number },
  conditions: readonly SourceCondition[],
): AlarmCounts {
  const of = {
    1: { standing: limits.critical, unacked: 0 },
    2: { standing: limits.limit - limits.critical, unacked: 0 },
    3: { standing: 0, unacked: 0 },
    4: { standing: 0, unacked: 0 },
  };
  let shelved = 0;
  for (const condition of conditions) {
    if (isShelved(condition)) shelved++;
    if (!isStanding(condition)) continue;
    const count = of[priorityOfSeverity(condition.sev)];
    count.standing++;
    if (condition.acked === false) count.unacked++;
  }
  return { of, shelved };
}
