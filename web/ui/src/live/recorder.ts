/**
 * The last ten minutes of tags as the page saw them: what sparklines and the trend draw until the server keeps
 * history. Bounded: a ring per tag, and a bound on the number of rings; the least recently wanted goes first.
 */
import { type Flush, Quality, type TagStore } from "@tagwire/client";

export const kWindowMs = 600_000;
/** Ten minutes of four samples a second, with a reserve for jitter. */
const kRingCapacity = 2_600;
const kFirstCapacity = 64;
const kMaxRings = 400;
/** A source time further than this from the server's clock is not used as a position in time. */
const kPlausibleClockMs = 5_000;

export enum Trust {
  Good = 0,
  Uncertain = 1,
  /** Nothing is known from here to the next sample. */
  Gap = 2,
}

/** Samples in the order of time; the oldest is overwritten. */
export class Ring {
  private times = new Float64Array(kFirstCapacity);
  private values = new Float64Array(kFirstCapacity);
  private trusts = new Uint8Array(kFirstCapacity);
  private start = 0;
  private used = 0;

  get length(): number {
    return this.used;
  }

  time(index: number): number {
    return this.times[this.at(index)] as number;
  }

  value(index: number): number {
    return this.values[this.at(index)] as number;
  }

  trust(index: number): Trust {
    return this.trusts[this.at(index)] as Trust;
  }

  get firstTime(): number {
    return this.used ? this.time(0) : Number.POSITIVE_INFINITY;
  }

  get lastTime(): number {
    return this.used ? this.time(this.used - 1) : Number.NEGATIVE_INFINITY;
  }

  /** Index of the first sample at or after `time`; `length` when there is none. */
  firstAtOrAfter(time: number): number {
    let low = 0;
    let high = this.used;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds a sample; one that is not newer than the last replaces it. */
  push(time: number, value: number, trust: Trust): void {
    if (this.used && time <= this.lastTime) {
      const last = this.at(this.used - 1);
      this.values[last] = value;
      this.trusts[last] = trust;
      return;
    }
    if (this.used === this.times.length) this.makeRoom();
    const at = this.at(this.used++);
    this.times[at] = time;
    this.values[at] = value;
    this.trusts[at] = trust;
  }

  private at(index: number): number {
    return (this.start + index) % this.times.length;
  }

  private makeRoom(): void {
    const size = this.times.length;
    if (size >= kRingCapacity) {
      this.start = (this.start + 1) % size;
      this.used--;
      return;
    }
    const capacity = Math.min(kRingCapacity, size * 2);
    const copy = <T extends Float64Array | Uint8Array>(to: T, from: T): T => {
      for (let i = 0; i < this.used; i++) to[i] = from[this.at(i)] as number;
      return to;
    };
    this.times = copy(new Float64Array(capacity), this.times);
    this.values = copy(new Float64Array(capacity), this.values);
    this.trusts = copy(new Uint8Array(capacity), this.trusts);
    this.start = 0;
  }
}

export class Recorder {
  // A Map keeps insertion order: its first key is the least recently wanted slot.
  private readonly rings = new Map<number, Ring>();

  constructor(
    private readonly store: TagStore,
    private readonly serverNow: () => number,
  ) {
    store.flushed.on((flush) => this.record(flush));
  }

  /** The ring of a slot; recording begins with the first call where there are more tags than rings. */
  ring(slot: number): Ring {
    let ring = this.rings.get(slot);
    if (ring) {
      this.rings.delete(slot);
    } else {
      ring = new Ring();
      if (this.rings.size >= kMaxRings) this.rings.delete(this.rings.keys().next().value as number);
      this.sample(slot, ring);
    }
    this.rings.set(slot, ring);
    return ring;
  }

  /** Nobody looks from now on: what happens until `lookAgain` is not known. */
  lookAway(): void {
    const now = this.serverNow();
    for (const ring of this.rings.values()) ring.push(now, Number.NaN, Trust.Gap);
  }

  lookAgain(): void {
    for (const [slot, ring] of this.rings) this.sample(slot, ring);
  }

  private record({ slots, count }: Flush): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i] as number;
      let ring = this.rings.get(slot);
      if (!ring) {
        if (this.rings.size >= kMaxRings || !this.store.isLive(slot)) continue;
        ring = new Ring();
        this.rings.set(slot, ring);
      }
      this.sample(slot, ring);
    }
  }

  private sample(slot: number, ring: Ring): void {
    const { store } = this;
    const quality = store.quality(slot);
    const now = this.serverNow();
    if (quality === Quality.Bad || quality === Quality.Stale || quality === Quality.None) {
      if (ring.length) ring.push(now, Number.NaN, Trust.Gap);
      return;
    }
    const source = store.time(slot);
    const plausible = Math.abs(source - now) < kPlausibleClockMs && source > ring.lastTime;
    const value = store.numeric(slot);
    const trust = Number.isFinite(value)
      ? quality === Quality.Uncertain
        ? Trust.Uncertain
        : Trust.Good
      : Trust.Gap;
    ring.push(plausible ? source : now, value, trust);
  }
}
