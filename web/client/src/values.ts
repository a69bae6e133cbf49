/**
 * Values as they travel in rows, turned into JavaScript values by the tag's type (docs of `tagwire.v1`, "Values").
 */
import type { ValueType } from "./generated/protocol.js";

export interface LocalizedText {
  readonly locale: string;
  readonly text: string;
}

/**
 * - numbers: all integers that fit, all floats, `time` (milliseconds since 1970), `status`
 * - bigint: an `i64`/`u64` beyond ±2^53
 * - Uint8Array: `bytes`
 * - LocalizedText: `ltext`
 * - an object: a structure (or `{ opaque: reason }` where the server could not decode it)
 */
export type TagValue = null | boolean | number | bigint | string | Uint8Array | object | readonly TagValue[];

export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

type Decoder = (raw: unknown) => TagValue;

function wrong(type: string, raw: unknown): never {
  throw new DecodeError(`not a value of type ${type}: ${JSON.stringify(raw)?.slice(0, 80)}`);
}

function integer(type: string, low: number, high: number): Decoder {
  return (raw) =>
    typeof raw === "number" && Number.isInteger(raw) && raw >= low && raw <= high ? raw : wrong(type, raw);
}

function wideInteger(type: string, low: bigint, high: bigint): Decoder {
  return (raw) => {
    if (typeof raw === "number" && Number.isSafeInteger(raw) && BigInt(raw) >= low) return raw;
    if (typeof raw !== "string" || !/^-?\d{1,20}$/.test(raw)) return wrong(type, raw);
    const wide = BigInt(raw);
    return wide >= low && wide <= high ? wide : wrong(type, raw);
  };
}

const kNonFinite: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function float(type: string): Decoder {
  return (raw) => (typeof raw === "number" ? raw : (kNonFinite.get(raw) ?? wrong(type, raw)));
}

function text(type: string): Decoder {
  return (raw) => (typeof raw === "string" ? raw : wrong(type, raw));
}

function bytes(raw: unknown): TagValue {
  if (typeof raw !== "string") return wrong("bytes", raw);
  try {
    return Uint8Array.from(atob(raw), (char) => char.charCodeAt(0));
  } catch {
    return wrong("bytes", raw);
  }
}

function localizedText(raw: unknown): TagValue {
  if (typeof raw !== "object" || raw === null) return wrong("ltext", raw);
  const { locale, text: words } = raw as Record<string, unknown>;
  if (typeof words !== "string") return wrong("ltext", raw);
  return { locale: typeof locale === "string" ? locale : "", text: words } satisfies LocalizedText;
}

function anything(raw: unknown): TagValue {
  return raw as TagValue;
}

const kDecoders: Record<ValueType, Decoder> = {
  bool: (raw) => (typeof raw === "boolean" ? raw : wrong("bool", raw)),
  i8: integer("i8", -128, 127),
  u8: integer("u8", 0, 255),
  i16: integer("i16", -32_768, 32_767),
  u16: integer("u16", 0, 65_535),
  i32: integer("i32", -2_147_483_648, 2_147_483_647),
  u32: integer("u32", 0, 4_294_967_295),
  i64: wideInteger("i64", -(2n ** 63n), 2n ** 63n - 1n),
  u64: wideInteger("u64", 0n, 2n ** 64n - 1n),
  f32: float("f32"),
  f64: float("f64"),
  str: text("str"),
  time: integer("time", -8.64e15, 8.64e15),
  guid: text("guid"),
  bytes,
  xml: text("xml"),
  nodeid: text("nodeid"),
  xnodeid: text("xnodeid"),
  status: integer("status", 0, 4_294_967_295),
  qname: text("qname"),
  ltext: localizedText,
  struct: anything,
  dv: anything,
  variant: anything,
  diag: anything,
};

/**
 * The value `raw` of a row of a tag of type `type`. Arrays of any depth are decoded element by element; `null`
 * means that the tag has no value. Throws DecodeError when `raw` does not fit the type.
 */
export function decodeValue(type: ValueType, raw: unknown): TagValue {
  if (raw === null) return null;
  if (Array.isArray(raw)) return raw.map((element) => decodeValue(type, element));
  const decode = kDecoders[type];
  if (!decode) throw new DecodeError(`unknown type ${type}: this client is older than the server`);
  return decode(raw);
}
