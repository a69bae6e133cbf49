import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settled } from "../src/tagset/settled.js";

describe("what settles", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is waited for until it has been quiet", async () => {
    let version = 0;
    let done = false;
    void settled(() => version, performance.now(), 500, 3000).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(400);
    version = 1;
    await vi.advanceTimersByTimeAsync(450);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(done).toBe(true);
  });

  it("is not waited for where it has been quiet long enough before", async () => {
    await vi.advanceTimersByTimeAsync(1000);
    let done = false;
    void settled(() => 1, performance.now() - 600, 500, 3000).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toBe(true);
  });

  it("is not waited for without end", async () => {
    let version = 0;
    let done = false;
    void settled(() => version++, performance.now(), 500, 3000).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(3200);
    expect(done).toBe(true);
  });
});
