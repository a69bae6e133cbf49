import { type Metric, parseMetrics } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { bytesText, rateOf, sourcesWith, totalOf } from "../src/diagnostics/figures.js";
import { kSteps, LatencyWindow, quantile } from "../src/diagnostics/latency.js";
import { DiagnosticsWatch } from "../src/diagnostics/watch.svelte.js";

const metrics = (text: string): Metric[] => parseMetrics(text);

describe("the latency", () => {
  const kNow = 1_000_000;

  it("is counted in steps", () => {
    const window = new LatencyWindow();
    for (const age of [-5, 0, 20, 21, 400, 6_000]) window.add(kNow, kNow - age);
    const { counts, total } = window.histogram(kNow);
    expect(total).toBe(6);
    expect(counts).toEqual([3, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(counts).toHaveLength(kSteps.length + 1);
  });

  it("leaves out what was old already, and values without a time", () => {
    const window = new LatencyWindow();
    window.add(kNow, kNow - 61_000);
    window.add(kNow, Number.NaN);
    expect(window.histogram(kNow).total).toBe(0);
  });

  it("forgets what is over a minute old, also after a long silence", () => {
    const window = new LatencyWindow();
    window.add(kNow, kNow);
    window.add(kNow + 30_000, kNow + 30_000);
    expect(window.histogram(kNow + 54_000).total).toBe(2);
    expect(window.histogram(kNow + 65_000).total).toBe(1);
    expect(window.histogram(kNow + 1e9).total).toBe(0);
  });

  it("tells the step below which a part lies", () => {
    const window = new LatencyWindow();
    for (let i = 0; i < 95; i++) window.add(kNow, kNow - 90);
    for (let i = 0; i < 5; i++) window.add(kNow, kNow - 9_000);
    const histogram = window.histogram(kNow);
    expect([0.5, 0.95, 0.99].map((part) => quantile(histogram, part))).toEqual([
      100,
      100,
      Number.POSITIVE_INFINITY,
    ]);
    expect(quantile(new LatencyWindow().histogram(kNow), 0.5)).toBeNaN();
  });
});

describe("figures of the server", () => {
  const kText = `# TYPE tagwire_lost_total counter
tagwire_lost_total{source="a"} 2
tagwire_lost_total{source="b"} 0
tagwire_tags 7`;

  it("are summed over sources, and those with some are named", () => {
    expect(totalOf(metrics(kText), "lost_total")).toBe(2);
    expect(totalOf(metrics(kText), "nothing")).toBeUndefined();
    expect(sourcesWith(metrics(kText), "lost_total")).toEqual(["a"]);
  });

  it("have a rate from the second sample on, and none after a restart", () => {
    const at = (seconds: number, value: number) => ({
      at: seconds * 1000,
      metrics: metrics(`tagwire_lost_total ${value}`),
    });
    expect(rateOf(at(2, 30), at(0, 10), "lost_total")).toBe(10);
    expect(rateOf(at(2, 30), undefined, "lost_total")).toBeUndefined();
    expect(rateOf(at(2, 3), at(0, 10), "lost_total")).toBeUndefined();
  });

  it("are bytes in the unit that fits", () => {
    const fixed = (value: number, decimals: number) => value.toFixed(decimals);
    expect([0, 1023, 1536, 3 * 2 ** 30].map((bytes) => bytesText(bytes, fixed))).toEqual([
      "0 B",
      "1023 B",
      "1.5 KiB",
      "3.0 GiB",
    ]);
  });
});

describe("the watch", () => {
  it("keeps two samples, leaves out sources that do not answer, and says why nothing new comes", async () => {
    let fails = false;
    let time = 0;
    const rest = {
      info: async () => {
        if (fails) throw new Error("gone");
        return { server: "Tagwire" } as never;
      },
      metrics: async () => metrics("tagwire_tags 1"),
      source: async (name: string) => {
        if (name === "b") throw new Error("unknown");
        return { n: name } as never;
      },
    };
    const watch = new DiagnosticsWatch(
      rest,
      () => ["a", "b"],
      () => time,
    );
    const { signal } = new AbortController();
    await watch.read(signal);
    expect(watch.reading?.sources).toEqual([{ n: "a" }]);
    expect(watch.reading?.before).toBeUndefined();
    time = 2000;
    await watch.read(signal);
    expect([watch.reading?.now.at, watch.reading?.before?.at]).toEqual([2000, 0]);
    fails = true;
    await watch.read(signal);
    expect(watch.failure).toBe("gone");
    expect(watch.reading?.now.at).toBe(2000);
  });
});
