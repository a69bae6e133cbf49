import { type History, HistoryError, type HistoryQuery, type TagwireClient } from "@tagwire/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TrendHistory, type Wanted } from "../src/trends/history.svelte.js";

interface Asked {
  readonly query: HistoryQuery;
  readonly signal: AbortSignal;
  resolve(history: History): void;
  reject(reason: unknown): void;
}

describe("the recorded part of a chart", () => {
  let asked: Asked[];
  let history: TrendHistory;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    const ask = (query: HistoryQuery, signal: AbortSignal) =>
      new Promise<History>((resolve, reject) => asked.push({ query, signal, resolve, reject }));
    history = new TrendHistory({ history: ask } as unknown as TagwireClient);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const wanted = (from: number, to = 1_000): Wanted => ({
    tags: ["A"],
    bounds: { from, to },
    intervals: 800,
  });
  const answerOf = (value: number): History => ({
    series: [
      {
        tag: "A",
        type: "f64",
        before: undefined,
        samples: [{ time: 1, value, status: 0, serverTime: 1, origin: "live" }],
        intervals: [
          {
            start: 0,
            count: 1,
            status: 0,
            known: 9,
            average: value,
            min: value,
            max: value,
            first: value,
            last: value,
          },
        ],
      },
    ],
    bad: [],
    next: undefined,
  });
  const answer = async (from: number, value: number) => {
    for (const { query, resolve } of asked.filter(({ query }) => query.from === from)) {
      expect(query.to).toBe(1_000);
      resolve(answerOf(value));
    }
    await vi.advanceTimersByTimeAsync(0);
  };

  it("is asked for once the gesture rests: the drawing at its resolution, and the statistics", async () => {
    for (const from of [1, 2, 3]) history.want(wanted(from));
    await vi.advanceTimersByTimeAsync(149);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.map(({ query }) => query)).toEqual([
      { tags: ["A"], from: 3, to: 1_000, form: "minmax", intervals: 800 },
      { tags: ["A"], from: 3, to: 1_000, form: "aggregates", intervals: 1 },
    ]);
    expect(history.loading).toBe(true);
    await answer(3, 7);
    expect(history.loading).toBe(false);
    expect(history.recorded.tracks.get("A")?.values).toEqual([7]);
    expect(history.recorded.statistics.get("A")).toEqual({ min: 7, max: 7, average: 7 });
  });

  it("never shows the answer to an earlier question", async () => {
    history.want(wanted(1));
    await vi.advanceTimersByTimeAsync(150);
    history.want(wanted(2));
    expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
    await vi.advanceTimersByTimeAsync(150);
    await answer(2, 20);
    await answer(1, 10);
    expect(history.recorded.tracks.get("A")?.values).toEqual([20]);
  });

  it("says that none is kept, and why it failed, and asks again where that helps", async () => {
    history.want(wanted(1));
    await vi.advanceTimersByTimeAsync(150);
    for (const { reject } of asked) reject(new HistoryError("no_history", "switched off", false));
    await vi.advanceTimersByTimeAsync(0);
    expect(history.problem).toEqual({ kind: "none_kept" });

    history.want(wanted(2));
    await vi.advanceTimersByTimeAsync(150);
    for (const { reject } of asked.slice(2)) reject(new HistoryError("overloaded", "busy", true));
    await vi.advanceTimersByTimeAsync(0);
    expect(history.problem).toEqual({ kind: "failed", reason: "busy" });
    expect(asked).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(6);
    await answer(2, 5);
    expect(history.problem).toBeUndefined();
  });

  it("names tags that nobody recorded", async () => {
    history.want(wanted(1));
    await vi.advanceTimersByTimeAsync(150);
    const bad = [{ n: "A", code: "unknown_tag" as const, msg: "" }];
    for (const { resolve } of asked) resolve({ series: [], bad, next: undefined });
    await vi.advanceTimersByTimeAsync(0);
    expect(history.recorded.missing).toEqual(["A"]);
  });
});
