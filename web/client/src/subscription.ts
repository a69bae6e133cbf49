import { Emitter } from "./emitter.js";
import type {
  BadTag,
  DataFrame,
  ErrFrame,
  LagFrame,
  Mode,
  OkFrame,
  Resume,
  SubFrame,
  TagDesc,
} from "./generated/protocol.js";
import type { TagStore } from "./store.js";

export interface SubscriptionOptions {
  /** `latest` (default): the newest value of each tag. `all`: every change, in order. */
  readonly mode?: Mode;
  /** Shortest time between two data frames, ms. Default 100. */
  readonly min?: number;
  /** Data frames that may wait undrawn; default 2. 0: no flow control. */
  readonly credits?: number;
}

export type SubscriptionState = "pending" | "active" | "refused" | "closed";

const kDefaultCredits = 2;

/**
 * A set of tags that the server keeps current, over reconnects and server restarts. Made by
 * `TagwireClient.subscribe`. Values go to the client's store; `slots` says which of its slots belong here.
 */
export class Subscription {
  readonly stateChanged = new Emitter<SubscriptionState>();
  /** A subscription in mode `all` skipped changes, or has caught up. */
  readonly lagged = new Emitter<LagFrame>();
  /** Each data frame just after its rows went into the store, e.g. to look at every change of mode `all`. */
  readonly dataArrived = new Emitter<DataFrame>();

  /** Names and patterns the server could not serve. */
  bad: readonly BadTag[] = [];
  /** The server's refusal, when `state` is `refused`. */
  refusal: ErrFrame | undefined;

  private current: SubscriptionState = "pending";
  private readonly held = new Set<number>();
  private stillTold: Set<number> | undefined;
  private resumeAt: Resume | undefined;
  private undrawn = 0;
  private serverId: number | undefined;
  private readonly credits: number;

  constructor(
    readonly tags: readonly string[],
    private readonly options: SubscriptionOptions,
    private readonly store: TagStore,
    /** Called when the held values are current again after (re)subscribing. */
    private readonly synchronised: () => void,
  ) {
    this.credits = options.credits ?? kDefaultCredits;
  }

  get state(): SubscriptionState {
    return this.current;
  }

  /** Slots of the tags of this subscription. */
  get slots(): ReadonlySet<number> {
    return this.held;
  }

  /** Number the server gave; undefined while not subscribed. */
  get id(): number | undefined {
    return this.serverId;
  }

  /** The frame that (re)opens this subscription. */
  request(id: number): SubFrame {
    return {
      t: "sub",
      id,
      tags: this.tags,
      ...(this.options.mode && { mode: this.options.mode }),
      ...(this.options.min !== undefined && { min: this.options.min }),
      ...(this.credits > 0 && { credits: this.credits }),
      ...(this.resumeAt && { resume: this.resumeAt }),
    };
  }

  accept(ok: OkFrame): void {
    this.serverId = ok.sub;
    this.bad = ok.bad ?? [];
    this.undrawn = 0;
    this.refusal = undefined;
    // Without a resume the descriptions are told anew up to the end of the snapshot; those not told are gone.
    this.stillTold = ok.resumed ? undefined : new Set();
    if (!ok.resumed) this.resumeAt = undefined;
    this.describe(ok.tags ?? []);
    this.enter("active");
    this.store.tagsChanged.emit();
    if (ok.resumed) this.synchronised();
  }

  refuse(error: ErrFrame): void {
    this.refusal = error;
    this.serverId = undefined;
    this.enter("refused");
  }

  /** New or changed descriptions. */
  describe(descriptions: readonly TagDesc[]): void {
    for (const description of descriptions) {
      const slot = this.store.define(description);
      this.stillTold?.add(slot);
      if (this.held.has(slot)) continue;
      this.held.add(slot);
      this.store.retain(slot);
    }
  }

  data(frame: DataFrame, boot: string): void {
    this.store.apply(frame.v, frame.b);
    this.undrawn += 1;
    if (!frame.more) {
      this.resumeAt = { boot, seq: frame.seq };
      if (this.stillTold) {
        this.dropVanished(this.stillTold);
        this.synchronised();
      }
    }
    this.dataArrived.emit(frame);
    // Even a frame without a change must return its credit.
    this.store.planFlush();
  }

  /** Credits of the frames drawn since the last call. */
  takeCredits(): number {
    const drawn = this.undrawn;
    this.undrawn = 0;
    return this.credits > 0 ? drawn : 0;
  }

  disconnected(): void {
    this.serverId = undefined;
    this.undrawn = 0;
    if (this.current === "active") this.enter("pending");
  }

  /** The next request asks for everything again instead of what was missed. */
  startOver(): void {
    this.resumeAt = undefined;
  }

  closed(): void {
    this.disconnected();
    for (const slot of this.held) this.store.release(slot);
    this.held.clear();
    this.enter("closed");
    this.store.tagsChanged.emit();
  }

  private dropVanished(told: ReadonlySet<number>): void {
    this.stillTold = undefined;
    let vanished = false;
    for (const slot of [...this.held]) {
      if (told.has(slot)) continue;
      this.held.delete(slot);
      this.store.release(slot);
      vanished = true;
    }
    if (vanished) this.store.tagsChanged.emit();
  }

  private enter(state: SubscriptionState): void {
    this.current = state;
    this.stateChanged.emit(state);
  }
}
