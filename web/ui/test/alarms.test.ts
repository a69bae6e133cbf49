import { readFile } from "node:fs/promises";
import {
  type LinkState,
  RestError,
  type Session,
  type SourceCondition,
  type TagDesc,
  TagStore,
} from "@tagwire/client";
import { describe, expect, it } from "vitest";
import {
  reasonOf as actReason,
  hasMoved,
  isTooLong,
  kMaxCommentBytes,
  nextStep,
  refusalOf,
  rightToAct,
} from "../src/alarms/acting.js";
import { alarmWords } from "../src/alarms/words.js";
import { type Condition, countAlarms, isStanding, priorityOfSeverity } from "../src/live/alarms.js";
import { ConditionsWatch } from "../src/live/conditions.svelte.js";
import { limitZones, normalBand } from "../src/live/limits.js";
import { summarise } from "../src/live/summary.js";
import { listAlarms } from "../src/overview/alarm-list.js";
import { nameWithin, stateOf, unitsOf } from "../src/overview/units.js";

const kCondition: SourceCondition = {
  cond: "i=1",
  type: "i=2",
  ts: 1000,
  rts: 1000,
  sev: 500,
  text: { text: "Too hot" },
  enabled: true,
  active: true,
  acked: true,
  q: 0,
  can: [],
};

function makeStore(tags: readonly (Partial<TagDesc> & { n: string; v?: number; q?: number })[]): TagStore {
  const store = new TagStore(() => {});
  for (const [h, { v, q, ...tag }] of tags.entries()) {
    store.retain(store.define({ h, ty: "f64", src: "sim", ...tag }));
    if (v !== undefined) store.apply([[h, v, 0, q ?? 0]], 0);
  }
  return store;
}

const kLimits = { ll: 10, l: 20, h: 80, hh: 90 };

describe("alarms", () => {
  it("ranks severities as OPC 10000-9 divides them", () => {
    expect([1000, 801, 800, 601, 600, 401, 400, 1, 0].map(priorityOfSeverity)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 4,
    ]);
  });

  it.each<[string, Partial<SourceCondition>, boolean]>([
    ["an active one", {}, true],
    ["one that is over but waits for somebody", { active: false, acked: false }, true],
    ["one that is over", { active: false }, false],
    ["one put aside", { shelving: "timed" }, false],
    ["one no longer put aside", { shelving: "unshelved" }, true],
    ["a suppressed one", { suppressed: true }, false],
    ["one out of service", { outOfService: true }, false],
    ["a disabled one", { enabled: false }, false],
  ])("stands: %s", (_, change, standing) => {
    expect(isStanding({ ...kCondition, ...change })).toBe(standing);
  });

  it("counts tags beyond limits and conditions together", () => {
    const store = makeStore([
      { n: "A", lim: kLimits, v: 95 },
      { n: "B", lim: kLimits, v: 15 },
      { n: "C", lim: kLimits, v: 50 },
      { n: "D", lim: kLimits, v: 95, q: 0x8000_0000 },
    ]);
    const counts = countAlarms(summarise(store), [
      { ...kCondition, sev: 900, acked: false },
      { ...kCondition, sev: 100 },
      { ...kCondition, sev: 900, shelving: "one_shot" },
    ]);
    expect(counts).toEqual({
      of: {
        1: { standing: 2, unacked: 1 },
        2: { standing: 1, unacked: 0 },
        3: { standing: 0, unacked: 0 },
        4: { standing: 1, unacked: 0 },
      },
      shelved: 1,
    });
  });

  it("lists the most urgent first and says how many there are", () => {
    const store = makeStore([
      { n: "B", lim: kLimits, v: 15 },
      { n: "A", lim: kLimits, v: 85 },
      { n: "C", lim: kLimits, v: 95 },
      { n: "D", lim: kLimits, v: 50 },
    ]);
    const condition = { ...kCondition, source: "plc", sev: 700 };
    const { shown, all } = listAlarms(store, [condition, { ...condition, cond: "i=9", ts: 2000 }], 4);
    expect(all).toBe(5);
    expect(shown.map(({ id, priority }) => [id, priority])).toEqual([
      ["C", 1],
      ["plc i=9 ", 2],
      ["plc i=1 ", 2],
      ["A", 2],
    ]);
    expect(shown[3]).toMatchObject({ level: "h", limit: 80, value: 85 });
  });

  it("asks sources of kinds that have some only, keeps what a silent one told, and forgets one that is gone", async () => {
    let sources = [
      { n: "da", kind: "opcda" as const },
      { n: "plc", kind: "opcua" as const },
    ];
    const asked: string[] = [];
    let fails = false;
    const watch = new ConditionsWatch(
      {
        conditions: async (name) => {
          asked.push(name);
          if (fails) throw new Error("gone");
          return { now: 0, current: true, refused: 0, conditions: [kCondition] };
        },
        actOnCondition: async () => ({ status: 0 }),
      },
      () => sources,
    );
    await watch.read();
    expect(asked).toEqual(["plc"]);
    expect(watch.all).toEqual([{ ...kCondition, source: "plc" }]);
    fails = true;
    await watch.read();
    expect(watch.all).toHaveLength(1);
    sources = sources.slice(0, 1);
    await watch.read();
    expect(watch.all).toEqual([]);
  });
});

