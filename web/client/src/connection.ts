/**
 * One WebSocket that comes back: connects, waits for hello, watches the heartbeat, and after a loss tries again
 * with jittered backoff unless the close code says that this is pointless.
 */
import { type BackoffLimits, backoffDelay } from "./backoff.js";
import { Emitter } from "./emitter.js";
import type { SocketConstructor, SocketLike, Visibility } from "./environment.js";
import {
  type ClientFrame,
  type HelloFrame,
  kCloseCodes,
  kSubprotocol,
  type RetryPolicy,
  type ServerFrame,
} from "./generated/protocol.js";

const kProtocolVersion = 1;
/** From opening the socket to hello. */
const kHelloTimeoutMs = 10_000;
/** A connection that lived this long was a success: the next loss starts the backoff anew. */
const kStableMs = 10_000;
/** Silence allowed, in heartbeat intervals. */
const kSilentHeartbeats = 2;
const kSocketOpen = 1;
const kCloseNormal = 1000;
const kCloseAuthenticate = 4001;

/** Why a connection ended or could not be made. */
export interface Loss {
  /** WebSocket close code; 1006 when there was none. */
  readonly code: number;
  readonly reason: string;
}

export type LinkState =
  /** Not asked to connect. */
  | { readonly name: "idle" }
  /** An attempt is under way. */
  | { readonly name: "connecting"; readonly attempt: number }
  /** hello has arrived. */
  | { readonly name: "live"; readonly hello: HelloFrame }
  /** The link is lost; the next attempt starts at `retryAt` (ms, this machine's clock). */
  | { readonly name: "waiting"; readonly attempt: number; readonly retryAt: number; readonly loss: Loss }
  /** Given up until `connect()` is called: the server said that retrying is pointless. */
  | { readonly name: "refused"; readonly policy: "after_login" | "no" | "version"; readonly loss: Loss };

export interface ConnectionOptions {
  readonly url: string;
  readonly WebSocket: SocketConstructor;
  readonly visibility: Visibility;
  readonly backoff: BackoffLimits;
  readonly random: () => number;
}

export class Connection {
  readonly stateChanged = new Emitter<LinkState>();
  /** Every frame of a live connection except hello. */
  readonly frame = new Emitter<ServerFrame>();

  private current: LinkState = { name: "idle" };
  private socket: SocketLike | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private liveSince = 0;
  private heard = 0;
  private clockOffset = 0;
  private stopWatching: (() => void) | undefined;

  constructor(private readonly options: ConnectionOptions) {}

  get state(): LinkState {
    return this.current;
  }

  /** When the last message arrived (ms, this machine's clock); 0 before the first. */
  get lastHeard(): number {
    return this.heard;
  }

  /** The server's clock now, in ms since 1970, to within the delay of the link. */
  serverNow(): number {
    return Date.now() + this.clockOffset;
  }

  /** Starts, or tries again at once when waiting or refused. */
  connect(): void {
    this.stopWatching ??= this.options.visibility.onChange(() => this.wake());
    if (this.current.name === "connecting" || this.current.name === "live") return;
    this.open();
  }

  /** Closes for good; `connect()` starts anew. */
  close(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    this.abandon(kCloseNormal, "");
    this.attempt = 0;
    this.enter({ name: "idle" });
  }

  /** Sends a frame; false when there is no live connection. Nothing is ever kept for later. */
  send(frame: ClientFrame): boolean {
    if (this.current.name !== "live" || this.socket?.readyState !== kSocketOpen) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The server does not take what was shown: trying again with the same is pointless. */
  refuseLogin(reason: string): void {
    this.refuse("after_login", { code: kCloseAuthenticate, reason });
  }

  private open(): void {
    this.abandon(kCloseNormal, "");
    this.enter({ name: "connecting", attempt: this.attempt });
    let socket: SocketLike;
    try {
      socket = new this.options.WebSocket(this.options.url, kSubprotocol);
    } catch (error) {
      this.lost({ code: 1006, reason: String(error) });
      return;
    }
    this.socket = socket;
    socket.onmessage = (event) => this.receive(socket, event.data);
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost({ code: event.code, reason: event.reason });
    };
    // A close event with the code follows every error.
    socket.onerror = () => {};
    this.after(kHelloTimeoutMs, () => this.drop("no hello within 10 s"));
  }

  private receive(socket: SocketLike, data: unknown): void {
    if (socket !== this.socket) return;
    this.heard = Date.now();
    const frame = parseFrame(data);
    if (!frame) {
      this.refuse("no", { code: 4009, reason: "the server sent a message that is not a tagwire.v1 frame" });
    } else if (frame.t === "hello") {
      this.greet(frame);
    } else if (this.current.name === "live") {
      if (frame.t === "ping" || frame.t === "pong") this.setClock(frame.now);
      this.frame.emit(frame);
    }
  }

  private greet(hello: HelloFrame): void {
    if (hello.v !== kProtocolVersion) {
      this.refuse("version", { code: 4009, reason: `the server speaks version ${hello.v} of the protocol` });
      return;
    }
    this.setClock(hello.now);
    this.liveSince = this.heard;
    this.enter({ name: "live", hello });
    this.watchHeartbeat(hello.ping * kSilentHeartbeats);
  }

  private setClock(serverNow: number): void {
    this.clockOffset = serverNow - this.heard;
  }

  private watchHeartbeat(silence: number): void {
    const rest = this.heard + silence - Date.now();
    this.after(Math.max(rest, 0), () => {
      if (Date.now() - this.heard >= silence) this.drop("nothing heard for two heartbeats");
      else this.watchHeartbeat(silence);
    });
  }

  /** The page was shown again or the network came back: do not wait for timers that slept. */
  private wake(): void {
    if (this.options.visibility.hidden()) return;
    if (this.current.name === "waiting") {
      this.open();
    } else if (this.current.name === "live") {
      const silence = this.current.hello.ping * kSilentHeartbeats;
      if (Date.now() - this.heard >= silence) this.drop("slept longer than two heartbeats");
    }
  }

  /** Ends a connection that is dead though its socket does not know it yet. */
  private drop(reason: string): void {
    this.abandon(kCloseNormal, reason);
    this.lost({ code: 1006, reason });
  }

  private refuse(policy: "after_login" | "no" | "version", loss: Loss): void {
    this.abandon(kCloseNormal, "");
    this.enter({ name: "refused", policy, loss });
  }

  private lost(loss: Loss): void {
    this.abandon(kCloseNormal, "");
    const policy: RetryPolicy = kCloseCodes[loss.code]?.retry ?? "yes";
    if (policy !== "yes") {
      this.enter({ name: "refused", policy, loss });
      return;
    }
    if (this.liveSince && Date.now() - this.liveSince >= kStableMs) this.attempt = 0;
    this.liveSince = 0;
    const delay = backoffDelay(this.attempt, this.options.random, this.options.backoff);
    this.attempt += 1;
    this.enter({ name: "waiting", attempt: this.attempt, retryAt: Date.now() + delay, loss });
    this.after(delay, () => this.open());
  }

  private abandon(code: number, reason: string): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(code, reason);
  }

  private after(delay: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, delay);
  }

  private enter(state: LinkState): void {
    this.current = state;
    this.stateChanged.emit(state);
  }
}

function parseFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && typeof (frame as { t?: unknown }).t === "string"
      ? (frame as ServerFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
