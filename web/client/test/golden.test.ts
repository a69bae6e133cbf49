/** Decodes every golden frame of the protocol, the same files the server's tests decode. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HistoryRequest } from "../src/history.js";
import {
  type BadTag,
  type ClientFrame,
  type DataFrame,
  type History,
  type HistPartFrame,
  kStatusNames,
  type LocalizedText,
  type RecordedSample,
  type ServerFrame,
  Subscription,
  type TagDesc,
  TagStore,
  type TagValue,
  type ValueType,
} from "../src/index.js";

interface GoldenRow {
  readonly handle: number;
  readonly type: ValueType | null;
  readonly value: unknown;
  readonly time: number;
  readonly status: number;
  readonly dims?: readonly number[];
  /** What a reader sees of bytes that are not UTF-8. */
  readonly shown?: string;
}

interface Golden {
  readonly name: string;
  readonly direction: "client" | "server";
  readonly frame: ServerFrame | ClientFrame;
  readonly meaning: Readonly<Record<string, unknown>> & { readonly rows?: readonly GoldenRow[] };
}

const kFolder = new URL("../../../schema/golden/", import.meta.url);
const kGolden = readdirSync(kFolder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, kFolder), "utf8")) as Golden);

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A decoded value in the words the golden files use. */
function canonical(type: ValueType, value: TagValue): unknown {
  if (Array.isArray(value)) return value.map((element: TagValue) => canonical(type, element));
  if (value === null) return null;
  switch (type) {
    case "i64":
    case "u64":
      return String(value);
    case "f32":
    case "f64":
      return Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value);
    case "bytes":
      return { hex: hex(value as Uint8Array) };
    case "qname": {
      const [, namespace, name] = /^(\d+):(.*)$/s.exec(value as string) ?? [];
      return { namespace: Number(namespace), name };
    }
    case "ltext":
      return { locale: (value as LocalizedText).locale, text: (value as LocalizedText).text };
    default:
      return value;
  }
}

/** Values whose types travel inside them reach the caller as the JSON that was sent. */
const kSelfDescribing: ReadonlySet<ValueType | null> = new Set(["dv", "variant", "diag"]);

function checkRow(store: TagStore, frame: DataFrame, row: GoldenRow): void {
  const slot = store.slotOf(`T${row.handle}`) as number;
  const got = store.read(slot);
  expect(got).toMatchObject({ time: row.time, status: row.status });
  const raw = frame.v.find(([handle]) => handle === row.handle)?.[1];
  if (kSelfDescribing.has(row.type)) {
    expect(got.value).toEqual(raw);
  } else if (row.shown !== undefined) {
    expect(got.value).toBe(row.shown);
  } else {
    const value = canonical(row.type ?? "variant", got.value);
    // The files list the elements of matrices in row-major order.
    expect(row.dims ? (value as unknown[]).flat(Number.POSITIVE_INFINITY) : value).toEqual(row.value);
  }
}

function meaningOfTag(tag: TagDesc): Record<string, unknown> {
  const { lim } = tag;
  return present({
    handle: tag.h,
    path: tag.n,
    type: tag.ty,
    dims: tag.dims,
    unit: tag.u,
    range: tag.eu,
    limits: lim && present({ lowLow: lim.ll, low: lim.l, high: lim.h, highHigh: lim.hh }),
    access: tag.rw ?? "r",
    description: tag.d,
    source: tag.src,
    labels: tag.en,
    decimals: tag.dp,
    samplingInterval: tag.si,
    simulated: tag.sim,
  });
}

function meaningOfBad(bad: BadTag): Record<string, unknown> {
  return { name: bad.n, code: bad.code, message: bad.msg };
}

function codeOf(name: string | undefined): number | undefined {
  return [...kStatusNames].find(([, other]) => other === name)?.[0];
}

function meaningOfSample(type: ValueType, sample: RecordedSample): Record<string, unknown> {
  const { time, value, status, serverTime, origin } = sample;
  return {
    type: value === null ? null : type,
    value: canonical(type, value),
    time,
    status,
    serverTime,
    origin,
  };
}

/** Put together by the client from one part. */
function meaningOfHistory(frame: HistPartFrame): Record<string, unknown> {
  let history: History | undefined;
  const request = new HistoryRequest(
    { tags: [frame.n], from: 0, to: 1 },
    (done) => {
      history = done;
    },
    () => {},
  );
  request.part(frame);
  request.done({ t: "ok", id: frame.id });
  const [series] = history?.series ?? [];
  return present({
    type: "hist",
    id: frame.id,
    path: series?.tag,
    valueType: series?.type,
    dims: frame.dims,
    base: frame.b,
    before: series?.before && meaningOfSample(frame.ty, series.before),
    samples: frame.v && series?.samples.map((sample) => meaningOfSample(frame.ty, sample)),
    intervals:
      frame.i &&
      series?.intervals.map(({ min, max, ...rest }) =>
        Object.fromEntries(
          Object.entries({ ...rest, minimum: min, maximum: max }).filter(([, value]) => value !== null),
        ),
      ),
  });
}

