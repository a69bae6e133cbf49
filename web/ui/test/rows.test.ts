import { type TagDesc, TagStore } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { summarise } from "../src/live/summary.js";
import { countBad } from "../src/sources/states.js";
import { defaultPens } from "../src/tags/default-pens.js";
import { makeFilter } from "../src/tags/filter.js";
import { findSlots, layOut, type RowQuery } from "../src/tags/rows.js";

const kQuery: RowQuery = {
  filter: undefined,
  show: "all",
  group: "none",
  sort: "name",
  descending: false,
  collapsed: new Set(),
  locale: "en",
};

function makeStore(tags: readonly (Partial<TagDesc> & { n: string })[]): TagStore {
  const store = new TagStore(() => {});
  for (const [h, tag] of tags.entries()) store.retain(store.define({ h, ty: "f64", src: "sim", ...tag }));
  return store;
}

function names(store: TagStore, query: Partial<RowQuery>): string[] {
  return findSlots(store, { ...kQuery, ...query }).map((slot) => store.describe(slot).n);
}

describe("makeFilter", () => {
  const tag: TagDesc = {
    h: 0,
    n: "Plant.Unit1.TI-101",
    ty: "f64",
    src: "s",
    d: { en: "Top temperature", zh: "塔顶温度" },
  };
  it.each([
    ["", true],
    ["  ", true],
    ["ti-101", true],
    ["unit1 top", true],
    ["塔顶", true],
    ["unit1 bottom", false],
    ["*", false],
    ["**", true],
    ["Plant.**", true],
    ["plant.*.ti-*", true],
    ["Plant.*", false],
    ["**.TI-101", true],
    ["Plant.**.TI-101", true],
    ["Plant.Unit1.**.TI-101", true],
    ["*.TI-101", false],
    ["Plant.Unit1.TI.101*", false],
    ["(", false],
  ])("%j finds it: %s", (query, found) => {
    expect(makeFilter(query)?.(tag) ?? true).toBe(found);
  });

  it("takes a query with spaces as one pattern too", () => {
    const spaced: TagDesc = { h: 0, n: "Bucket Brigade.Int1", ty: "i8", src: "s" };
    expect(makeFilter("Bucket Brigade.*")?.(spaced)).toBe(true);
    expect(makeFilter("Bucket Brigade.Real*")?.(spaced)).toBe(false);
  });
});

describe("findSlots", () => {
  it("sorts numbers in names by their size, and live columns by their values", () => {
    const store = makeStore([{ n: "T10" }, { n: "T9" }, { n: "T1", ty: "str" }]);
    store.apply(
      [
        [0, 5],
        [1, 7],
        [2, "x"],
      ],
      0,
    );
    expect(names(store, {})).toEqual(["T1", "T9", "T10"]);
    expect(names(store, { descending: true })).toEqual(["T10", "T9", "T1"]);
    expect(names(store, { sort: "value" })).toEqual(["T10", "T9", "T1"]);
  });

  it("finds what needs attention", () => {
    const lim = { l: 10, h: 90, hh: 95 };
    const store = makeStore([
      { n: "ok", lim },
      { n: "high", lim },
      { n: "bad", lim },
      { n: "unsure" },
      { n: "old", src: "plc" },
    ]);
    store.apply(
      [
        [0, 50],
        [1, 96],
        [2, 99, 0, 0x8031_0000],
        [3, 1, 0, 0x4090_0000],
        [4, 1],
      ],
      0,
    );
    store.setSourceState({ n: "plc", kind: "opcua", state: "stale", since: 0 });
    expect(names(store, { show: "bad" })).toEqual(["bad"]);
    expect(names(store, { show: "limit" })).toEqual(["high"]);
    expect(names(store, { show: "uncertain" })).toEqual(["unsure"]);
    expect(names(store, { show: "stale" })).toEqual(["old"]);
    expect(names(store, { sort: "quality" })).toEqual(["bad", "old", "unsure", "high", "ok"]);
    expect(summarise(store)).toEqual({
      tags: 5,
      bad: 1,
      uncertain: 1,
      stale: 1,
      limit: 1,
      critical: 1,
      simulated: 0,
    });
  });

  it("leaves out tags that no subscription holds", () => {
    const store = makeStore([{ n: "A" }, { n: "B" }]);
    store.release(0);
    expect(names(store, {})).toEqual(["B"]);
  });
});

describe("layOut", () => {
  const store = makeStore([
    ...["a", "b", "c", "d", "e", "f"].map((leaf) => ({ n: `Random.${leaf}` })),
    { n: "Plant.U1.FIC-1.PV", u: "m³/h" },
    { n: "Plant.U1.FIC-1.Mode" },
    { n: "Plant.U1.TI-1.PV", u: "°C" },
    { n: "Plant.U1.TI-2.PV", u: "°C" },
    { n: "Plant.U1.LI-1", u: "%" },
    { n: "Plant.U1.LI-2", u: "%" },
    { n: "@Clients" },
  ]);
  const rows = (query: Partial<RowQuery>) => {
    const whole = { ...kQuery, group: "path", ...query } as RowQuery;
    return layOut(store, findSlots(store, whole), whole).map((row) =>
      row.kind === "group" ? `${row.key} (${row.count})${row.collapsed ? " +" : ""}` : `  ${row.label}`,
    );
  };

  it("puts small groups into the one above, and process values first", () => {
    expect(rows({})).toEqual([
      "Plant.U1 (6)",
      "  FIC-1.Mode",
      "  FIC-1.PV",
      "  LI-1",
      "  LI-2",
      "  TI-1.PV",
      "  TI-2.PV",
      " (1)",
      "  @Clients",
      "Random (6)",
      "  a",
      "  b",
      "  c",
      "  d",
      "  e",
      "  f",
    ]);
  });

  it("leaves out the rows of collapsed groups", () => {
    expect(rows({ collapsed: new Set(["Plant.U1", "Random"]) })).toEqual([
      "Plant.U1 (6) +",
      " (1)",
      "  @Clients",
      "Random (6) +",
    ]);
  });

  it("shows whole paths below sources and in a flat table", () => {
    expect(rows({ group: "source" }).slice(0, 2)).toEqual(["sim (13)", "  @Clients"]);
    expect(rows({ group: "none" })).toHaveLength(13);
  });
});

describe("defaultPens", () => {
  it("takes measurements of different units", () => {
    const store = makeStore([
      { n: "Text", ty: "str", u: "x" },
      { n: "Plain" },
      { n: "T1", u: "°C", eu: [0, 1] },
      { n: "T2", u: "°C", eu: [0, 1] },
      { n: "F", u: "m³/h", eu: [0, 1] },
      { n: "L", u: "%", eu: [0, 1] },
    ]);
    expect(defaultPens(store)).toEqual(["T1", "F", "L"]);
    expect(defaultPens(makeStore([{ n: "A" }, { n: "B" }, { n: "C" }]))).toEqual(["A", "B"]);
    expect(defaultPens(makeStore([{ n: "A", ty: "str" }]))).toEqual([]);
  });
});

describe("countBad", () => {
  it("counts the Bad tags of each source", () => {
    const store = makeStore([{ n: "A" }, { n: "B", src: "plc" }, { n: "C", src: "plc" }, { n: "D" }]);
    store.apply(
      [
        [0, 1],
        [1, 1, 0, 0x8031_0000],
        [2, 1, 0, 0x8031_0000],
      ],
      0,
    );
    expect([...countBad(store)]).toEqual([["plc", 2]]);
  });
});
