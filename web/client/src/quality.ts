/**
 * OPC UA StatusCode arithmetic (OPC 10000-4, 7.38) and the quality a display shows.
 */

/** What a display shows for a tag. `None`: no value has arrived yet. */
export enum Quality {
  None = 0,
  Good = 1,
  Uncertain = 2,
  /** The value was good, but nothing vouches for it any more: its source or our link fell silent. */
  Stale = 3,
  Bad = 4,
}

const kSeverityMask = 0xc000_0000;
const kSeverityUncertain = 0x4000_0000;
const kSubCodeMask = 0xffff_0000;
const kInfoTypeMask = 0x0000_0c00;
const kInfoTypeDataValue = 0x0000_0400;
const kLimitMask = 0x0000_0300;
const kOverflowBit = 0x0000_0080;
/** GoodLocalOverride: the value was forced by a person, not measured. */
const kGoodLocalOverride = 0x0096_0000;

export type LimitBits = "none" | "low" | "high" | "constant";
const kLimitNames: readonly LimitBits[] = ["none", "low", "high", "constant"];

export function isGood(status: number): boolean {
  return (status & kSeverityMask) === 0;
}

export function isUncertain(status: number): boolean {
  return (status & kSeverityMask) === kSeverityUncertain;
}

/** Bad, and the reserved severity 11, which must be treated as Bad. */
export function isBad(status: number): boolean {
  return (status & 0x8000_0000) !== 0;
}

/** The code without its info bits: what the table of names is keyed by. */
export function statusCodeBase(status: number): number {
  return (status & kSubCodeMask) >>> 0;
}

export function isForced(status: number): boolean {
  return statusCodeBase(status) === kGoodLocalOverride;
}

function hasDataValueInfo(status: number): boolean {
  return (status & kInfoTypeMask) === kInfoTypeDataValue;
}

/** Whether the server dropped values before this one because a queue was full. */
export function hasOverflow(status: number): boolean {
  return hasDataValueInfo(status) && (status & kOverflowBit) !== 0;
}

export function limitBits(status: number): LimitBits {
  if (!hasDataValueInfo(status)) return "none";
  return kLimitNames[(status & kLimitMask) >>> 8] ?? "none";
}
