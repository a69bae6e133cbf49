import { type TagDesc, TagStore } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { demoDashboard } from "../src/dashboards/demo.js";
import { Editor } from "../src/dashboards/editor.svelte.js";
import { Library } from "../src/dashboards/library.svelte.js";
import { Loaded } from "../src/dashboards/loaded.svelte.js";
import {
  asShown,
  bodyOf,
  type Dashboard,
  kColumns,
  kMaxTiles,
  newTile,
  placeFor,
  readDashboard,
  type Tile,
} from "../src/dashboards/model.js";
import { headingOf, titleOf } from "../src/dashboards/titles.js";
import { dashboardWords } from "../src/dashboards/words.js";
import { DocumentConflict, DocumentNotFound } from "../src/documents/api.js";
import { Formatter } from "../src/live/format.js";

function makeStore(tags: readonly (Partial<TagDesc> & { n: string })[]): TagStore {
  const store = new TagStore(() => {});
  for (const [h, tag] of tags.entries()) store.retain(store.define({ h, ty: "f64", src: "s", ...tag }));
  return store;
}

const kTile: Tile = { ...newTile("value", []), tags: ["A.B"] };

function overlapping(tiles: readonly Tile[]): string[] {
  return tiles.flatMap((a, i) =>
    tiles
      .slice(i + 1)
      .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map((b) => `${a.id} ${b.id}`),
  );
}

describe("a dashboard as a document", () => {
  it("is the same after writing and reading", () => {
    const dashboard: Dashboard = {
      title: "Line 1",
      tiles: [
        kTile,
        { ...newTile("gauge", [kTile]), tags: ["A.C"], range: [-5, 5], decimals: 2, title: "C", x: 4 },
        { ...newTile("lamp", []), id: "lamp", tags: ["A.D"], alarm: true, y: 6 },
        { ...newTile("text", []), id: "text", text: "two\nlines" },
        { ...newTile("image", []), id: "image", image: "data:image/png;base64,iVBORw0KGgo=" },
      ],
    };
    const body = JSON.parse(JSON.stringify(bodyOf(dashboard)));
    expect(readDashboard(body)).toEqual({ dashboard, strange: 0 });
    expect(body.tiles[0]).toEqual({ id: "t1", kind: "value", x: 0, y: 0, w: 2, h: 2, tags: ["A.B"] });
  });

  it("is none without a title or with something else than tiles", () => {
    for (const body of [undefined, null, [], {}, { title: 1 }, { title: "" }, { title: "a", tiles: {} }])
      expect(readDashboard(body)).toBeUndefined();
    expect(readDashboard({ title: "a", tiles: new Array(kMaxTiles + 1).fill({}) })).toBeUndefined();
    expect(readDashboard({ title: "a" })).toEqual({ dashboard: { title: "a", tiles: [] }, strange: 0 });
  });

  it.each([
    ["a kind of a later version", { kind: "hologram" }],
    ["a picture of another server", { kind: "image", image: "https://example.com/a.png" }],
    ["a picture that is a page", { kind: "image", image: "data:text/html;base64,PGI+" }],
    ["a place outside the grid", { x: 11, w: 2 }],
    ["a size that is none", { w: 0 }],
    ["half a cell", { y: 0.5 }],
    ["a range upside down", { range: [5, 1] }],
    ["an id that is a path", { id: "../a" }],
    ["tags that are none", { tags: [7] }],
  ])("counts %s as strange, and shows the rest", (_what, change) => {
    const read = readDashboard({ title: "a", tiles: [{ ...kTile, id: "b", ...change }, kTile] });
    expect(read).toEqual({ dashboard: { title: "a", tiles: [kTile] }, strange: 1 });
  });

  it("has no id twice", () => {
    expect(readDashboard({ title: "a", tiles: [kTile, kTile] })).toMatchObject({ strange: 1 });
  });
});

describe("places", () => {
  it("are the first that are free", () => {
    const at = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });
    expect(placeFor({ w: 3, h: 2 }, [])).toEqual(at(0, 0, 3, 2));
    expect(placeFor({ w: 3, h: 2 }, [at(0, 0, 3, 2)])).toEqual(at(3, 0, 3, 2));
    expect(placeFor({ w: 3, h: 2 }, [at(0, 0, 10, 1)])).toEqual(at(0, 1, 3, 2));
    expect(placeFor({ w: kColumns, h: 1 }, [at(5, 3, 1, 1)])).toEqual(at(0, 0, 12, 1));
  });
});

describe("the editor", () => {
  const start = () => new Editor({ title: "Line", tiles: [kTile] }, 3);

  it("adds, changes and removes, each a step that is taken back", () => {
    const editor = start();
    expect([editor.dirty, editor.canUndo, editor.canRedo]).toEqual([false, false, false]);
    const added = editor.add(newTile("trend", editor.dashboard.tiles));
    expect([added.id, added.x, added.y]).toEqual(["t2", 2, 0]);
    editor.put({ ...added, title: "Trend" });
    editor.remove("t1");
    editor.rename("Line 1");
    editor.rename("Line 1");
    expect(editor.dashboard).toMatchObject({ title: "Line 1", tiles: [{ id: "t2", title: "Trend" }] });
    for (let i = 0; i < 4; i++) editor.undo();
    expect([editor.dirty, editor.canUndo]).toEqual([false, false]);
    for (let i = 0; i < 4; i++) editor.redo();
    expect(editor.dashboard.title).toBe("Line 1");
    expect([editor.canRedo, editor.turns]).toEqual([false, 8]);
  });

  it("takes places from the grid, and no step where nothing moved", () => {
    const editor = start();
    editor.layOut(new Map([["t1", { x: 0, y: 0, w: 2, h: 2 }]]));
    expect(editor.canUndo).toBe(false);
    editor.layOut(new Map([["t1", { x: 4, y: 1, w: 3, h: 2 }]]));
    expect(editor.tile("t1")).toMatchObject({ x: 4, y: 1, w: 3, h: 2, tags: ["A.B"] });
    expect(editor.canUndo).toBe(true);
  });

  it("knows what is saved", () => {
    const editor = start();
    editor.rename("Other");
    editor.markSaved(4);
    expect([editor.dirty, editor.version]).toEqual([false, 4]);
    editor.undo();
    expect(editor.dirty).toBe(true);
  });

  it("goes on with a draft", () => {
    const editor = new Editor({ title: "Line", tiles: [] }, 3, { title: "Draft", tiles: [] });
    expect([editor.dirty, editor.dashboard.title]).toEqual([true, "Draft"]);
  });

  it("keeps a bounded number of steps", () => {
    const editor = start();
    for (let i = 0; i < 150; i++) editor.rename(`Line ${i}`);
    let steps = 0;
    for (; editor.canUndo; steps++) editor.undo();
    expect(steps).toBe(100);
  });
});

