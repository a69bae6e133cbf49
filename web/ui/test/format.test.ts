import type { TagDesc, TagValue } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { Formatter, kNoValue } from "../src/live/format.js";

const en = new Formatter("en");
const zh = new Formatter("zh");

function tag(more: Partial<TagDesc> = {}): TagDesc {
  return { h: 1, n: "T", ty: "f64", src: "s", ...more };
}

describe("Formatter.value", () => {
  const cases: [string, Partial<TagDesc>, TagValue, string][] = [
    ["decimals from dp", { dp: 2 }, 78.4, "78.40"],
    ["true minus", { dp: 1 }, -3.25, "\u22123.3"],
    ["decimals from the range", { eu: [0, 150] }, 118.234, "118.2"],
    ["decimals from a small range", { eu: [0, 1] }, 0.5, "0.500"],
    ["integers", { ty: "i32" }, -12_345, "\u221212,345"],
    ["four digits are not grouped", { ty: "u16" }, 1234, "1234"],
    ["nothing known", {}, 123.456, "123.5"],
    ["nothing known, small", {}, 0.5, "0.500"],
    ["very small", {}, 0.000_012, "1.2E\u22125"],
    ["very large", {}, 1.5e12, "1.5E12"],
    ["NaN", {}, Number.NaN, "NaN"],
    ["infinity", {}, Number.NEGATIVE_INFINITY, "\u2212∞"],
    ["no value", {}, null, kNoValue],
    ["bool with labels", { ty: "bool", en: { "0": "Stopped", "1": "Running" } }, true, "Running"],
    ["bool without", { ty: "bool" }, false, "False"],
    ["enumeration", { ty: "i32", en: { "2": "Cascade" } }, 2, "Cascade"],
    ["enumeration without this label", { ty: "i32", en: { "2": "Cascade" } }, 7, "7"],
    ["bigint", { ty: "i64" }, -9_223_372_036_854_775_808n, "\u22129,223,372,036,854,775,808"],
    ["array", { ty: "i32", dims: [0] }, [1, 2, 3, 4, 5, 6, 7], "[7] 1, 2, 3, 4, 5, 6…"],
    ["array of reals", { dims: [0] }, [1.5, -2, 12.34567], "[3] 1.5, \u22122, 12.35"],
    [
      "matrix",
      { ty: "i32", dims: [2, 2] },
      [
        [1, 2],
        [3, 4],
      ],
      "[2×2] 1, 2, 3, 4",
    ],
    ["empty array", { dims: [0] }, [], "[0]"],
    ["structure", { ty: "struct" }, { a: 1 }, '{"a":1}'],
    ["localized text", { ty: "ltext" }, { locale: "zh", text: "液位" }, "液位"],
    ["bytes", { ty: "bytes" }, Uint8Array.of(1, 255), "[2 B] 01 ff"],
    ["status", { ty: "status" }, 0x8031_0000, "0x80310000"],
  ];
  it.each(cases)("%s", (_name, more, value, text) => {
    expect(en.value(tag(more), value).text).toBe(text);
  });

  it("cuts long texts and keeps them whole beside", () => {
    const long = "x".repeat(100);
    const cell = en.value(tag({ ty: "str" }), long);
    expect(cell.text).toHaveLength(48);
    expect(cell.text.endsWith("…")).toBe(true);
    expect(cell.full).toBe(long);
    expect(en.value(tag({ ty: "u64", dims: [0] }), [1, 2, 3, 4, 5, 6, 2n ** 64n - 1n]).full).toBe(
      '[1,2,3,4,5,6,"18446744073709551615"]',
    );
  });

  it("speaks the language of the page", () => {
    expect(zh.value(tag({ ty: "bool" }), true).text).toBe("真");
    const described = tag({ d: { en: "Level", zh: "液位" } });
    expect([en.description(described), zh.description(described)]).toEqual(["Level", "液位"]);
    expect(zh.description(tag({ d: { en: "Level" } }))).toBe("Level");
    expect(zh.description(tag({ d: "Level" }))).toBe("Level");
  });
});

describe("Formatter.age", () => {
  it.each([
    [-5, "< 1 s"],
    [999, "< 1 s"],
    [1_000, "1 s"],
    [119_999, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
    [172_800_000, "2 d"],
    [Number.NaN, "—"],
  ])("%d ms", (ms, text) => {
    expect(en.age(ms)).toBe(text);
  });

  it("has tenths while it is short", () => {
    expect(en.fineAge(140)).toBe("0.1 s");
    expect(en.fineAge(12_000)).toBe("12 s");
    expect(zh.fineAge(140)).toBe("0.1 秒");
  });
});

describe("Formatter.dayFrom", () => {
  const now = new Date(2026, 10, 25, 23, 30).getTime();

  it("counts days of the calendar, not of 24 hours", () => {
    expect(en.dayFrom(now, new Date(2026, 10, 26, 0, 10).getTime())).toBe("tomorrow");
    expect(en.dayFrom(now, new Date(2026, 10, 25, 1).getTime())).toBe("today");
    expect(en.dayFrom(now, new Date(2026, 10, 22, 23, 59).getTime())).toBe("3 days ago");
    expect(en.dayFrom(now, new Date(2026, 11, 7).getTime())).toBe("in 12 days");
    expect(zh.dayFrom(now, new Date(2026, 11, 7).getTime())).toMatch(/^12\s?天后$/);
    expect(en.day(now)).toBe("2026-11-25");
  });
});
