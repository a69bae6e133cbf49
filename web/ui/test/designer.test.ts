import type { TagDesc } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { bound, rulesOf, shortName } from "../src/designer/bind-tag.js";
import { Designer } from "../src/designer/designer.svelte.js";
import {
  aligned,
  copied,
  distributed,
  mapElements,
  moved,
  newElement,
  pasted,
  removed,
  resized,
  withElement,
  withPipe,
} from "../src/designer/edit.js";
import { readScreen } from "../src/designer/files.js";
import { formatMatch, parseMatch } from "../src/designer/rule-text.js";
import { save } from "../src/designer/saving.js";
import { snapped } from "../src/designer/snap.js";
import { DocumentConflict } from "../src/documents/api.js";
import { checkScreen } from "../src/screens/document/check.js";
import { newScreen, type ScreenDocument, type ScreenElement } from "../src/screens/document/types.js";

const box = (id: string, x: number, y: number, width = 40, height = 20): ScreenElement => ({
  id,
  symbol: "tank-dome",
  x,
  y,
  width,
  height,
});
const screenOf = (...elements: ScreenElement[]): ScreenDocument => ({ ...newScreen("A"), elements });
const tag = (rest: Partial<TagDesc>): TagDesc => ({ h: 1, n: "A.LI-1.PV", ty: "f64", src: "s", ...rest });
const xs = ({ elements }: ScreenDocument) => elements.map(({ x }) => x);

describe("changes of a screen", () => {
  it("places, moves and removes; pipes go with what they end at", () => {
    let screen = newScreen("A");
    for (const symbol of ["tank-dome", "pump-centrifugal"]) {
      const made = newElement(screen, symbol, [200, 100]);
      if (made) screen = withElement(screen, made);
    }
    expect(screen.elements.map(({ id }) => id)).toEqual(["tank-dome 1", "pump-centrifugal 1"]);
    expect(newElement(screen, "ufo", [0, 0])).toBeUndefined();
    const [tank] = screen.elements;
    expect((tank?.x ?? 0) + (tank?.width ?? 0) / 2).toBe(200);
    const piped = withPipe(screen, {
      kind: "process",
      from: { element: "tank-dome 1", port: "bottom" },
      to: { element: "pump-centrifugal 1", port: "left" },
      points: [],
    });
    expect(checkScreen(piped.screen).ok).toBe(true);
    expect(removed(piped.screen, new Set(["tank-dome 1"])).pipes).toEqual([]);
    expect(xs(moved(screenOf(box("a", 0, 0), box("b", 9, 0)), new Set(["b"]), 5, 0))).toEqual([0, 14]);
    expect(moved(screen, new Set(["tank-dome 1"]), 0, 0)).toBe(screen);
  });

  it("resizes what is turned with the opposite side where it was", () => {
    expect(resized(box("a", 10, 10), { x: -1, y: 0 }, -10, 5)).toMatchObject({ x: 0, y: 10, width: 50 });
    const turned = resized({ ...box("a", 0, 0, 40, 20), rotation: 90 }, { x: 1, y: 0 }, 0, 10);
    expect(turned).toMatchObject({ width: 50, height: 20, x: -5, y: 5 });
    expect(resized(box("a", 0, 0), { x: 1, y: 1 }, -500, -500)).toMatchObject({ width: 4, height: 4 });
  });

  it("aligns and distributes", () => {
    const screen = screenOf(box("a", 0, 0), box("b", 30, 50, 60), box("c", 200, 10));
    const all = new Set(["a", "b", "c"]);
    expect(xs(aligned(screen, all, "left"))).toEqual([0, 0, 0]);
    expect(xs(aligned(screen, all, "right"))).toEqual([200, 180, 200]);
    expect(xs(distributed(screen, all, "x"))).toEqual([0, 90, 200]);
  });

  it("pastes under new names, with the pipes between", () => {
    const pipe = { from: { element: "a", port: "bottom" }, to: { element: "b", port: "top" } };
    const { screen } = withPipe(screenOf(box("a", 0, 0), box("b", 100, 100)), {
      kind: "process",
      points: [],
      ...pipe,
    });
    const twice = pasted(screen, copied(screen, new Set(["a", "b"])));
    expect(twice.screen.elements).toHaveLength(4);
    expect(twice.screen.pipes).toHaveLength(2);
    expect([...twice.ids]).not.toContain("a");
    expect(checkScreen(twice.screen).ok).toBe(true);
  });

  it("comes to rest at neighbours, else on the grid", () => {
    const still = { x: 100, y: 0, width: 40, height: 40 };
    const near = snapped({ x: 0, y: 100, width: 40, height: 40 }, 97, 3, [still], 6);
    expect(near).toMatchObject({ dx: 100, dy: 0, guides: [{ axis: "x" }] });
    expect(snapped({ x: 0, y: 0, width: 40, height: 40 }, 43, 0, [], 6).dx).toBe(40);
  });
});

