import { type BackoffLimits, kDefaultBackoff } from "./backoff.js";
import { Connection, type LinkState } from "./connection.js";
import {
  defaultFrameScheduler,
  defaultSocketConstructor,
  defaultVisibility,
  type FrameScheduler,
  type SocketConstructor,
  type Visibility,
} from "./environment.js";
import type {
  ClientFrame,
  ErrFrame,
  HistPartFrame,
  OkFrame,
  ServerFrame,
  SrcFrame,
} from "./generated/protocol.js";
import { type History, type HistoryQuery, HistoryRequest } from "./history.js";
import { SourceBook } from "./sources.js";
import { TagStore } from "./store.js";
import { Subscription, type SubscriptionOptions } from "./subscription.js";
import type { TagValue } from "./values.js";
import {
  Button,
  connectionLost,
  notConnected,
  type WriteOptions,
  type Written,
  writeErrorOf,
  writeFrame,
  writtenIn,
} from "./writing.js";

export interface ClientOptions {
  /** WebSocket endpoint, e.g. `ws://127.0.0.1:5000/ws`. */
  readonly url: string;
  /** A token of a program (`twt_…`), said before anything else. A browser of somebody who has logged in needs none. */
  readonly token?: string | undefined;
  /** The WebSocket class where there is no global one, or for tests. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** When to draw. Default: the browser's animation frames; 16 ms elsewhere. */
  readonly nextFrame?: FrameScheduler | undefined;
  readonly visibility?: Visibility | undefined;
  readonly backoff?: BackoffLimits | undefined;
  readonly random?: (() => number) | undefined;
}

/** Counters since the client was made. */
export interface ClientStats {
  readonly frames: number;
  readonly rows: number;
  /** When the last data frame arrived (ms, this machine's clock); 0 before the first. */
  readonly lastData: number;
}

/** Wait before a subscription that the server refused for now is asked for again. */
const kRefusedRetryMs = 5_000;

type Answer = {
  ok(frame: OkFrame): void;
  err(frame: ErrFrame): void;
  part?(frame: HistPartFrame): void;
  /** The connection ended before the answer came. */
  lost?(): void;
};

/**
 * A connection to a Tagwire server with its subscriptions and the values they bring. Everything runs on the thread
 * that made it. Nothing is sent before `connect()`.
 */
export class TagwireClient {
  readonly store: TagStore;
  readonly sources = new SourceBook();
  private readonly connection: Connection;
  private readonly visibility: Visibility;
  private readonly token: string | undefined;
  private readonly subscriptions = new Set<Subscription>();
  private readonly answers = new Map<number, Answer>();
  private readonly retries = new Map<Subscription, ReturnType<typeof setTimeout>>();
  private nextId = 1;
  private boot = "";
  private frames = 0;
  private rows = 0;
  private lastData = 0;
  private stopWatching: (() => void) | undefined;

  constructor(options: ClientOptions) {
    this.visibility = options.visibility ?? defaultVisibility();
    this.token = options.token;
    this.store = new TagStore(options.nextFrame ?? defaultFrameScheduler(), () => this.returnCredits());
    this.connection = new Connection({
      url: options.url,
      WebSocket: options.WebSocket ?? defaultSocketConstructor(),
      visibility: this.visibility,
      backoff: options.backoff ?? kDefaultBackoff,
      random: options.random ?? Math.random,
    });
    this.connection.stateChanged.on((state) => this.followLink(state));
    this.connection.frame.on((frame) => this.dispatch(frame));
  }

  get state(): LinkState {
    return this.connection.state;
  }

  get stats(): ClientStats {
    return { frames: this.frames, rows: this.rows, lastData: this.lastData };
  }

  /** When the last message of any kind arrived (ms, this machine's clock); 0 before the first. */
  get lastHeard(): number {
    return this.connection.lastHeard;
  }

  /** The server's clock now, in ms since 1970. Ages are differences to it, so a wrong local clock does no harm. */
  serverNow(): number {
    return this.connection.serverNow();
  }

