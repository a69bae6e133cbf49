import { describe, expect, it } from "vitest";
import { backoffDelay } from "../src/index.js";

describe("backoffDelay", () => {
  it("stays within 0.5 s and 15 s, doubles, and is half random", () => {
    const lowest = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffDelay(attempt, () => 0));
    const highest = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffDelay(attempt, () => 1));
    expect(lowest).toEqual([500, 1000, 2000, 4000, 7500, 7500, 7500]);
    expect(highest).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });
});
