/** Writing to the plant: orders, buttons that are held, and what came of them. */
import type {
  ErrFrame,
  ErrorCode,
  HoldFrame,
  OkFrame,
  PressFrame,
  ReleaseFrame,
  WireValue,
  WriteFrame,
  WriteRow,
} from "./generated/protocol.js";
import type { TagValue } from "./values.js";

export interface WriteOptions {
  /** Time to live, ms: what could not be sent to its source by then is not sent at all. Default 3000. */
  readonly ttl?: number;
  /** Names the order: the same key with the same values writes once, however often it is asked. Default: a new one. */
  readonly key?: string;
}

/** What came of one value. */
export interface Written {
  readonly tag: string;
  /** OPC UA StatusCode; 0 = Good: the device has taken it. */
  readonly status: number;
  /** Read back from the device, as it travelled; null: not written, or not readable. */
  readonly value: WireValue;
  /** In words why not, or what the device made of it; empty while all is well. */
  readonly message: string;
}

/**
 * Why an order came to nothing: an error code of the protocol, `not_connected` (nothing was sent), or `lost` (the
 * connection ended before the answer came: whether it was written is not known, until the same key is asked again).
 */
export class WriteError extends Error {
  override readonly name = "WriteError";

  constructor(
    readonly code: ErrorCode | "not_connected" | "lost",
    message: string,
    readonly retry: boolean,
  ) {
    super(message);
  }
}

/** How often a held button says so; the server lets go after 2 s of silence. */
const kHoldEveryMs = 500;

/** A value as it is sent: whole numbers that JSON cannot hold exactly as decimal digits. */
export function encodeValue(value: TagValue): WireValue {
  if (typeof value === "bigint") {
    const exact = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
    return exact ? Number(value) : value.toString();
  }
  if (Array.isArray(value)) return value.map((element: TagValue) => encodeValue(element));
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`${value} cannot be written`);
  if (value === null || typeof value !== "object") return value;
  throw new TypeError("only booleans, numbers, texts, times, and arrays of those can be written");
}

/** 128 random bits. Also where there is no crypto.randomUUID, as on pages without TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function writtenOf([tag, status, value, message = ""]: WriteRow): Written {
  return { tag: String(tag), status, value, message };
}

export function writeErrorOf(frame: ErrFrame): WriteError {
  return new WriteError(frame.code, frame.msg, frame.retry);
}

export function notConnected(): WriteError {
  return new WriteError("not_connected", "there is no connection to the server: nothing was written", true);
}

export function connectionLost(): WriteError {
  return new WriteError(
    "lost",
    "the connection ended before the answer came: whether it was written is not known",
    true,
  );
}

export function writeFrame(
  id: number,
  values: ReadonlyMap<string, TagValue>,
  { ttl, key }: WriteOptions,
): WriteFrame {
  return {
    t: "write",
    id,
    key: key ?? newKey(),
    ...(ttl !== undefined && { ttl }),
    w: [...values].map(([tag, value]) => [tag, encodeValue(value)] as const),
  };
}

export function writtenIn(frame: OkFrame): readonly Written[] {
  return (frame.w ?? []).map(writtenOf);
}

/** How a button speaks with the server. */
export interface ButtonLink {
  /** False where there is no connection. */
  send(frame: PressFrame | HoldFrame | ReleaseFrame): boolean;
  /** From now on answers with this number are the button's. */
  expect(id: number): void;
}

/**
 * A value that stands only while somebody holds the button. It says twice a second that it is held; when that stops,
 * for whatever reason, the server writes the value for letting go.
 */
export class Button {
  /** What came of pressing. Rejects with a WriteError. */
  readonly pressed: Promise<Written>;
  /** What came of letting go, whoever did it. Rejects with a WriteError where nobody can tell. */
  readonly released: Promise<Written>;
  private settlePress: PromiseWithResolvers<Written> | undefined;
  private readonly settleRelease: PromiseWithResolvers<Written>;
  private timer: ReturnType<typeof setInterval> | undefined;
  private letGo = false;
  private over = false;

  constructor(
    private readonly id: number,
    private readonly tag: string,
    value: TagValue,
    release: TagValue,
    private readonly link: ButtonLink,
  ) {
    this.settlePress = resolvers();
    this.settleRelease = resolvers();
    this.pressed = this.settlePress.promise;
    this.released = this.settleRelease.promise;
    // Whoever does not look at them is not to be troubled.
    this.pressed.catch(() => {});
    this.released.catch(() => {});
    const frame: PressFrame = {
      t: "press",
      id,
      w: [tag, encodeValue(value)],
      release: encodeValue(release),
    };
    if (!link.send(frame)) {
      this.fail(notConnected());
      return;
    }
    link.expect(id);
    this.timer = setInterval(() => this.sayHeld(), kHoldEveryMs);
  }

  /** Lets go. May be called more than once. */
  release(): Promise<Written> {
    if (!this.over && !this.letGo) {
      this.letGo = true;
      clearInterval(this.timer);
      // Before the answer to the press it waits: the server takes both in their order.
      if (!this.link.send({ t: "release", id: this.id })) this.fail(connectionLost());
    }
    return this.released;
  }

  /** The server's answer to the press, or to letting go. */
  ok(frame: OkFrame): void {
    const written = writtenIn(frame)[0] ?? { tag: this.tag, status: 0, value: null, message: "" };
    if (!this.settlePress) {
      this.settleRelease.resolve(written);
      this.end();
      return;
    }
    this.settlePress.resolve(written);
    this.settlePress = undefined;
    if (isRefused(written.status)) {
      this.settleRelease.reject(new WriteError("not_found", "it was never pressed", false));
      this.end();
    } else {
      this.link.expect(this.id);
    }
  }

  err(frame: ErrFrame): void {
    this.fail(writeErrorOf(frame));
  }

  lost(): void {
    this.fail(connectionLost());
  }

  private sayHeld(): void {
    if (!this.link.send({ t: "hold", id: this.id })) this.fail(connectionLost());
  }

  private fail(error: WriteError): void {
    this.settlePress?.reject(error);
    this.settlePress = undefined;
    this.settleRelease.reject(error);
    this.end();
  }

  private end(): void {
    this.over = true;
    clearInterval(this.timer);
  }
}

/** Both severity bits of a Bad StatusCode. */
function isRefused(status: number): boolean {
  return status >>> 31 === 1;
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Promise.withResolvers, which not every browser has yet. */
function resolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