  /** Told at every change of the connection; returns the remover. */
  onState(listener: (state: LinkState) => void): () => void {
    return this.connection.stateChanged.on(listener);
  }

  /** Connects, or tries again at once when the client waits or was refused. */
  connect(): void {
    // Credits held back while nobody looked are due when somebody does.
    this.stopWatching ??= this.visibility.onChange(() => this.store.planFlush());
    this.connection.connect();
  }

  close(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    for (const timer of this.retries.values()) clearTimeout(timer);
    this.retries.clear();
    this.connection.close();
  }

  /** Connects anew, as whoever this client is for the server now: what the one before was told may not be his. */
  reconnect(): void {
    for (const subscription of this.subscriptions) subscription.startOver();
    this.close();
    this.connect();
  }

  /** Subscribes to tag paths and patterns (`*` one level, `**` any depth). Works before and during a connection. */
  subscribe(tags: readonly string[], options: SubscriptionOptions = {}): Subscription {
    const subscription = new Subscription(tags, options, this.store, () => this.store.setLinkLost(false));
    this.subscriptions.add(subscription);
    this.open(subscription);
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    if (!this.subscriptions.delete(subscription)) return;
    clearTimeout(this.retries.get(subscription));
    this.retries.delete(subscription);
    const id = subscription.id;
    if (id !== undefined) this.request((request) => ({ t: "unsub", id: request, sub: id }), kIgnoreAnswer);
    subscription.closed();
  }

