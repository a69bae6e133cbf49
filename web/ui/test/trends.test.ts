import type { RecordedSample, RecordedSeries, TagDesc } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { Ring, Trust } from "../src/live/recorder.js";
import { ChartClock, isZone } from "../src/trends/clock.js";
import { aligned, linesOf } from "../src/trends/lines.js";
import { measure, statisticsOf } from "../src/trends/statistics.js";
import { between, boundsOf, panned, pinched, zoomed } from "../src/trends/time-window.js";
import { kNoTrack, type Track, trackOf, valueAt, withLive } from "../src/trends/track.js";

const kReal: TagDesc = { h: 0, n: "T", ty: "f64", src: "s", si: 500 };
const kSwitch: TagDesc = { h: 1, n: "S", ty: "bool", src: "s" };
const { Good, Uncertain, Gap } = Trust;
const kBad = 0x8000_0000;
const kUncertain = 0x4000_0000;

function sample(time: number, value: RecordedSample["value"], status = 0): RecordedSample {
  return { time, value, status, serverTime: time, origin: "live" };
}

function series(samples: RecordedSample[], before?: RecordedSample): RecordedSeries {
  return { tag: "T", type: "f64", before, samples, intervals: [] };
}

function trackWith(...samples: [time: number, value: number, trust?: Trust][]): Track {
  return {
    times: samples.map(([time]) => time),
    values: samples.map(([, value]) => value),
    trusts: samples.map(([, , trust]) => trust ?? Good),
  };
}

function ringWith(...samples: [time: number, value: number, trust?: Trust][]): Ring {
  const ring = new Ring();
  for (const [time, value, trust] of samples) ring.push(time, value, trust ?? Good);
  return ring;
}

describe("the time shown", () => {
  it("is so much up to now, or from one instant to another", () => {
    expect(boundsOf({ span: 500, bounds: undefined }, 2_000)).toEqual({ from: 1_500, to: 2_000 });
    expect(boundsOf({ span: 500, bounds: { from: 1, to: 9 } }, 2_000)).toEqual({ from: 1, to: 9 });
  });

  it("is zoomed around a place that stays", () => {
    const now = 10_000_000;
    expect(zoomed({ from: 0, to: 100_000 }, 0.25, 0.5, now)).toEqual({ from: 12_500, to: 62_500 });
    expect(zoomed({ from: 12_500, to: 62_500 }, 0.25, 2, now)).toEqual({ from: 0, to: 100_000 });
  });

  it("stays between a second and 400 days", () => {
    const { from, to } = zoomed({ from: 0, to: 1_500 }, 0.5, 0.01, 1e9);
    expect(to - from).toBe(1_000);
    const long = zoomed({ from: 0, to: 86_400_000 * 300 }, 0.5, 10, 1e13);
    expect(long.to - long.from).toBe(86_400_000 * 400);
  });

  it("does not run away into the future", () => {
    expect(panned({ from: 0, to: 1_000 }, 50, 2_000)).toEqual({ from: 1_500, to: 2_500 });
    expect(panned({ from: 0, to: 1_000 }, -0.5, 2_000)).toEqual({ from: -500, to: 500 });
  });

  it("can be marked in either direction", () => {
    expect(between(5_000, 2_000, 1e9)).toEqual({ from: 2_000, to: 5_000 });
  });
});

