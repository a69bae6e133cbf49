import { describe, expect, it, vi } from "vitest";
import { type Flush, Quality, type SourceStatus, type TagDesc, TagStore } from "../src/index.js";

const kBase = 1_795_404_647_000;
const kBadNoCommunication = 0x8031_0000;

function tag(h: number, n: string, more: Partial<TagDesc> = {}): TagDesc {
  return { h, n, ty: "f64", src: "sim", ...more };
}

function source(state: SourceStatus["state"]): SourceStatus {
  return { n: "sim", kind: "simulator", state, since: kBase };
}

/** A store whose frames are drawn when the test says so. */
function makeStore() {
  const planned: (() => void)[] = [];
  const store = new TagStore((draw) => planned.push(draw));
  const flushes: number[][] = [];
  store.flushed.on(({ slots, count }: Flush) => flushes.push([...slots.subarray(0, count)]));
  const draw = () => {
    for (const frame of planned.splice(0)) frame();
  };
  const held = (description: TagDesc): number => {
    const slot = store.define(description);
    store.retain(slot);
    return slot;
  };
  return { store, draw, flushes, planned, held };
}

describe("TagStore", () => {
  it("keeps value, status and source time of each row", () => {
    const { store, held } = makeStore();
    const a = held(tag(17, "A"));
    const b = held(tag(3, "B", { ty: "i64" }));
    store.apply(
      [
        [17, 92.5],
        [3, "9223372036854775807", -40, kBadNoCommunication],
      ],
      kBase,
    );
    expect(store.read(a)).toEqual({
      slot: a,
      path: "A",
      value: 92.5,
      status: 0,
      quality: Quality.Good,
      time: kBase,
    });
    expect(store.read(b)).toEqual({
      slot: b,
      path: "B",
      value: 9_223_372_036_854_775_807n,
      status: kBadNoCommunication,
      quality: Quality.Bad,
      time: kBase - 40,
    });
    expect(store.numeric(b)).toBeNaN();
  });

  it("tells each changed slot once per drawn frame", () => {
    const { store, draw, flushes, planned, held } = makeStore();
    const a = held(tag(1, "A"));
    const b = held(tag(2, "B"));
    draw();
    flushes.length = 0;
    for (let i = 0; i < 5; i++)
      store.apply(
        [
          [1, i],
          [2, i],
        ],
        kBase,
      );
    expect(planned).toHaveLength(1);
    draw();
    store.apply([[2, 9]], kBase);
    draw();
    draw();
    expect(flushes).toEqual([[a, b], [b]]);
  });

  it("delivers changes made by a listener with the next frame", () => {
    const { store, draw, flushes, held } = makeStore();
    held(tag(1, "A"));
    draw();
    flushes.length = 0;
    let once = true;
    store.flushed.on(() => {
      if (once) store.apply([[1, 2]], kBase);
      once = false;
    });
    store.apply([[1, 1]], kBase);
    draw();
    draw();
    expect(flushes).toEqual([[0], [0]]);
  });

  it("keeps slots when the server's handles change", () => {
    const { store, held } = makeStore();
    const a = held(tag(1, "A"));
    const b = held(tag(2, "B"));
    store.forgetHandles();
    expect(store.define(tag(1, "B"))).toBe(b);
    expect(store.define(tag(2, "A"))).toBe(a);
    store.apply(
      [
        [1, 10],
        [2, 20],
      ],
      kBase,
    );
    expect([store.value(a), store.value(b)]).toEqual([20, 10]);
  });

  it("skips rows of unknown handles", () => {
    const { store, held } = makeStore();
    const a = held(tag(1, "A"));
    store.apply(
      [
        [99, 1],
        [1, 2],
      ],
      kBase,
    );
    expect(store.value(a)).toBe(2);
  });

  it("shows a value as stale while its source or the link is silent, and Bad stays Bad", () => {
    const { store, held } = makeStore();
    const good = held(tag(1, "A"));
    const bad = held(tag(2, "B"));
    const other = held(tag(3, "C", { src: "plc" }));
    expect(store.quality(good)).toBe(Quality.None);
    store.apply(
      [
        [1, 1],
        [2, null, 0, kBadNoCommunication],
        [3, 3],
      ],
      kBase,
    );
    store.setSourceState(source("stale"));
    expect([good, bad, other].map((slot) => store.quality(slot))).toEqual([
      Quality.Stale,
      Quality.Bad,
      Quality.Good,
    ]);
    expect(store.quality(held(tag(4, "D")))).toBe(Quality.None);
    store.setSourceState(source("live"));
    expect(store.quality(good)).toBe(Quality.Good);
    store.setLinkLost(true);
    expect([good, bad, other].map((slot) => store.quality(slot))).toEqual([
      Quality.Stale,
      Quality.Bad,
      Quality.Stale,
    ]);
    expect(store.value(good)).toBe(1);
  });

  it("turns a value that does not fit its type into Bad", () => {
    const complain = vi.spyOn(console, "error").mockImplementation(() => {});
    const { store, held } = makeStore();
    const a = held(tag(1, "A", { ty: "bool" }));
    store.apply([[1, "yes"]], kBase);
    store.apply([[1, "yes"]], kBase);
    expect([store.value(a), store.status(a), store.quality(a)]).toEqual([null, 0x8007_0000, Quality.Bad]);
    expect(complain).toHaveBeenCalledTimes(1);
    store.apply([[1, true]], kBase);
    expect([store.value(a), store.quality(a)]).toEqual([true, Quality.Good]);
    complain.mockRestore();
  });

  it("grows far beyond its first size and forgets what nobody holds", () => {
    const { store, draw, flushes, held } = makeStore();
    for (let i = 0; i < 5000; i++) held(tag(i, `T${i}`));
    store.apply(
      [
        [4999, 1],
        [0, 2],
      ],
      kBase,
    );
    draw();
    expect(flushes[0]).toHaveLength(5000);
    expect([store.value(4999), store.value(0), store.liveCount]).toEqual([1, 2, 5000]);
    store.release(0);
    expect([store.value(0), store.isLive(0), store.quality(0)]).toEqual([null, false, Quality.None]);
  });
});
