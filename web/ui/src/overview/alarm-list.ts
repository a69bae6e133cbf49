/** The alarms that matter most just now, from all there are. */
import { Quality, type TagDesc, type TagStore } from "@tagwire/client";
import {
  type Condition,
  isStanding,
  type Priority,
  priorityOfLimit,
  priorityOfSeverity,
} from "../live/alarms.js";
import { beyondLimit, type LimitLevel } from "../live/limits.js";

export type Alarm =
  | {
      readonly kind: "limit";
      readonly id: string;
      readonly priority: Priority;
      readonly tag: TagDesc;
      readonly value: number;
      readonly level: LimitLevel;
      readonly limit: number;
    }
  | {
      readonly kind: "condition";
      readonly id: string;
      readonly priority: Priority;
      readonly condition: Condition;
    };

/**
 * Alarms by priority; of one priority conditions first, the newest first, then tags by name. At most `most`. `beyond`:
 * how many tags are beyond a limit, where that is known; with none, none of a hundred thousand is looked at.
 */
export function listAlarms(
  store: TagStore,
  conditions: readonly Condition[],
  most: number,
  beyond = Number.POSITIVE_INFINITY,
): { readonly shown: readonly Alarm[]; readonly all: number } {
  const alarms: Alarm[] = conditions
    .filter(isStanding)
    .sort((a, b) => b.ts - a.ts)
    .map((condition) => ({
      kind: "condition",
      id: `${condition.source} ${condition.cond} ${condition.branch ?? ""}`,
      priority: priorityOfSeverity(condition.sev),
      condition,
    }));
  const limits: Extract<Alarm, { kind: "limit" }>[] = [];
  for (let slot = 0; beyond > 0 && slot < store.size; slot++) {
    if (!store.isLive(slot)) continue;
    const quality = store.quality(slot);
    if (quality !== Quality.Good && quality !== Quality.Uncertain) continue;
    const tag = store.describe(slot);
    const value = store.numeric(slot);
    const level = beyondLimit(tag, value);
    const limit = level && tag.lim?.[level];
    if (!level || limit === undefined) continue;
    limits.push({ kind: "limit", id: tag.n, priority: priorityOfLimit(level), tag, value, level, limit });
  }
  const order = new Intl.Collator("en", { numeric: true }).compare;
  alarms.push(...limits.sort((a, b) => order(a.id, b.id)));
  alarms.sort((a, b) => a.priority - b.priority);
  return { shown: alarms.slice(0, most), all: alarms.length };
}