describe("a track", () => {
  it("begins with the value that held, and has gaps where nothing is known", () => {
    const track = trackOf(
      series(
        [sample(0, 2), sample(10, null, kBad), sample(20, 3, kUncertain), sample(30, Number.NaN)],
        sample(-5, 1),
      ),
    );
    expect(track.times).toEqual([-5, 0, 10, 20, 30]);
    expect(track.trusts).toEqual([Good, Good, Gap, Uncertain, Gap]);
  });

  it("takes truth values and wide integers as numbers, and texts as gaps", () => {
    const track = trackOf(series([sample(0, true), sample(1, 2n ** 60n), sample(2, "open")]));
    expect(track.values).toEqual([1, 2 ** 60, Number.NaN]);
  });

  it("is joined with what the page saw, without a seam and without a repetition", () => {
    const recorded = trackWith([0, 1], [10, 2], [20, 3]);
    const joined = withLive(recorded, ringWith([5, 9], [20, 3], [30, 4], [40, Number.NaN, Gap]));
    expect(joined.times).toEqual([0, 10, 20, 30, 40]);
    expect(joined.values.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(joined.trusts.at(-1)).toBe(Gap);
  });

  it("is what the page saw where nothing is recorded", () => {
    expect(withLive(kNoTrack, ringWith([5, 9], [6, 8])).values).toEqual([9, 8]);
    const recorded = trackWith([0, 1]);
    expect(withLive(recorded, new Ring())).toBe(recorded);
  });

  it("has the gap of a lost link filled by what was recorded meanwhile", () => {
    const ring = ringWith([0, 1], [10, Number.NaN, Gap], [50, 5]);
    expect(withLive(trackWith([0, 1], [20, 2], [40, 4]), ring).values).toEqual([1, 2, 4, 5]);
  });

  it("tells what held at a time", () => {
    const track = trackWith([10, 1], [20, Number.NaN, Gap], [30, 3]);
    expect([5, 10, 19, 20, 29, 30, 99].map((time) => valueAt(track, time))).toEqual([
      null,
      1,
      1,
      null,
      null,
      3,
      3,
    ]);
  });
});

describe("lines", () => {
  it("have every extreme of the samples, also of those within one millisecond", () => {
    const [good] = linesOf(trackWith([0, 5], [100, -7], [100, 12], [200, 3]), kReal, 200);
    const values = good.map(([, value]) => value).filter((value) => value !== null);
    expect([Math.min(...values), Math.max(...values)]).toEqual([-7, 12]);
  });

  it("slope between close samples and hold between distant ones", () => {
    const [good] = linesOf(trackWith([0, 1], [1_000, 2], [60_000, 3]), kReal, 70_000);
    expect(good).toEqual([
      [0, 1],
      [1_000, 2],
      [59_500, 2],
      [60_000, 3],
      [70_000, 3],
      [70_000.25, null],
    ]);
  });

  it("are steps for what is discrete", () => {
    const [good] = linesOf(trackWith([0, 0], [100, 1], [200, 0]), kSwitch, 200);
    expect(good.slice(0, 4)).toEqual([
      [0, 0],
      [99.75, 0],
      [100, 1],
      [199.75, 1],
    ]);
  });

  it("break at gaps", () => {
    const [good] = linesOf(trackWith([0, 1], [100, Number.NaN, Gap], [200, 2]), kReal, 300);
    expect(good).toEqual([
      [0, 1],
      [100, 1],
      [100.25, null],
      [200, 2],
      [300, 2],
      [300.25, null],
    ]);
  });

  it("are dashed where uncertain, and both meet", () => {
    const [good, uncertain] = linesOf(trackWith([0, 1], [100, 2, Uncertain], [200, 3]), kReal, 300);
    expect(good).toEqual([
      [0, 1],
      [100, 2],
      [100.25, null],
      [200, 3],
      [300, 3],
      [300.25, null],
    ]);
    expect(uncertain).toEqual([
      [100, 2],
      [200, 3],
      [200.25, null],
    ]);
  });

  it("stand on one axis of time; a pen without a point there is not broken", () => {
    const { times, columns } = aligned([
      [
        [0, 1],
        [2_000, 3],
      ],
      [
        [1_000, 5],
        [2_000, null],
      ],
    ]);
    expect(times).toEqual([0, 1, 2]);
    expect(columns).toEqual([
      [1, undefined, 3],
      [undefined, 5, null],
    ]);
  });
});

describe("statistics", () => {
  it("are weighted by time within the bounds", () => {
    const track = trackWith([0, 10], [500, 20], [600, Number.NaN, Gap], [900, 0]);
    expect(measure(track, { from: 400, to: 1_000 })).toEqual({ min: 0, max: 20, average: 10 });
    expect(measure(track, { from: -10, to: 0 })).toBeUndefined();
    expect(measure(trackWith([600, Number.NaN, Gap]), { from: 0, to: 1_000 })).toBeUndefined();
  });

  it("of the server: a value that only held is its own minimum and maximum", () => {
    const interval = { start: 0, count: 0, status: 0, known: 5, first: null, last: null };
    expect(statisticsOf({ ...interval, average: 3, min: null, max: null })).toEqual({
      average: 3,
      min: 3,
      max: 3,
    });
    expect(statisticsOf({ ...interval, average: null, min: null, max: null })).toBeUndefined();
    expect(statisticsOf(undefined)).toBeUndefined();
  });
});

describe("the clock of a chart", () => {
  const kNoon = 1_795_435_200_000; // 2026-11-23T12:00:00Z

  it("tells times of a zone, and midnight as its date", () => {
    const clock = new ChartClock("en", "Asia/Shanghai");
    expect(clock.full(kNoon)).toBe("2026-11-23 20:00:00");
    expect(clock.tick(kNoon, 3_600_000)).toBe("20:00");
    expect(clock.tick(kNoon + 4 * 3_600_000, 3_600_000)).toBe("24 Nov");
    expect(clock.tick(kNoon + 5_000, 5_000)).toBe("20:00:05");
  });

  it("knows which zones there are", () => {
    expect([isZone("Asia/Shanghai"), isZone("Mars/Olympus")]).toEqual([true, false]);
  });
});

describe("two fingers", () => {
  const bounds = { from: 0, to: 100_000 };
  const now = 1_000_000;

  it("keep the times under them", () => {
    const zoomedIn = pinched(bounds, [400, 600], [300, 700], 1_000, now);
    expect(zoomedIn).toEqual({ from: 25_000, to: 75_000 });
    expect(pinched(bounds, [400, 600], [600, 400], 1_000, now)).toEqual(bounds);
    expect(pinched(bounds, [400, 600], [500, 700], 1_000, now)).toEqual({ from: -10_000, to: 90_000 });
  });

  it("stop where it makes no sense any more", () => {
    expect(pinched(bounds, [499, 501], [0, 1_000], 1_000, now).to).toBeGreaterThan(0);
    const closest = pinched(bounds, [0, 1_000], [500, 500], 1_000, now);
    expect(closest.to - closest.from).toBeCloseTo(100_000 * (1_000 / 24), -1);
    expect(pinched(bounds, [490, 514], [0, 1_000_000], 1_000, now)).toMatchObject({
      from: expect.any(Number),
    });
  });
});
