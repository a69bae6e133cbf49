/** Rules of bindings: which state a value stands for, and whether it is one of those meant. */
import type { TagValue } from "@tagwire/client";
import type { EquipmentState } from "../../symbols/symbol.js";
import type { Match, StateRule } from "./types.js";

/** Truth values are 0 and 1 as well: tags of either type fit the same rules. */
export function matches(rule: Match, value: TagValue, numeric: number): boolean {
  if (rule.is !== undefined) {
    if (typeof rule.is === "string") return String(value) === rule.is;
    return numeric === Number(rule.is);
  }
  if (Number.isNaN(numeric)) return false;
  return (
    numeric >= (rule.from ?? Number.NEGATIVE_INFINITY) && numeric <= (rule.to ?? Number.POSITIVE_INFINITY)
  );
}

export function stateOf(rules: readonly StateRule[], value: TagValue, numeric: number): EquipmentState {
  return rules.find((rule) => matches(rule, value, numeric))?.state ?? "unknown";
}
