/** What somebody types to be written to a tag: which kind of field it takes, and which value the text says. */
import type { TagDesc, TagValue, ValueType } from "@tagwire/client";

export type InputKind = "number" | "boolean" | "choice" | "text";

/** Whole numbers with their bounds, as exact as those of 64 bits are. */
const kWhole: Partial<Record<ValueType, readonly [bigint, bigint]>> = {
  i8: [-128n, 127n],
  u8: [0n, 255n],
  i16: [-32_768n, 32_767n],
  u16: [0n, 65_535n],
  i32: [-2_147_483_648n, 2_147_483_647n],
  u32: [0n, 4_294_967_295n],
  i64: [-(1n << 63n), (1n << 63n) - 1n],
  u64: [0n, (1n << 64n) - 1n],
};
const kLongestText = 10_000;
/** Largest that an f32 can hold. */
const kLargestF32 = 3.4028234663852886e38;

/** Undefined: values of this tag cannot be typed here; programs can write them. */
export function inputKindOf(tag: TagDesc): InputKind | undefined {
  if (tag.dims) return undefined;
  if (tag.ty === "bool") return "boolean";
  if (kWhole[tag.ty]) return tag.en ? "choice" : "number";
  if (tag.ty === "f32" || tag.ty === "f64") return "number";
  return tag.ty === "str" ? "text" : undefined;
}

/** Whether only whole numbers can be written. */
export function isWhole(tag: TagDesc): boolean {
  return kWhole[tag.ty] !== undefined;
}

/** What the server lets through: the range of the tag and its outermost limits. */
export function boundsOf(tag: TagDesc): {
  readonly low: number | undefined;
  readonly high: number | undefined;
} {
  const low = [tag.eu?.[0], tag.lim?.ll].filter((bound) => bound !== undefined);
  const high = [tag.eu?.[1], tag.lim?.hh].filter((bound) => bound !== undefined);
  return {
    low: low.length > 0 ? Math.max(...low) : undefined,
    high: high.length > 0 ? Math.min(...high) : undefined,
  };
}

/** Why a text is no value for the tag. `bound`: the one that it is beyond. */
export type InputProblem =
  | { readonly why: "empty" | "notNumber" | "notWhole" | "notBoolean" | "notOneOf" | "tooLong" | "notTyped" }
  | { readonly why: "tooLow" | "tooHigh"; readonly bound: number };

export type Typed =
  | { readonly ok: true; readonly value: TagValue }
  | { readonly ok: false; readonly problem: InputProblem };

const refused = (problem: InputProblem): Typed => ({ ok: false, problem });
const taken = (value: TagValue): Typed => ({ ok: true, value });

/** A comma is taken for a decimal point, and the true minus that the page shows for a minus. */
function plain(text: string): string {
  return text.trim().replace("\u2212", "-").replace(",", ".");
}

function beyond(tag: TagDesc, value: number | bigint): InputProblem | undefined {
  const { low, high } = boundsOf(tag);
  if (low !== undefined && value < low) return { why: "tooLow", bound: low };
  if (high !== undefined && value > high) return { why: "tooHigh", bound: high };
  return undefined;
}

function wholeIn(tag: TagDesc, text: string, [least, most]: readonly [bigint, bigint]): Typed {
  if (!/^[+-]?\d+$/.test(text))
    return refused({ why: Number.isFinite(Number(text)) ? "notWhole" : "notNumber" });
  const value = BigInt(text.replace("+", ""));
  if (value < least) return refused({ why: "tooLow", bound: Number(least) });
  if (value > most) return refused({ why: "tooHigh", bound: Number(most) });
  const problem = beyond(tag, value);
  if (problem) return refused(problem);
  if (tag.en && !(value.toString() in tag.en)) return refused({ why: "notOneOf" });
  return taken(tag.ty === "i64" || tag.ty === "u64" ? value : Number(value));
}

function realIn(tag: TagDesc, text: string): Typed {
  const value = Number(text);
  if (!Number.isFinite(value)) return refused({ why: "notNumber" });
  if (tag.ty === "f32" && Math.abs(value) > kLargestF32)
    return refused({ why: value < 0 ? "tooLow" : "tooHigh", bound: Math.sign(value) * kLargestF32 });
  const problem = beyond(tag, value);
  return problem ? refused(problem) : taken(value);
}

/** The value that a text says for the tag. */
export function parseInput(tag: TagDesc, text: string): Typed {
  const kind = inputKindOf(tag);
  if (kind === "text") return text.length > kLongestText ? refused({ why: "tooLong" }) : taken(text);
  const typed = plain(text);
  if (kind === undefined) return refused({ why: "notTyped" });
  if (typed === "") return refused({ why: "empty" });
  if (kind === "boolean") {
    if (typed === "true" || typed === "1") return taken(true);
    return typed === "false" || typed === "0" ? taken(false) : refused({ why: "notBoolean" });
  }
  const whole = kWhole[tag.ty];
  return whole ? wholeIn(tag, typed, whole) : realIn(tag, typed);
}

/** As a field shows the value that the tag has; empty where it has none that can be typed. */
export function fieldOf(value: TagValue | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}
