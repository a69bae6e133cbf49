import { describe, expect, it } from "vitest";
import {
  hasOverflow,
  isBad,
  isForced,
  isGood,
  isUncertain,
  limitBits,
  statusCodeBase,
  statusName,
} from "../src/index.js";

describe("status codes", () => {
  it("tells the severities apart, the reserved one being Bad", () => {
    expect([isGood(0), isUncertain(0), isBad(0)]).toEqual([true, false, false]);
    expect([isGood(0x4090_0000), isUncertain(0x4090_0000), isBad(0x4090_0000)]).toEqual([false, true, false]);
    expect([isGood(0x8031_0000), isUncertain(0x8031_0000), isBad(0x8031_0000)]).toEqual([false, false, true]);
    expect(isBad(0xc000_0000)).toBe(true);
    expect(isUncertain(0xc000_0000)).toBe(false);
  });

  it("reads the info bits only of data values", () => {
    expect(limitBits(0x0000_0500)).toBe("low");
    expect(limitBits(0x0000_0600)).toBe("high");
    expect(limitBits(0x0000_0700)).toBe("constant");
    expect(limitBits(0x0000_0100)).toBe("none");
    expect(hasOverflow(0x0000_0480)).toBe(true);
    expect(hasOverflow(0x0000_0080)).toBe(false);
  });

  it("names codes whatever their info bits", () => {
    expect(statusCodeBase(0x8031_0480)).toBe(0x8031_0000);
    expect(statusName(0x8031_0480)).toBe("BadNoCommunication");
    expect(isForced(0x0096_0400)).toBe(true);
    expect(isForced(0)).toBe(false);
  });
});
