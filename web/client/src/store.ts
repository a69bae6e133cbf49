/**
 * The latest value of every tag, in typed arrays.
 *
 * Each tag path has a dense index here, its *slot*, which stays the same as long as the store lives: over
 * reconnects and server restarts, where the server's handles change. Rows are written into the arrays, their slots
 * collected in a dirty set, and listeners are told once per drawn frame. Nothing is allocated per row of a number.
 */
import { Emitter } from "./emitter.js";
import type { FrameScheduler } from "./environment.js";
import type { Row, SourceStatus, TagDesc } from "./generated/protocol.js";
import { isBad, isUncertain, Quality } from "./quality.js";
import { DecodeError, decodeValue, type TagValue } from "./values.js";

/** Where the value of a slot is kept. */
enum Kind {
  Null = 0,
  Number = 1,
  Boolean = 2,
  Other = 3,
}

/** Type names whose plain numbers need no decoding. */
const kPlainNumbers: ReadonlySet<string> = new Set(["f64", "f32", "i8", "u8", "i16", "u16", "i32", "u32"]);

/** BadDecodingError: what a value gets that does not fit the type its description gives. */
const kBadDecodingError = 0x8007_0000;

const kNoSlot = -1;
const kInitialCapacity = 256;

/** A slot read at once; the fields are copies. */
export interface TagSnapshot {
  readonly slot: number;
  readonly path: string;
  readonly value: TagValue;
  readonly status: number;
  readonly quality: Quality;
  /** Source time in ms since 1970; NaN before the first value. */
  readonly time: number;
}

/** Changed slots of one flush: `slots[0..count)`; valid only during the call. */
export interface Flush {
  readonly slots: Int32Array;
  readonly count: number;
}

export class TagStore {
  /** Told once per drawn frame in which something changed. */
  readonly flushed = new Emitter<Flush>();
  /** Told when tags appeared, disappeared, or got another description. */
  readonly tagsChanged = new Emitter<void>();

  private capacity = kInitialCapacity;
  private numbers = new Float64Array(kInitialCapacity);
  private others: TagValue[] = [];
  private kinds = new Uint8Array(kInitialCapacity);
  private statuses = new Uint32Array(kInitialCapacity);
  private times = new Float64Array(kInitialCapacity).fill(Number.NaN);
  private seen = new Uint8Array(kInitialCapacity);
  private silent = new Uint8Array(kInitialCapacity);
  private plain = new Uint8Array(kInitialCapacity);
  private uses = new Uint16Array(kInitialCapacity);
  private dirtyFlags = new Uint8Array(kInitialCapacity);
  private dirtySlots = new Int32Array(kInitialCapacity);
  private dirtyCount = 0;
  private spareSlots = new Int32Array(kInitialCapacity);

  private readonly descriptions: TagDesc[] = [];
  private readonly slotOfPath = new Map<string, number>();
  private slotOfHandle = new Map<number, number>();
  private readonly silentSources = new Set<string>();
  private linkLost = false;
  private flushPlanned = false;
  private readonly malformed = new Set<number>();

  /** `beforeFlush` runs at each drawn frame that was asked for, even when nothing changed. */
  constructor(
    private readonly nextFrame: FrameScheduler,
    private readonly beforeFlush: () => void = () => {},
  ) {}

  /** Number of slots ever given; the slots are 0..size-1. */
  get size(): number {
    return this.descriptions.length;
  }

  /** Number of slots some subscription holds now. */
  get liveCount(): number {
    let count = 0;
    for (let slot = 0; slot < this.size; slot++) if (this.uses[slot]) count++;
    return count;
  }

  slotOf(path: string): number | undefined {
    return this.slotOfPath.get(path);
  }

  /** Whether a subscription holds the tag now. */
  isLive(slot: number): boolean {
    return (this.uses[slot] ?? 0) > 0;
  }

  /** The description last told for the slot. */
  describe(slot: number): TagDesc {
    const description = this.descriptions[slot];
    if (!description) throw new RangeError(`no tag has slot ${slot}`);
    return description;
  }

  value(slot: number): TagValue {
    switch (this.kinds[slot]) {
      case Kind.Number:
        return this.numbers[slot] as number;
      case Kind.Boolean:
        return this.numbers[slot] !== 0;
      case Kind.Other:
        return this.others[slot] as TagValue;
      default:
        return null;
    }
  }

  /** The value as a number: booleans as 0 and 1, everything that is not a number as NaN. No allocation. */
  numeric(slot: number): number {
    const kind = this.kinds[slot];
    return kind === Kind.Number || kind === Kind.Boolean ? (this.numbers[slot] as number) : Number.NaN;
  }

  /** The OPC UA StatusCode last told. */
  status(slot: number): number {
    return this.statuses[slot] ?? 0;
  }

  /** Source time in ms since 1970; NaN before the first value. */
  time(slot: number): number {
    return this.times[slot] ?? Number.NaN;
  }

  /** What a display shows: the status last told, and whether anything still vouches for it. */
  quality(slot: number): Quality {
    if (!this.seen[slot]) return Quality.None;
    const status = this.statuses[slot] as number;
    if (isBad(status)) return Quality.Bad;
    if (this.linkLost || this.silent[slot]) return Quality.Stale;
    return isUncertain(status) ? Quality.Uncertain : Quality.Good;
  }

  read(slot: number): TagSnapshot {
    return {
      slot,
      path: this.describe(slot).n,
      value: this.value(slot),
      status: this.status(slot),
      quality: this.quality(slot),
      time: this.time(slot),
    };
  }

  // ── for the client ──────────────────────────────────────────────────────────────────────────────────────────

  /** Another server instance: its handles mean other tags. Slots and last values stay. */
  forgetHandles(): void {
    this.slotOfHandle = new Map();
  }

