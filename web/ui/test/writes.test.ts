import type { Session, TagDesc, ValueType } from "@tagwire/client";
import { WriteError } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { Formatter } from "../src/live/format.js";
import { en } from "../src/writes/i18n/en.js";
import { boundsOf, fieldOf, inputKindOf, parseInput } from "../src/writes/input.js";
import { type Held, Momentary } from "../src/writes/momentary.js";
import { outcomeOf, problemText, reasonOf } from "../src/writes/outcome.js";
import { pressed } from "../src/writes/pressed.js";
import { rightTo } from "../src/writes/right.js";

const tagOf = (ty: ValueType, more: Partial<TagDesc> = {}): TagDesc => ({
  h: 1,
  n: "Line.Speed",
  ty,
  src: "plc",
  rw: "rw",
  ...more,
});
const valueIn = (tag: TagDesc, text: string) => {
  const typed = parseInput(tag, text);
  return typed.ok ? typed.value : typed.problem.why;
};

describe("what is typed for a tag", () => {
  it("is of the type of the tag, exactly", () => {
    expect(valueIn(tagOf("f64"), " 55.5 ")).toBe(55.5);
    expect(valueIn(tagOf("f64"), "−3,25")).toBe(-3.25);
    expect(valueIn(tagOf("i16"), "32767")).toBe(32_767);
    expect(valueIn(tagOf("i64"), "9007199254740993")).toBe(9_007_199_254_740_993n);
    expect(valueIn(tagOf("bool"), "1")).toBe(true);
    expect(valueIn(tagOf("bool"), "false")).toBe(false);
    expect(valueIn(tagOf("str"), " as it is ")).toBe(" as it is ");
  });

  it("is refused where it is none", () => {
    expect(valueIn(tagOf("f64"), "")).toBe("empty");
    expect(valueIn(tagOf("f64"), "12 bar")).toBe("notNumber");
    expect(valueIn(tagOf("f64"), "Infinity")).toBe("notNumber");
    expect(valueIn(tagOf("f32"), "1e39")).toBe("tooHigh");
    expect(valueIn(tagOf("i32"), "1.5")).toBe("notWhole");
    expect(valueIn(tagOf("u8"), "-1")).toBe("tooLow");
    expect(valueIn(tagOf("u64"), "18446744073709551616")).toBe("tooHigh");
    expect(valueIn(tagOf("bool"), "yes")).toBe("notBoolean");
    expect(valueIn(tagOf("u8", { en: { 1: "On" } }), "2")).toBe("notOneOf");
    expect(valueIn(tagOf("str"), "x".repeat(10_001))).toBe("tooLong");
    expect(valueIn(tagOf("f64", { dims: [3] }), "1")).toBe("notTyped");
  });

  it("lies within the range and the outermost limits, the ends included", () => {
    const tag = tagOf("f64", { eu: [0, 100], lim: { ll: 5, h: 80, hh: 90 } });
    expect(boundsOf(tag)).toEqual({ low: 5, high: 90 });
    expect([valueIn(tag, "5"), valueIn(tag, "90")]).toEqual([5, 90]);
    expect([valueIn(tag, "4.9"), valueIn(tag, "90.1")]).toEqual(["tooLow", "tooHigh"]);
    expect(boundsOf(tagOf("f64"))).toEqual({ low: undefined, high: undefined });
    expect(problemText({ why: "tooHigh", bound: 90 }, en, String)).toBe("The highest value is 90.");
  });

  it("takes a field that fits the type", () => {
    expect(inputKindOf(tagOf("f32"))).toBe("number");
    expect(inputKindOf(tagOf("i32", { en: { 0: "Off" } }))).toBe("choice");
    expect(inputKindOf(tagOf("bool"))).toBe("boolean");
    expect(inputKindOf(tagOf("struct"))).toBeUndefined();
    expect([fieldOf(5), fieldOf(undefined), fieldOf({} as never)]).toEqual(["5", "", ""]);
  });
});