  /**
   * Asks for the past of tags. Rejects with a `HistoryError`, at once where there is no connection: nothing is kept for
   * later. Aborting tells the server, and rejects with the signal's reason.
   */
  history(query: HistoryQuery, signal?: AbortSignal): Promise<History> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const request = new HistoryRequest(query, resolve, reject);
      const id = this.request((number) => request.frame(number), {
        ok: (frame) => request.done(frame),
        err: (frame) => request.refused(frame),
        part: (frame) => request.part(frame),
        lost: () => request.disconnected(),
      });
      if (id === undefined) {
        request.disconnected();
        return;
      }
      signal?.addEventListener("abort", () => this.cancel(id, request, signal.reason), { once: true });
    });
  }

  /**
   * Writes values to tags by their paths; where the server's rules refuse one of them it writes none. Resolves with
   * what came of each, in their order: look at its `status`. Rejects with a `WriteError`, at once where there is no
   * connection: nothing is kept for later.
   */
  write(
    values: Readonly<Record<string, TagValue>> | ReadonlyMap<string, TagValue>,
    options: WriteOptions = {},
  ): Promise<readonly Written[]> {
    const map = values instanceof Map ? values : new Map(Object.entries(values));
    return new Promise((resolve, reject) => {
      const id = this.request((number) => writeFrame(number, map, options), {
        ok: (frame) => resolve(writtenIn(frame)),
        err: (frame) => reject(writeErrorOf(frame)),
        lost: () => reject(connectionLost()),
      });
      if (id === undefined) reject(notConnected());
    });
  }

  /** Writes `value`, and `release` when the button is let go: by it, by the end of the connection, or by silence. */
  press(tag: string, value: TagValue, release: TagValue): Button {
    const button: Button = new Button(this.nextId++, tag, value, release, {
      send: (frame) => this.connection.send(frame),
      expect: (id) =>
        this.answers.set(id, {
          ok: (f) => button.ok(f),
          err: (f) => button.err(f),
          lost: () => button.lost(),
        }),
    });
    return button;
  }

  private cancel(id: number, request: HistoryRequest, reason: unknown): void {
    if (!this.answers.has(id)) return;
    this.answers.set(id, kIgnoreAnswer);
    this.connection.send({ t: "cancel", id });
    request.abort(reason);
  }

  private open(subscription: Subscription): void {
    this.request((id) => subscription.request(id), {
      ok: (frame) => {
        if (this.subscriptions.has(subscription)) subscription.accept(frame);
        else if (frame.sub !== undefined) this.abandonLate(frame.sub);
      },
      err: (frame) => {
        subscription.refuse(frame);
        if (frame.retry) this.retryLater(subscription);
      },
    });
  }

  /** A subscription that was given up before its answer came. */
  private abandonLate(sub: number): void {
    this.request((id) => ({ t: "unsub", id, sub }), kIgnoreAnswer);
  }

  private retryLater(subscription: Subscription): void {
    if (!this.subscriptions.has(subscription)) return;
    clearTimeout(this.retries.get(subscription));
    this.retries.set(
      subscription,
      setTimeout(() => {
        this.retries.delete(subscription);
        if (subscription.state === "refused") this.open(subscription);
      }, kRefusedRetryMs),
    );
  }

  /** The number of the request; undefined where there is no connection. */
  private request(frame: (id: number) => ClientFrame, answer: Answer): number | undefined {
    const id = this.nextId++;
    if (!this.connection.send(frame(id))) return undefined;
    this.answers.set(id, answer);
    return id;
  }

  private followLink(state: LinkState): void {
    if (state.name === "live") {
      if (state.hello.boot !== this.boot) this.store.forgetHandles();
      this.boot = state.hello.boot;
      this.sources.clear();
      if (this.token !== undefined) this.authenticate(this.token);
      // The values stay marked as lost until a subscription says that they are current again.
      for (const subscription of this.subscriptions) this.open(subscription);
    } else {
      const unanswered = [...this.answers.values()];
      this.answers.clear();
      for (const answer of unanswered) answer.lost?.();
      for (const subscription of this.subscriptions) subscription.disconnected();
      this.store.setLinkLost(true);
    }
  }

  /** The server takes frames in order: what follows is asked as whom the token says. */
  private authenticate(token: string): void {
    this.request((id) => ({ t: "auth", id, token }), {
      ok() {},
      err: (frame) => this.connection.refuseLogin(frame.msg),
    });
  }

  private dispatch(frame: ServerFrame): void {
    switch (frame.t) {
      case "data": {
        this.frames += 1;
        this.rows += frame.v.length;
        this.lastData = Date.now();
        this.byId(frame.sub)?.data(frame, this.boot);
        break;
      }
      case "tags": {
        this.byId(frame.sub)?.describe(frame.add ?? []);
        this.store.tagsChanged.emit();
        break;
      }
      case "hist":
        this.answers.get(frame.id)?.part?.(frame);
        break;
      case "ok":
        this.take(frame.id)?.ok(frame);
        break;
      case "err":
        this.takeError(frame);
        break;
      case "src":
        this.follow(frame);
        break;
      case "lag":
        this.byId(frame.sub)?.lagged.emit(frame);
        break;
    }
  }

  private follow(frame: SrcFrame): void {
    const { t: _, ...status } = frame;
    this.store.setSourceState(status);
    this.sources.set(status);
  }

  private takeError(frame: ErrFrame): void {
    const answer = frame.id === undefined ? undefined : this.take(frame.id);
    if (answer) answer.err(frame);
    else console.error(`tagwire: the server answered ${frame.code}: ${frame.msg}`);
  }

  private take(id: number): Answer | undefined {
    const answer = this.answers.get(id);
    this.answers.delete(id);
    return answer;
  }

  private byId(sub: number): Subscription | undefined {
    for (const subscription of this.subscriptions) if (subscription.id === sub) return subscription;
    return undefined;
  }

  /** One credit for each frame that was drawn; none while nobody looks, so that a hidden page costs nothing. */
  private returnCredits(): void {
    if (this.visibility.hidden()) return;
    for (const subscription of this.subscriptions) {
      const n = subscription.takeCredits();
      if (n > 0 && subscription.id !== undefined)
        this.connection.send({ t: "credit", sub: subscription.id, n });
    }
  }
}

const kIgnoreAnswer: Answer = { ok() {}, err() {} };
