import { describe, expect, it } from "vitest";
import { intervalFor } from "../src/live/board.js";

describe("the interval of drawing", () => {
  it("is a quarter of a second while drawing is cheap", () => {
    expect(intervalFor(0)).toBe(250);
    expect(intervalFor(60)).toBe(250);
  });

  it("leaves the browser three quarters of its time", () => {
    expect(intervalFor(100)).toBe(400);
    expect(intervalFor(300)).toBe(1_200);
  });

  it("is never so long that a value looks forgotten", () => {
    expect(intervalFor(5_000)).toBe(2_000);
  });
});