describe("whether somebody may write", () => {
  const session = (more: Partial<Session>): Session => ({
    kind: "user",
    user: "bob",
    role: "operator",
    read: ["**"],
    write: ["Line.*"],
    csrf: "x",
    expires: null,
    users: true,
    setUp: false,
    may: ["ReadTag", "WriteTag"],
    ...more,
  });
  const live = { name: "live" } as never;

  it("depends on tag, person and connection, in this order", () => {
    const tag = tagOf("f64");
    expect(rightTo(tag, session({}), live)).toBe("may");
    expect(rightTo(tagOf("f64", { rw: "r" }), session({}), live)).toBe("none");
    expect(rightTo(tag, undefined, live)).toBe("none");
    expect(rightTo(tag, session({ kind: "anonymous", user: "" }), live)).toBe("login");
    expect(rightTo(tag, session({ may: ["ReadTag"] }), live)).toBe("role");
    expect(rightTo(tag, session({ write: ["Other.**"] }), live)).toBe("tag");
    expect(rightTo(tag, session({ write: [] }), live)).toBe("tag");
    expect(rightTo(tag, session({}), { name: "idle" })).toBe("disconnected");
  });
});

describe("what came of a write", () => {
  const format = new Formatter("en");
  const tag = tagOf("f64", { dp: 1, u: "bar" });
  const outcome = (status: number, value: number | null, message = "") =>
    outcomeOf({ tag: "Line.Speed", status, value, message }, tag, format, en, "en");

  it("is told with the value that was read back", () => {
    expect(outcome(0, 55.5)).toEqual({ ok: true, text: "Written. The device says 55.5 bar." });
    expect(outcome(0, null)).toEqual({ ok: true, text: en.doneUnread });
    expect(outcome(0, 50, "The device made 50 of it.").text).toMatch(/50\.0 bar\. The device made/);
  });

  it("is told where the device or a rule refused it", () => {
    const { ok, text } = outcome(0x803c_0000, null, "120 lies beyond the tag's highest value");
    expect(ok).toBe(false);
    expect(text).toMatch(/^Not written: .*120 lies beyond/);
  });

  it("does not claim to know where the connection was lost", () => {
    expect(reasonOf(new WriteError("lost", "?", true), en)).toBe(en.unknown);
    expect(reasonOf(new WriteError("not_connected", "?", true), en)).toBe(en.rights.disconnected);
    expect(reasonOf(new WriteError("forbidden", "viewers do not write", false), en)).toMatch(
      /viewers do not/,
    );
  });
});

describe("a button that is held", () => {
  it("presses once and lets go once", () => {
    const log: string[] = [];
    let may = true;
    const held: Held = { release: () => log.push("release") };
    const button = new Momentary({
      press: () => {
        if (!may) return undefined;
        log.push("press");
        return held;
      },
      held: (now) => log.push(now ? "held" : "free"),
    });
    expect(button.press()).toBe(true);
    expect(button.press()).toBe(true);
    button.release();
    button.release();
    expect(log).toEqual(["press", "held", "release", "free"]);
    may = false;
    expect([button.press(), button.isHeld]).toEqual([false, false]);
    button.release();
    expect(log).toHaveLength(4);
  });

  it("writes the values that it is set up with", () => {
    const asked: unknown[] = [];
    const client = { press: (...all: unknown[]) => asked.push(all) } as never;
    expect(pressed(client, tagOf("bool"), "", "", en)).toHaveProperty("button");
    expect(pressed(client, tagOf("f64"), "2.5", "0", en)).toHaveProperty("button");
    expect(asked).toEqual([
      ["Line.Speed", true, false],
      ["Line.Speed", 2.5, 0],
    ]);
    expect(pressed(client, tagOf("bool"), "fast", "0", en)).toEqual({
      problem: "This button is not set up rightly: Only true and false can be written.",
    });
    expect(asked).toHaveLength(2);
  });
});