describe("acknowledging", () => {
  const live: LinkState = { name: "live", hello: {} as never };
  const condition: Condition = {
    ...kCondition,
    source: "plc",
    name: "Tank1",
    condName: "LevelAlarm",
    id: "aWQ=",
    acked: false,
    can: ["acknowledge", "comment"],
  };
  const session = (more: Partial<Session>): Session => ({
    kind: "user",
    user: "anna",
    role: "operator",
    may: ["AcknowledgeAlarm"],
    read: ["**"],
    write: ["plc.Tank1"],
    csrf: "x",
    expires: null,
    users: true,
    setUp: false,
    ...more,
  });

  it.each<[string, Session | undefined, LinkState, string]>([
    ["an operator", session({}), live, "may"],
    ["somebody else's alarm", session({ write: ["plc.Tank2.**"] }), live, "none"],
    ["a viewer", session({ may: ["ReadTag"] }), live, "none"],
    ["somebody unknown", session({ kind: "anonymous" }), live, "login"],
    ["nobody knows yet", undefined, live, "none"],
    ["without a connection", session({}), { name: "idle" }, "none"],
  ])("is offered to those who may: %s", (_, who, link, right) => {
    expect(rightToAct(condition, who, link)).toBe(right);
  });

  it("comes before confirming", () => {
    expect(nextStep(condition)).toBe("acknowledge");
    expect(nextStep({ ...condition, can: ["confirm", "comment"] })).toBe("confirm");
    expect(nextStep({ ...condition, can: ["comment"] })).toBeUndefined();
    const { id: _, ...without } = condition;
    expect(nextStep(without)).toBeUndefined();
  });

  it("takes as long a comment as the server does", async () => {
    const { structs } = JSON.parse(
      await readFile(new URL("../../../schema/tagwire-v1.json", import.meta.url), "utf8"),
    );
    const field = structs.ConditionOrder.fields.find(({ name }: { name: string }) => name === "comment");
    expect(kMaxCommentBytes).toBe(field.maxLength);
    expect(isTooLong("x".repeat(kMaxCommentBytes))).toBe(false);
    expect(isTooLong("泵".repeat(333))).toBe(false);
    expect(isTooLong("泵".repeat(334))).toBe(true);
  });

  it("names the event that was seen, and says what there is to say", async () => {
    const sent: unknown[] = [];
    const watch = new ConditionsWatch(
      {
        conditions: async () => ({ now: 0, current: true, refused: 0, conditions: [] }),
        actOnCondition: async (...order) => {
          sent.push(order);
          return { status: 0 };
        },
      },
      () => [],
    );
    await watch.act("acknowledge", condition);
    await watch.act("confirm", { ...condition, branch: "i=7" }, "valve replaced");
    await watch.act("confirm", condition, "");
    expect(sent).toEqual([
      ["plc", { step: "acknowledge", cond: "i=1", id: "aWQ=" }],
      ["plc", { step: "confirm", cond: "i=1", branch: "i=7", id: "aWQ=", comment: "valve replaced" }],
      ["plc", { step: "confirm", cond: "i=1", id: "aWQ=" }],
    ]);
  });

  it("says in words what came of it", () => {
    expect(refusalOf({ status: 0 }, alarmWords("en"))).toBeUndefined();
    expect(refusalOf({ status: 0x809a_0000, msg: "changed" }, alarmWords("zh"))).toMatch(/已变化/);
    expect(refusalOf({ status: 0x8003_0000, msg: "no memory" }, alarmWords("zh"))).toBe("no memory");
    const words = alarmWords("en");
    expect(actReason(new RestError(502, "unreachable", "x"), words)).toBe(words.away);
    expect(actReason(new RestError(404, "not_found", "x"), words)).toBe(words.gone);
    expect(actReason(new RestError(503, "overloaded", "try again"), words)).toBe("try again");
    expect(actReason(new TypeError("no network"), words)).toBe("no network");
  });

  it("is seen when the source tells of a newer event or lets it go", () => {
    expect(hasMoved([condition], condition)).toBe(false);
    expect(hasMoved([{ ...condition, id: "bmV3" }], condition)).toBe(true);
    expect(hasMoved([{ ...condition, source: "other" }], condition)).toBe(true);
  });
});

