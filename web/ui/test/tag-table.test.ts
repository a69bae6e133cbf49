import type { TagDesc, TagStore } from "@tagwire/client";
import { Quality } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { kColumns, layoutOf, withoutRoom } from "../src/tags/columns.js";
import { tableOf } from "../src/tags/csv.js";

describe("the columns of the table", () => {
  const tracks = (template: string) => template.match(/minmax\([^)]*\)|\S+/g) ?? [];

  it.each([400, 800, 950, 1_100, 1_400])("have a track each at %d px", (width) => {
    const { template, absent } = layoutOf(width, false, []);
    expect(tracks(template)).toHaveLength(kColumns.length - absent.length);
  });

  it("go where there is no room, and where the reader does without", () => {
    expect(layoutOf(1_400, true, []).absent).toEqual([]);
    expect(layoutOf(1_300, true, []).absent).toEqual(["time"]);
    expect(layoutOf(800, true, []).absent).toEqual(["description", "time", "range", "spark"]);
    expect(layoutOf(1_400, true, ["unit", "spark"]).absent).toEqual(["unit", "spark"]);
  });

  it("have no room though the reader wants them, as long as the table is narrow", () => {
    expect(withoutRoom(1_400, [])).toEqual([]);
    expect(withoutRoom(1_300, [])).toEqual(["time"]);
    expect(withoutRoom(1_300, ["time"])).toEqual([]);
    expect(withoutRoom(800, ["range"])).toEqual(["description", "time", "spark"]);
    expect(withoutRoom(0, []), "not known yet").toEqual([]);
  });
});

describe("the table as a file", () => {
  it("holds what a spreadsheet needs, and no formula", () => {
    const tags: TagDesc[] = [
      { h: 1, n: "A,B", ty: "f64", src: "s", u: "m", eu: [0, 10], lim: { l: 1, h: 9 }, d: 'say "hi"' },
      { h: 2, n: "=1+2", ty: "str", src: "s" },
      { h: 3, n: "Big", ty: "i64", src: "s", dims: [0] },
    ];
    const values = [-1.5, "@SUM(A1)", [1n, 2n]];
    const store = {
      describe: (slot: number) => tags[slot],
      value: (slot: number) => values[slot],
      status: () => 0,
      quality: () => Quality.Good,
      time: (slot: number) => (slot === 1 ? Number.NaN : 0),
    };
    const text = tableOf(store as unknown as TagStore, [0, 1, 2], (slot) => String(tags[slot]?.d ?? ""));
    expect(text.startsWith("\uFEFFtag,description,value,")).toBe(true);
    expect(text.slice(1).trimEnd().split("\r\n").slice(1)).toEqual([
      '"A,B","say ""hi""",-1.5,m,good,Good,1970-01-01T00:00:00.000Z,s,0,10,,1,9,',
      "'=1+2,,'@SUM(A1),,good,Good,,s,,,,,,",
      'Big,,"[""1"",""2""]",,good,Good,1970-01-01T00:00:00.000Z,s,,,,,,',
    ]);
  });
});