describe("a screen while it is drawn", () => {
  it("takes back and does again, and knows what is saved", () => {
    const designer = new Designer(screenOf(box("a", 0, 0)), "", undefined);
    expect([designer.dirty, designer.canUndo]).toEqual([false, false]);
    designer.select(["a"]);
    designer.commit(moved(designer.screen, designer.selection, 10, 0));
    designer.duplicate();
    expect(xs(designer.screen)).toEqual([10, 30]);
    designer.undo();
    designer.undo();
    expect([xs(designer.screen), designer.dirty]).toEqual([[0], false]);
    designer.redo();
    expect(xs(designer.screen)).toEqual([10]);
    designer.keep(designer.screen, "mine", 3);
    expect([designer.dirty, designer.name, designer.version]).toEqual([false, "mine", 3]);
    designer.select(["a"]);
    designer.remove();
    expect([designer.screen.elements.length, designer.selection.size]).toEqual([0, 0]);
  });
});

describe("binding a tag", () => {
  it("follows the type of the tag and what the symbol can show", () => {
    expect(bound(box("a", 0, 0), tag({})).bind).toEqual({ level: { tag: "A.LI-1.PV" } });
    const pump = { ...box("p", 0, 0), symbol: "pump-centrifugal" };
    expect(bound(pump, tag({ n: "P", ty: "bool" })).bind?.state?.map).toEqual([
      { is: false, state: "stopped" },
      { is: true, state: "running" },
    ]);
    const value = { ...box("v", 0, 0), symbol: "value" };
    expect(bound(value, tag({})).bind).toEqual({ value: { tag: "A.LI-1.PV" } });
    expect(rulesOf(tag({ ty: "i32", en: { 0: "Stopped", 1: "Running", 2: "Tripped" } }))).toEqual([
      { is: 0, state: "stopped" },
      { is: 1, state: "running" },
      { is: 2, state: "fault" },
    ]);
    expect(shortName("Plant.U1.LIC-1.PV")).toBe("LIC-1");
    expect(shortName("Plant.U1.TI-3")).toBe("TI-3");
    const screen = mapElements(screenOf(pump), new Set(["p"]), (each) => bound(each, tag({ ty: "bool" })));
    expect(checkScreen(screen).ok).toBe(true);
  });

  it("rules are written as people do", () => {
    for (const text of ["2", "true", "Open", "10…20", "…5", "5…"])
      expect(formatMatch(parseMatch(text) ?? {})).toBe(text);
    expect(parseMatch("1..3")).toEqual({ from: 1, to: 3 });
    expect(parseMatch("  ")).toBeUndefined();
  });
});

describe("saving", () => {
  const summary = (version: number) => ({ name: "n", title: "A", version, changed: 0, bytes: 1 }) as never;

  it("makes a name of the title, which is not taken and not a built-in one", async () => {
    const asked: string[] = [];
    const store = {
      list: async () => ({ documents: [{ name: "line-1" }] }) as never,
      create: async (_kind: string, name: string) => {
        asked.push(name);
        return summary(1);
      },
      replace: async () => summary(0),
    };
    expect(await save(store, newScreen("Line 1"), "", undefined)).toEqual({
      kind: "saved",
      name: "line-1-2",
      version: 1,
    });
    await save(store, newScreen("Demo overview"), "", undefined);
    expect(asked).toEqual(["line-1-2", "demo-overview-2"]);
  });

  it("never overwrites what was not seen", async () => {
    const store = {
      list: async () => ({ documents: [] }) as never,
      create: async () => summary(1),
      replace: async () => {
        throw new DocumentConflict("newer", 7);
      },
    };
    const result = await save(store, newScreen("A"), "a", 5);
    expect(result).toEqual({ kind: "conflict", version: 7, reason: "newer" });
  });

  it("reads files, or says that they are none", () => {
    expect(readScreen("{")).toBeUndefined();
    expect(readScreen("{}")?.ok).toBe(false);
    expect(readScreen(JSON.stringify(newScreen("A")))?.ok).toBe(true);
  });
});
