import type { TagDesc } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { bodyOf, readDashboard } from "../src/dashboards/model.js";
import { checkScreen } from "../src/screens/document/check.js";
import { bytesPerSecond, bytesText } from "../src/tagset/budget.js";
import { codeOf, requestedTags } from "../src/tagset/code-of.js";
import { dashboardOf } from "../src/tagset/dashboard-of.js";
import { kMostElements, screenOf } from "../src/tagset/screen-of.js";
import { commonLevel, showingOf } from "../src/tagset/tile-kinds.js";

function tag(n: string, change: Partial<TagDesc> = {}): TagDesc {
  return { h: 1, n, ty: "f64", src: "plc", ...change };
}

const kMixed: readonly TagDesc[] = [
  tag("L.Flow", { eu: [0, 100] }),
  tag("L.Count", { ty: "u32" }),
  tag("L.Running", { ty: "bool" }),
  tag("L.Mode", { ty: "u32", en: { "0": "Manual", "1": "Automatic" } }),
  tag("L.Batch", { ty: "str" }),
  tag("L.Profile", { dims: [0] }),
  tag("L.Recipe", { ty: "struct" }),
];
const kMany = Array.from({ length: 5_000 }, (_, i) => tag(`L.T${i}`));

describe("what shows a tag", () => {
  it("follows its type", () => {
    expect(kMixed.map(showingOf)).toEqual(["scale", "line", "switch", "reading", "reading", "rows", "rows"]);
  });

  it("is called after the level that all share", () => {
    expect(commonLevel(["A.B.C", "A.B.D.E"])).toBe("A.B");
    expect(commonLevel(["A.B", "C.D"])).toBe("");
    expect(commonLevel(["A.B.C"])).toBe("A.B");
    expect(commonLevel([])).toBe("");
  });
});

describe("a dashboard of tags", () => {
  it("has a tile for each, and a trend of what is measured", () => {
    const { dashboard, left } = dashboardOf(kMixed, "L");
    expect(left).toBe(0);
    expect(dashboard.tiles.map(({ kind }) => kind)).toEqual([
      "gauge",
      "sparkline",
      "lamp",
      "value",
      "value",
      "table",
      "table",
      "trend",
    ]);
    expect(dashboard.tiles.at(-1)?.tags).toEqual(["L.Flow", "L.Count"]);
  });

  it("has tables for many, and tells what did not fit", () => {
    const { dashboard, left } = dashboardOf(kMany, "L".repeat(300));
    const tables = dashboard.tiles.slice(1);
    expect(tables).toHaveLength(72);
    expect(left).toBe(kMany.length - 72 * 20);
    expect(new Set(tables.flatMap(({ tags }) => tags)).size).toBe(72 * 20);
  });

  it.each([[kMixed], [kMany], [[]]])("is one that the page reads again", (tags) => {
    const { dashboard } = dashboardOf(tags, "L");
    const read = readDashboard(JSON.parse(JSON.stringify(bodyOf(dashboard))));
    expect(read?.strange).toBe(0);
    expect(read?.dashboard).toEqual(dashboard);
  });
});

describe("a screen of tags", () => {
  it.each([[kMixed], [kMany]])("is one that the page reads again", (tags) => {
    const { screen, left } = screenOf(tags, "L");
    const checked = checkScreen(JSON.parse(JSON.stringify(screen)));
    expect(checked.ok ? [] : checked.problems).toEqual([]);
    expect(left).toBe(Math.max(0, tags.length - kMostElements));
    const bound = new Set(screen.elements.flatMap(({ bind }) => [bind?.value?.tag, bind?.state?.tag]));
    for (const { n } of tags.slice(0, kMostElements)) expect(bound).toContain(n);
    for (const { x, y, width, height } of screen.elements) {
      expect(x + width).toBeLessThanOrEqual(screen.width);
      expect(y + height).toBeLessThanOrEqual(screen.height);
    }
  });
});

describe("code for tags", () => {
  const kWords = { latest: "latest", changes: "changes" };
  const kBase = "http://127.0.0.1:5000/";

  it("names exactly these", () => {
    const few = ["A.B.C", "A.B.D"];
    expect(requestedTags(few, few, "A.B")).toEqual(few);
    const many = kMany.map(({ n }) => n);
    expect(requestedTags(many, [...many, "M.X"], "L")).toEqual(["L.**"]);
    expect(requestedTags(many, [...many, "L.Other"], "L")).toEqual(many);
  });

  it("survives every sign in a name", () => {
    const name = `It's "a" $(tag) \\ %41, 阀`;
    expect(codeOf("curl", kBase, [name], kWords)).toContain(`'tags=It'\\''s "a" $(tag) \\ %41* 阀'`);
    for (const language of ["javascript", "python"] as const) {
      expect(codeOf(language, kBase, [name], kWords)).toContain(String.raw`"It's \"a\" $(tag) \\ %41* 阀"`);
    }
  });
});

describe("what tags cost", () => {
  const fixed = (value: number, decimals: number) => value.toFixed(decimals);

  it("is told in kilobytes", () => {
    expect(bytesText(bytesPerSecond(5), fixed)).toBe("0.1 kB");
    expect(bytesText(12_000, fixed)).toBe("12 kB");
    expect(bytesText(1_200_000, fixed)).toBe("1.2 MB");
  });
});