describe("the demo", () => {
  const words = dashboardWords("en");

  it("shows the most telling unit in every way, without overlaps", () => {
    const store = makeStore([
      { n: "Plant.A.T1", eu: [0, 100], u: "°C", lim: { h: 80 } },
      { n: "Plant.A.T2", eu: [0, 100], u: "°C" },
      { n: "Plant.A.T3", eu: [0, 100] },
      { n: "Plant.A.On", ty: "bool" },
      { n: "Other.X" },
    ]);
    const demo = demoDashboard(store, words.demoTitle, words.demoText);
    const kinds = new Set(demo.tiles.map(({ kind }) => kind));
    for (const kind of ["text", "value", "sparkline", "gauge", "bar", "lamp", "trend", "indicator", "table"])
      expect(kinds, kind).toContain(kind);
    expect(demo.tiles.find(({ kind }) => kind === "lamp")?.tags).toEqual(["Plant.A.On"]);
    expect(overlapping(demo.tiles)).toEqual([]);
    expect(readDashboard(JSON.parse(JSON.stringify(bodyOf(demo))))).toEqual({ dashboard: demo, strange: 0 });
  });

  it("makes do with numbers without a range", () => {
    const demo = demoDashboard(makeStore([{ n: "A" }, { n: "B" }]), "Demo", "");
    expect(demo.tiles.map(({ kind }) => kind)).toEqual(["text", "value", "value", "trend", "table"]);
  });
});

describe("the library", () => {
  const summary = (name: string) => ({ name, title: name, version: 1, changed: 0, by: "" });

  it("makes a name of the title, and another one where somebody was quicker", async () => {
    const tried: string[] = [];
    const library = new Library({
      list: async () => ({ documents: [summary("line-1")] }),
      create: async (_kind, name) => {
        tried.push(name);
        if (name === "line-1-2") throw new DocumentConflict("there already", 1);
        return summary(name);
      },
    });
    await library.load();
    expect(library.mayChange).toBe(true);
    expect((await library.create({ title: "Line 1", tiles: [] })).name).toBe("line-1-3");
    expect(tried).toEqual(["line-1-2", "line-1-3"]);
  });

  it("knows why nothing may be changed, and nothing before it was told", async () => {
    const library = new Library({
      list: async () => ({ documents: [], refusal: "not from here" }),
      create: async () => Promise.reject(new Error("not asked")),
    });
    expect([library.mayChange, library.refusal]).toEqual([false, undefined]);
    await library.load();
    expect([library.mayChange, library.refusal]).toEqual([false, "not from here"]);
  });
});

describe("a loaded dashboard", () => {
  it("tells what is missing, broken or failed", async () => {
    const answers = [
      () => Promise.resolve({ version: 2, body: { title: "A" } }),
      () => Promise.resolve({ version: 2, body: { title: "A", tiles: 7 } }),
      () => Promise.reject(new DocumentNotFound(404, "not_found", "no")),
      () => Promise.reject(new TypeError("away")),
    ];
    const loaded = new Loaded(
      {
        read: () => (answers.shift() ?? (() => Promise.reject(new Error("asked too often"))))(),
        readIfChanged: async () => undefined,
      },
      "a",
    );
    const names = [];
    for (let i = 0; i < 4; i++) {
      await loaded.load();
      names.push(loaded.state.name);
    }
    expect(names).toEqual(["ready", "broken", "missing", "failed"]);
  });
});

describe("what is written on a tile", () => {
  const store = makeStore([{ n: "Plant.T1", d: "Top temperature", eu: [0, 50] }, { n: "Plant.T2" }]);
  const format = new Formatter("en");
  const heading = (change: Partial<Tile>) => headingOf({ ...kTile, ...change }, store, format);

  it("is its title, what its tag is, or nothing where it says that itself", () => {
    expect(heading({ title: "Mine", tags: ["Plant.T1"] })).toBe("Mine");
    expect(heading({ tags: ["Plant.T1"] })).toBe("Top temperature");
    expect(heading({ tags: ["Plant.T2"] })).toBe("T2");
    expect(heading({ tags: ["Gone.X"] })).toBe("X");
    expect(heading({ kind: "table", tags: ["Plant.T1"] })).toBe("");
    expect(titleOf({ ...kTile, kind: "image", tags: [] }, store, format, dashboardWords("en"))).toBe(
      "Picture",
    );
  });

  it("has range and decimals of the tile, or those of the tag", () => {
    const tag = store.describe(0);
    expect(asShown(tag, {})).toBe(tag);
    expect(asShown(tag, { range: [1, 2], decimals: 0 })).toMatchObject({ n: "Plant.T1", eu: [1, 2], dp: 0 });
  });
});
