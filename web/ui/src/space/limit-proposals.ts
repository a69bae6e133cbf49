/**
 * Alarm limits that ticked variables would get: those that the server names (OPC 10000-9, LimitAlarmType) are proposed,
 * and whoever adds the tags changes, adds or empties them.
 */
import type { Limits, NodeDetail } from "@tagwire/client";
import type { LimitLevel } from "../live/limits.js";
import { plainName } from "./names.js";

/** From the lowest to the highest, with the browse names of their properties. */
const kLevels = [
  ["ll", "LowLowLimit"],
  ["l", "LowLimit"],
  ["h", "HighLimit"],
  ["hh", "HighHighLimit"],
] as const;
export const kLimitLevels: readonly LimitLevel[] = kLevels.map(([level]) => level);

type Draft = { -readonly [level in LimitLevel]?: number };

/** What stands in the fields, as typed. */
export type LimitTexts = Readonly<Record<LimitLevel, string>>;

export type LimitOrder =
  | { readonly name: "ok"; readonly limits: Limits }
  | { readonly name: "noNumber" | "notRising"; readonly level: LimitLevel };

/** The limits that a variable's own properties name. */
export function limitsOf(properties: readonly NodeDetail[]): Limits {
  const found: Draft = {};
  for (const [level, name] of kLevels) {
    const value = properties.find(({ browseName }) => plainName(browseName) === name)?.value;
    if (typeof value === "number" && Number.isFinite(value)) found[level] = value;
  }
  return found;
}

/** Whether values of this type can be beyond a limit; `type`: as typeText() has it. */
export function canHaveLimits(type: string): boolean {
  return /^(Double|Float|S?Byte|U?Int(16|32|64)|Number|Integer|UInteger|Duration)$/.test(type);
}

export function textsOf(limits: Limits): LimitTexts {
  const text = (level: LimitLevel) => (limits[level] === undefined ? "" : String(limits[level]));
  return { ll: text("ll"), l: text("l"), h: text("h"), hh: text("hh") };
}

/** What was typed as limits; an empty field is none. The first problem, where there is one. */
export function orderOf(texts: LimitTexts): LimitOrder {
  const limits: Draft = {};
  let previous = Number.NEGATIVE_INFINITY;
  for (const level of kLimitLevels) {
    const text = texts[level].trim().replace("−", "-");
    if (text === "") continue;
    const limit = Number(text);
    if (!Number.isFinite(limit)) return { name: "noNumber", level };
    if (limit <= previous) return { name: "notRising", level };
    previous = limit;
    limits[level] = limit;
  }
  return { name: "ok", limits };
}

export function sameLimits(a: Limits, b: Limits): boolean {
  return kLimitLevels.every((level) => a[level] === b[level]);
}
