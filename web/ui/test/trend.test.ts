import { type TagDesc, TagStore } from "@tagwire/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Recorder, Ring, Trust } from "../src/live/recorder.js";
import { gridUntil, penColumns, windowFor } from "../src/trend/series.js";

const kTag: TagDesc = { h: 0, n: "T", ty: "f64", src: "s", si: 500 };
const { Good, Uncertain, Gap } = Trust;

function ringOf(samples: readonly [time: number, value: number, trust: Trust][]): Ring {
  const ring = new Ring();
  for (const sample of samples) ring.push(...sample);
  return ring;
}

describe("Ring", () => {
  it("keeps the newest samples in order when it is full", () => {
    const ring = new Ring();
    for (let i = 0; i < 10_000; i++) ring.push(i, i * 2, Good);
    expect(ring.length).toBe(2_600);
    expect([ring.time(0), ring.lastTime, ring.value(ring.length - 1)]).toEqual([7_400, 9_999, 19_998]);
    expect(ring.firstAtOrAfter(9_000.5)).toBe(1_601);
  });

  it("replaces the last sample by one that is not newer", () => {
    const ring = ringOf([
      [10, 1, Good],
      [10, 2, Good],
      [5, 3, Uncertain],
    ]);
    expect([ring.length, ring.value(0), ring.trust(0)]).toEqual([1, 3, Uncertain]);
  });
});

describe("penColumns", () => {
  const grid = { from: 0, step: 1_000, count: 8 };

  it("joins close samples of a continuous tag and holds the last value", () => {
    const { good, uncertain } = penColumns(
      ringOf([
        [0, 0, Good],
        [2_000, 20, Good],
        [3_000, 0, Good],
      ]),
      kTag,
      grid,
    );
    expect(good).toEqual([0, 10, 20, 0, 0, 0, 0, 0]);
    expect(uncertain.every((value) => value === null)).toBe(true);
  });

  it("holds a value that did not change until shortly before the next", () => {
    const { good } = penColumns(
      ringOf([
        [0, 5, Good],
        [6_000, 9, Good],
      ]),
      kTag,
      grid,
    );
    expect(good).toEqual([5, 5, 5, 5, 5, 5, 9, 9]);
  });

  it("steps for discrete tags", () => {
    const { good } = penColumns(
      ringOf([
        [0, 0, Good],
        [1_500, 1, Good],
        [3_000, 0, Good],
      ]),
      { ...kTag, ty: "bool" },
      grid,
    );
    expect(good).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it("leaves gaps where nothing is known, also at the end", () => {
    const { good } = penColumns(
      ringOf([
        [0, 1, Good],
        [2_000, Number.NaN, Gap],
        [4_000, 3, Good],
        [6_000, Number.NaN, Gap],
      ]),
      kTag,
      grid,
    );
    expect(good).toEqual([1, 1, null, null, 3, 3, null, null]);
  });

  it("draws uncertain values on a line of their own that touches its neighbours", () => {
    const { good, uncertain } = penColumns(
      ringOf([
        [0, 1, Good],
        [2_000, 1, Uncertain],
        [4_000, 1, Good],
      ]),
      kTag,
      grid,
    );
    expect(good).toEqual([1, 1, null, null, 1, 1, 1, 1]);
    expect(uncertain).toEqual([null, 1, 1, 1, 1, null, null, null]);
  });

  it("begins with the value that held before the window", () => {
    const { good } = penColumns(ringOf([[-60_000, 4, Good]]), kTag, grid);
    expect(good).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it("has a grid that moves by whole steps and a window that grows", () => {
    expect(gridUntil(10_300, 2_000, 250)).toEqual({ from: 8_250, step: 250, count: 9 });
    expect([0, 61_000, 400_000, Number.NEGATIVE_INFINITY].map(windowFor)).toEqual([
      60_000, 120_000, 600_000, 60_000,
    ]);
  });
});

describe("Recorder", () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => vi.useRealTimers());

  it("records what it sees, with gaps for Bad, lost links and hidden pages", () => {
    const planned: (() => void)[] = [];
    const store = new TagStore((draw) => planned.push(draw));
    const recorder = new Recorder(store, () => Date.now());
    const slot = store.define({ ...kTag });
    store.retain(slot);
    const at = (time: number, change: () => void) => {
      vi.setSystemTime(time);
      change();
      for (const draw of planned.splice(0)) draw();
    };
    at(1_000_000, () => store.apply([[0, 1]], 999_900));
    at(1_001_000, () => store.apply([[0, 2, 0, 0x4090_0000]], 1_001_000));
    at(1_002_000, () => store.apply([[0, 2, 0, 0x8031_0000]], 1_002_000));
    at(1_003_000, () => store.apply([[0, 3]], 1_003_000));
    at(1_004_000, () => store.setLinkLost(true));
    at(1_005_000, () => store.setLinkLost(false));
    at(1_006_000, () => recorder.lookAway());
    at(1_007_000, () => recorder.lookAgain());
    // A source whose clock is an hour wrong: the server's clock is used.
    at(1_008_000, () => store.apply([[0, 4]], 1_008_000 - 3_600_000));
    const ring = recorder.ring(slot);
    const seen = Array.from({ length: ring.length }, (_, i) => [ring.time(i), ring.value(i), ring.trust(i)]);
    expect(seen).toEqual([
      [999_900, 1, Good],
      [1_001_000, 2, Uncertain],
      [1_002_000, Number.NaN, Gap],
      [1_003_000, 3, Good],
      [1_004_000, Number.NaN, Gap],
      [1_005_000, 3, Good],
      [1_006_000, Number.NaN, Gap],
      [1_007_000, 3, Good],
      [1_008_000, 4, Good],
    ]);
  });

  it("is bounded in tags: the least recently wanted goes", () => {
    const store = new TagStore(() => {});
    const recorder = new Recorder(store, () => Date.now());
    const slots = Array.from({ length: 500 }, (_, h) => store.define({ ...kTag, h, n: `T${h}` }));
    const first = recorder.ring(0);
    for (const slot of slots) recorder.ring(slot);
    expect(recorder.ring(0)).not.toBe(first);
    const last = recorder.ring(499);
    expect(recorder.ring(499)).toBe(last);
  });
});