  /** Takes a description; returns the slot of its path. */
  define(description: TagDesc): number {
    let slot = this.slotOfPath.get(description.n);
    if (slot === undefined) {
      slot = this.descriptions.length;
      this.grow(slot + 1);
      this.slotOfPath.set(description.n, slot);
    }
    this.descriptions[slot] = description;
    this.slotOfHandle.set(description.h, slot);
    this.plain[slot] = !description.dims && kPlainNumbers.has(description.ty) ? 1 : 0;
    this.silent[slot] = this.silentSources.has(description.src) ? 1 : 0;
    this.touch(slot);
    return slot;
  }

  /** A subscription begins to hold the slot. */
  retain(slot: number): void {
    this.uses[slot] = (this.uses[slot] as number) + 1;
  }

  /** A subscription lets go of the slot; without any the last value is forgotten. */
  release(slot: number): void {
    const uses = (this.uses[slot] as number) - 1;
    this.uses[slot] = Math.max(0, uses);
    if (uses > 0) return;
    this.seen[slot] = 0;
    this.kinds[slot] = Kind.Null;
    this.others[slot] = null;
    this.times[slot] = Number.NaN;
    this.statuses[slot] = 0;
    this.touch(slot);
  }

  /** Writes the rows of a data frame whose times are relative to `base`. Rows of unknown handles are skipped. */
  apply(rows: readonly Row[], base: number): void {
    for (const row of rows) {
      const slot = this.slotOfHandle.get(row[0]) ?? kNoSlot;
      if (slot === kNoSlot) continue;
      this.times[slot] = base + (row[2] ?? 0);
      this.statuses[slot] = row[3] ?? 0;
      this.seen[slot] = 1;
      this.write(slot, row[1]);
      this.touch(slot);
    }
  }

  /** A stale source vouches for none of its tags. */
  setSourceState(source: SourceStatus): void {
    const silent = source.state === "stale";
    if (silent === this.silentSources.has(source.n)) return;
    if (silent) this.silentSources.add(source.n);
    else this.silentSources.delete(source.n);
    for (let slot = 0; slot < this.size; slot++) {
      if (this.descriptions[slot]?.src !== source.n) continue;
      this.silent[slot] = silent ? 1 : 0;
      this.touch(slot);
    }
  }

  /** Without a connection nothing vouches for any value. */
  setLinkLost(lost: boolean): void {
    if (lost === this.linkLost) return;
    this.linkLost = lost;
    for (let slot = 0; slot < this.size; slot++) this.touch(slot);
  }

  /** Asks for a flush at the next drawn frame. */
  planFlush(): void {
    if (this.flushPlanned) return;
    this.flushPlanned = true;
    this.nextFrame(() => this.flush());
  }

  private flush(): void {
    this.flushPlanned = false;
    this.beforeFlush();
    if (this.dirtyCount === 0) return;
    const slots = this.dirtySlots;
    const count = this.dirtyCount;
    // Listeners may cause new changes: these go into the other buffer and the next flush.
    this.dirtySlots = this.spareSlots;
    this.spareSlots = slots;
    this.dirtyCount = 0;
    for (let i = 0; i < count; i++) this.dirtyFlags[slots[i] as number] = 0;
    this.flushed.emit({ slots, count });
  }

  private touch(slot: number): void {
    if (this.dirtyFlags[slot]) return;
    this.dirtyFlags[slot] = 1;
    this.dirtySlots[this.dirtyCount++] = slot;
    this.planFlush();
  }

  private write(slot: number, raw: unknown): void {
    if (this.plain[slot] && typeof raw === "number") {
      this.kinds[slot] = Kind.Number;
      this.numbers[slot] = raw;
      return;
    }
    this.place(slot, this.decode(slot, raw));
  }

  private place(slot: number, value: TagValue): void {
    switch (typeof value) {
      case "number":
        this.kinds[slot] = Kind.Number;
        this.numbers[slot] = value;
        break;
      case "boolean":
        this.kinds[slot] = Kind.Boolean;
        this.numbers[slot] = value ? 1 : 0;
        break;
      default:
        this.kinds[slot] = value === null ? Kind.Null : Kind.Other;
        this.others[slot] = value;
    }
  }

  private decode(slot: number, raw: unknown): TagValue {
    const description = this.describe(slot);
    try {
      return decodeValue(description.ty, raw);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.statuses[slot] = kBadDecodingError;
      if (!this.malformed.has(slot)) {
        this.malformed.add(slot);
        console.error(`tagwire: value of ${description.n} dropped: ${error.message}`);
      }
      return null;
    }
  }

  private grow(needed: number): void {
    if (needed <= this.capacity) return;
    const capacity = Math.max(needed, this.capacity * 2);
    const moved = <T extends Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array>(
      to: T,
      from: T,
    ): T => {
      to.set(from);
      return to;
    };
    this.numbers = moved(new Float64Array(capacity), this.numbers);
    this.kinds = moved(new Uint8Array(capacity), this.kinds);
    this.statuses = moved(new Uint32Array(capacity), this.statuses);
    this.times = moved(new Float64Array(capacity).fill(Number.NaN), this.times);
    this.seen = moved(new Uint8Array(capacity), this.seen);
    this.silent = moved(new Uint8Array(capacity), this.silent);
    this.plain = moved(new Uint8Array(capacity), this.plain);
    this.uses = moved(new Uint16Array(capacity), this.uses);
    this.dirtyFlags = moved(new Uint8Array(capacity), this.dirtyFlags);
    this.dirtySlots = moved(new Int32Array(capacity), this.dirtySlots);
    this.spareSlots = moved(new Int32Array(capacity), this.spareSlots);
    this.capacity = capacity;
  }
}
