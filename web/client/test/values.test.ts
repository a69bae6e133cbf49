import { describe, expect, it } from "vitest";
import { DecodeError, decodeValue, type ValueType } from "../src/index.js";

describe("decodeValue", () => {
  const good: [ValueType, unknown, unknown][] = [
    ["bool", true, true],
    ["i8", -128, -128],
    ["u32", 4_294_967_295, 4_294_967_295],
    ["i64", 9_007_199_254_740_991, 9_007_199_254_740_991],
    ["i64", "-9223372036854775808", -9_223_372_036_854_775_808n],
    ["u64", "18446744073709551615", 18_446_744_073_709_551_615n],
    ["f64", 92.1, 92.1],
    ["f64", "NaN", Number.NaN],
    ["f32", "-Infinity", Number.NEGATIVE_INFINITY],
    ["str", "pump", "pump"],
    ["time", 1_795_404_647_367, 1_795_404_647_367],
    ["bytes", "AQL/", Uint8Array.of(1, 2, 255)],
    ["bytes", "", new Uint8Array()],
    ["nodeid", "ns=2;s=Boiler.Level", "ns=2;s=Boiler.Level"],
    ["status", 2_156_658_688, 2_156_658_688],
    ["ltext", { locale: "zh", text: "泵" }, { locale: "zh", text: "泵" }],
    ["struct", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    ["f64", [1, "NaN", 3], [1, Number.NaN, 3]],
    [
      "i16",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["f64", null, null],
  ];
  it.each(good)("%s %j", (type, raw, value) => {
    expect(decodeValue(type, raw)).toEqual(value);
  });

  const bad: [ValueType, unknown][] = [
    ["bool", 1],
    ["u8", 256],
    ["i32", 1.5],
    ["u64", "-1"],
    ["u64", -1],
    ["u64", "18446744073709551616"],
    ["i64", "9223372036854775808"],
    ["i64", "12x"],
    ["f64", "nan"],
    ["f64", true],
    ["str", 5],
    ["bytes", "***"],
    ["time", "yesterday"],
    ["ltext", "x"],
    ["i16", [1, "2"]],
  ];
  it.each(bad)("refuses %s %j", (type, raw) => {
    expect(() => decodeValue(type, raw)).toThrow(DecodeError);
  });

  it("passes on what describes itself, and says when a type is unknown", () => {
    for (const type of ["struct", "dv", "variant", "diag"] as const) {
      expect(decodeValue(type, { x: 1 })).toEqual({ x: 1 });
    }
    expect(() => decodeValue("f128" as ValueType, 1)).toThrow(/older than the server/);
  });
});
