import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kBuiltIn } from "../src/screens/builtin/index.js";
import { checkScreen } from "../src/screens/document/check.js";
import { boxOf, routeOf } from "../src/screens/document/geometry.js";
import { matches, stateOf } from "../src/screens/document/match.js";
import { newScreen, type ScreenElement } from "../src/screens/document/types.js";
import { fitted, opening, zoomed } from "../src/screens/runtime/viewport.js";
import { kSymbols } from "../src/symbols/library.js";
import { kNoMarks, parametersOf, portsOf } from "../src/symbols/symbol.js";

const kTank: ScreenElement = { id: "tank", symbol: "tank-dome", x: 100, y: 50, width: 80, height: 120 };
const kPump: ScreenElement = {
  id: "pump",
  symbol: "pump-centrifugal",
  x: 300,
  y: 300,
  width: 40,
  height: 40,
};

function problemsOf(value: unknown): readonly string[] {
  const checked = checkScreen(value);
  return checked.ok ? [] : checked.problems.map(({ at, kind }) => `${at}: ${kind}`);
}

describe("the symbols", () => {
  it("are a library, drawn within finite numbers at any size, named in both languages", () => {
    expect(kSymbols.size).toBeGreaterThanOrEqual(40);
    for (const symbol of kSymbols.values()) {
      expect(symbol.name.en, symbol.id).toBeTruthy();
      expect(symbol.name.zh, symbol.id).toMatch(/[\u4e00-\u9fff]/);
      for (const size of [symbol.size, { width: 300, height: 20 }, { width: 10, height: 400 }]) {
        const drawn = JSON.stringify(symbol.draw(parametersOf(symbol, {}, "en"), size, kNoMarks));
        expect(drawn, symbol.id).not.toMatch(/NaN|Infinity|undefined|null/);
      }
      const ids = portsOf(symbol).map(({ id }) => id);
      expect(new Set(ids).size, symbol.id).toBe(ids.length);
    }
  });
});

describe("the documentation", () => {
  it.each(["screens.md", "screens.zh-CN.md"])("of %s has every symbol with its parameters", (file) => {
    const rows = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), "utf8")
      .split(/^## (?:Symbols|图符)$/m)[1]
      ?.split("\n");
    for (const { id, parameters } of kSymbols.values()) {
      const row = rows?.find((line) => line.startsWith(`| \`${id}\` |`));
      expect(row, id).toBeDefined();
      for (const { key } of parameters) expect(row, id).toContain(`\`${key}\``);
    }
  });
});

describe("a screen as a document", () => {
  it("every built-in screen is one, with pipes that end somewhere", () => {
    for (const [name, screen] of kBuiltIn) {
      expect(problemsOf(JSON.parse(JSON.stringify(screen))), name).toEqual([]);
      const byId = new Map(screen.elements.map((element) => [element.id, element]));
      for (const pipe of screen.pipes)
        expect(routeOf(pipe, byId).length, `${name}: ${pipe.id}`).toBeGreaterThan(1);
    }
  });

  it("says where something is wrong", () => {
    const screen = newScreen("A");
    expect(problemsOf(screen)).toEqual([]);
    expect(problemsOf(undefined)).toEqual([": missing"]);
    expect(problemsOf({ ...screen, format: 2 })).toEqual(["format: notOneOf"]);
    expect(problemsOf({ ...screen, colour: "red" })).toEqual(["colour: unknownKey"]);
    expect(problemsOf({ ...screen, title: "" })).toEqual(["title: tooLong"]);
    expect(problemsOf({ ...screen, width: 1e9 })).toEqual(["width: outOfRange"]);
    expect(problemsOf({ ...screen, elements: [kTank, kTank] })).toEqual(["elements[1].id: twice"]);
    expect(problemsOf({ ...screen, elements: [{ ...kTank, symbol: "ufo" }] })).toEqual([
      "elements[0].symbol: dangling",
    ]);
    const pipe = { id: "p", kind: "process", from: { element: "gone", port: "top" }, points: [[1, 2]] };
    expect(problemsOf({ ...screen, pipes: [pipe] })[0]).toMatch(/^pipes\[0\]\.from.*: dangling/);
    const bind = { level: { tag: "A", low: "0" } };
    expect(problemsOf({ ...screen, elements: [{ ...kTank, bind }] })).toEqual([
      "elements[0].bind.level.low: notNumber",
    ]);
  });
});

describe("geometry", () => {
  it("a pipe follows the ports of its elements", () => {
    const byId = new Map([kTank, kPump].map((each) => [each.id, each]));
    const pipe = {
      id: "p",
      kind: "process" as const,
      from: { element: "tank", port: "bottom" },
      to: { element: "pump", port: "left" },
      points: [],
    };
    expect(routeOf(pipe, byId)).toEqual([
      [140, 170],
      [140, 320],
      [300, 320],
    ]);
    expect(routeOf({ ...pipe, to: { element: "gone", port: "left" } }, byId)).toEqual([]);
  });

  it("the box of what is turned stands upright around it", () => {
    const { x, y, width, height } = boxOf({ ...kTank, rotation: 90 });
    expect([x, y, width, height].map(Math.round)).toEqual([80, 70, 120, 80]);
  });

  it("a phone begins with what can be read, zooming stays within the screen", () => {
    const screen = { width: 1280, height: 720 };
    const room = { width: 390, height: 600 };
    expect(fitted(screen, room).scale).toBeCloseTo(390 / 1280);
    expect(opening(screen, room).scale).toBeCloseTo(0.62);
    const close = zoomed(opening(screen, room), 4, 390, 600, screen, room);
    expect(close.x + room.width / close.scale).toBeLessThanOrEqual(screen.width + 1e-6);
    expect(zoomed(close, 0.001, 0, 0, screen, room).scale).toBeCloseTo(390 / 1280);
  });
});

describe("rules", () => {
  it("fit values, truth, labels and ranges", () => {
    expect(matches({ is: 2 }, 2, 2)).toBe(true);
    expect(matches({ is: true }, true, 1)).toBe(true);
    expect(matches({ is: false }, true, 1)).toBe(false);
    expect(matches({ is: "Open" }, "Open", Number.NaN)).toBe(true);
    expect(matches({ from: 1, to: 3 }, 3, 3)).toBe(true);
    expect(matches({ from: 1 }, 0.5, 0.5)).toBe(false);
    expect(matches({ from: 1 }, "x", Number.NaN)).toBe(false);
    const rules = [
      { to: 0.5, state: "stopped" },
      { from: 0.5, state: "running" },
    ] as const;
    expect(stateOf(rules, 0.5, 0.5)).toBe("stopped");
    expect(stateOf([], 1, 1)).toBe("unknown");
  });
});