describe("the overview", () => {
  const store = makeStore([
    ...["a", "b", "c", "d", "e"].map((name) => ({ n: `Plant.U1.${name}`, eu: [0, 100] as const, v: 50 })),
    { n: "Plant.U1.best", eu: [0, 100], u: "bar", lim: kLimits, v: 95 },
    { n: "Plant.U1.label", eu: [0, 1], en: { "0": "Off" }, v: 0 },
    { n: "Plant.U1.text", ty: "str" },
    ...["a", "b", "c", "d", "e", "f"].map((name) => ({ n: `Other.${name}`, v: 1, q: 0x8000_0000 })),
  ]);

  it("shows of each unit what has a range, the most telling first", () => {
    const units = unitsOf(store);
    expect(units.map(({ key, slots }) => [key, slots.length])).toEqual([
      ["Other", 6],
      ["Plant.U1", 8],
    ]);
    expect(units[0]?.indicators).toEqual([]);
    expect(units[1]?.indicators.map((slot) => store.describe(slot).n)).toEqual(
      ["best", "a", "b", "c", "d", "e"].map((name) => `Plant.U1.${name}`),
    );
  });

  it("counts what is wrong in a unit", () => {
    const [other, plant] = unitsOf(store);
    expect(stateOf(store, other?.slots ?? [])).toEqual({ bad: 6, stale: 0, limit: 0, critical: 0 });
    expect(stateOf(store, plant?.slots ?? [])).toEqual({ bad: 0, stale: 0, limit: 1, critical: 1 });
  });

  it("calls tags by their names within the unit", () => {
    expect(nameWithin("Plant.U1", "Plant.U1.FIC.PV")).toBe("FIC.PV");
    expect(nameWithin("", "A.B")).toBe("A.B");
  });

  it("divides the scale where the limits are", () => {
    const tag: TagDesc = { h: 0, n: "A", ty: "f64", src: "s", eu: [0, 100], lim: kLimits };
    expect(normalBand(tag)).toEqual([0.2, 0.8]);
    expect(limitZones(tag)).toEqual([
      { level: "ll", from: 0, to: 0.1 },
      { level: "l", from: 0.1, to: 0.2 },
      { level: "h", from: 0.8, to: 0.9 },
      { level: "hh", from: 0.9, to: 1 },
    ]);
    expect(limitZones({ ...tag, lim: { h: 80 } })).toEqual([{ level: "h", from: 0.8, to: 1 }]);
    expect([normalBand({ ...tag, lim: {} }), limitZones({ ...tag, lim: {} })]).toEqual([undefined, []]);
  });
});