function meaningOf(frame: ServerFrame): Record<string, unknown> {
  const type = frame.t;
  switch (frame.t) {
    case "hello":
      return {
        type,
        boot: frame.boot,
        now: frame.now,
        ping: frame.ping,
        server: frame.server,
        limits: frame.max,
      };
    case "ok":
      return present({
        type,
        id: frame.id,
        sub: frame.sub,
        resumed: frame.resumed,
        tags: frame.tags?.map(meaningOfTag),
        bad: frame.bad?.map(meaningOfBad),
        next: frame.next,
        user: frame.user,
        role: frame.role,
        w: frame.w?.map(([tag, status, value, message]) => present({ tag, status, value, message })),
      });
    case "tags":
      return { type, sub: frame.sub, tags: frame.add?.map(meaningOfTag) };
    case "data":
      return {
        type,
        sub: frame.sub,
        seq: frame.seq,
        base: frame.b,
        snapshot: frame.snap === 1,
        more: frame.more === 1,
      };
    case "hist":
      return meaningOfHistory(frame);
    case "lag":
      return { type, sub: frame.sub, skipped: frame.skipped, state: frame.state };
    case "pong":
      return present({ type, id: frame.id, now: frame.now });
    case "ping":
      return { type, now: frame.now };
    case "src":
      return present({
        type,
        name: frame.n,
        kind: frame.kind,
        state: frame.state,
        since: frame.since,
        why: codeOf(frame.why),
        message: frame.msg,
        endpoint: frame.endpoint,
        tags: frame.tags,
        bad: frame.bad,
      });
    case "err":
      return present({ type, id: frame.id, code: frame.code, message: frame.msg, retry: frame.retry });
  }
}

/** Values that were read back come to the caller as they travelled: their tags' types are not used. */
function withoutTypes(meaning: Record<string, unknown>): Record<string, unknown> {
  const { w } = meaning as { w?: readonly Record<string, unknown>[] };
  return w ? { ...meaning, w: w.map(({ type: _, ...row }) => row) } : meaning;
}

const kWriteFrames = kGolden.filter((golden) => ["write", "press"].includes(golden.frame.t));

const kServerFrames = kGolden.filter((golden) => golden.direction === "server");
const kDataFrames = kServerFrames.filter((golden) => golden.frame.t === "data");
const kSubFrames = kGolden.filter((golden) => golden.frame.t === "sub");

describe("golden frames", () => {
  it("cover every frame of a server", () => {
    const covered = new Set(kServerFrames.map((golden) => golden.frame.t));
    expect([...covered].sort()).toEqual([
      "data",
      "err",
      "hello",
      "hist",
      "lag",
      "ok",
      "ping",
      "pong",
      "src",
      "tags",
    ]);
  });

  it.each(kServerFrames)("server: $name", ({ frame, meaning }) => {
    const { rows: _, ...rest } = meaning;
    expect(meaningOf(frame as ServerFrame)).toEqual(withoutTypes(rest));
  });

  it.each(kDataFrames)("values: $name", ({ frame, meaning }) => {
    const data = frame as DataFrame;
    const store = new TagStore(() => {});
    for (const row of meaning.rows ?? []) {
      const description: TagDesc = { h: row.handle, n: `T${row.handle}`, ty: row.type ?? "f64", src: "s" };
      store.define(
        row.dims || Array.isArray(row.value) ? { ...description, dims: row.dims ?? [0] } : description,
      );
    }
    store.apply(data.v, data.b);
    expect(meaning.rows).toHaveLength(data.v.length);
    for (const row of meaning.rows ?? []) checkRow(store, data, row);
  });

  it.each(kSubFrames)("client: $name", ({ frame, meaning }) => {
    const sub = frame as Extract<ClientFrame, { t: "sub" }>;
    const subscription = new Subscription(
      sub.tags,
      {
        credits: sub.credits ?? 0,
        ...(sub.mode && { mode: sub.mode }),
        ...(sub.min !== undefined && { min: sub.min }),
      },
      new TagStore(() => {}),
      () => {},
    );
    if (sub.resume) {
      subscription.accept({ t: "ok", id: 1, sub: 1, resumed: false, tags: [] });
      subscription.data({ t: "data", sub: 1, seq: sub.resume.seq, b: 0, v: [] }, sub.resume.boot);
    }
    const sent = subscription.request(sub.id);
    expect(sub).toMatchObject(sent);
    const { t: type, ...asked } = sent;
    expect({ type, mode: "latest", min: 100, ...asked }).toEqual(meaning);
  });

  it.each(kWriteFrames)("client: $name", ({ frame, meaning }) => {
    const item = ([tag, value]: readonly [number | string, unknown]) => ({ tag, value });
    const { t: type, w, ...rest } = frame as Extract<ClientFrame, { t: "write" | "press" }>;
    const items = type === "write" ? w.map(item) : item(w);
    expect({ type, ...(type === "write" && { ttl: 3000 }), ...rest, w: items }).toEqual(meaning);
  });
});
