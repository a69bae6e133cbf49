/**
 * Values as text: fixed decimals from the tag's description, tabular digits, a true minus sign. Formatters are
 * cached because making one costs a thousand times what using one does.
 */
import type { LocalizedText, TagDesc, TagValue } from "@tagwire/client";
import { type Locale, languageTag, messagesOf } from "../i18n/locale.js";

export const kNoValue = "—.—";
const kMinus = "\u2212";
const kEllipsis = "…";
/** Longest text of a cell; the whole text goes into its title. */
const kMaxCellLength = 48;
const kMaxTitleLength = 2_000;
const kMaxArrayElements = 6;
const kMaxBytes = 12;
const kSignificantDigits = 4;
const kMaxGuessedDecimals = 6;

/** A value of a cell: its text, and the whole text where the cell shows only a part. */
export interface CellText {
  readonly text: string;
  readonly full?: string;
}

function trueMinus(text: string): string {
  return text.replace("-", kMinus);
}

export class Formatter {
  private readonly numbers = new Map<number, Intl.NumberFormat>();
  private readonly scientific: Intl.NumberFormat;
  private readonly integers: Intl.NumberFormat;
  private readonly compact: Intl.NumberFormat;
  private readonly clock: Intl.DateTimeFormat;
  private readonly preciseClock: Intl.DateTimeFormat;
  private readonly dateTime: Intl.DateTimeFormat;
  private readonly dateOnly: Intl.DateTimeFormat;
  private readonly relative: Intl.RelativeTimeFormat;

  constructor(private readonly locale: Locale) {
    const language = languageTag(locale);
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    this.scientific = new Intl.NumberFormat(language, { notation: "scientific", maximumFractionDigits: 3 });
    this.integers = new Intl.NumberFormat(language, { maximumFractionDigits: 0, useGrouping: "min2" });
    this.compact = new Intl.NumberFormat(language, {
      maximumSignificantDigits: kSignificantDigits,
      useGrouping: false,
    });
    this.clock = new Intl.DateTimeFormat(language, time);
    this.preciseClock = new Intl.DateTimeFormat(language, { ...time, fractionalSecondDigits: 1 });
    this.dateTime = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
    this.dateOnly = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" });
    this.relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  }

  /** A count: 12,345. */
  count(value: number): string {
    return this.integers.format(value);
  }

  /** A number with exactly `decimals` places. */
  fixed(value: number, decimals: number): string {
    let format = this.numbers.get(decimals);
    if (!format) {
      format = new Intl.NumberFormat(languageTag(this.locale), {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        useGrouping: "min2",
      });
      this.numbers.set(decimals, format);
    }
    return trueMinus(format.format(value));
  }

  /** 14:32:07 */
  time(ms: number): string {
    return this.clock.format(ms);
  }

  /** 14:32:07.4 */
  timeWithTenths(ms: number): string {
    return Number.isFinite(ms) ? this.preciseClock.format(ms) : "";
  }

  /** 2026-11-23 14:32:07 */
  date(ms: number): string {
    return Math.abs(ms) <= 8.64e15 ? this.dateTime.format(ms) : String(ms);
  }

  /** 2026-11-23 */
  day(ms: number): string {
    return Math.abs(ms) <= 8.64e15 ? this.dateOnly.format(ms) : String(ms);
  }

  /** A day as seen from now: `in 12 days`, `tomorrow`, `3 days ago`. */
  dayFrom(now: number, ms: number): string {
    return this.relative.format(Math.round((startOfDay(ms) - startOfDay(now)) / 86_400_000), "day");
  }

  /** An age in its largest fitting unit; ages below a second are all the same to a reader. */
  age(ms: number): string {
    const words = messagesOf(this.locale).age;
    if (!Number.isFinite(ms)) return words.never;
    const seconds = Math.max(0, ms) / 1000;
    if (seconds < 1) return words.now;
    if (seconds < 120) return words.seconds(String(Math.floor(seconds)));
    if (seconds < 7_200) return words.minutes(String(Math.floor(seconds / 60)));
    if (seconds < 172_800) return words.hours(String(Math.floor(seconds / 3_600)));
    return words.days(this.count(Math.floor(seconds / 86_400)));
  }

  /** An age with tenths while it is short: the data age of the status line. */
  fineAge(ms: number): string {
    const words = messagesOf(this.locale).age;
    if (!Number.isFinite(ms)) return words.never;
    return ms < 10_000 ? words.tenths(this.fixed(Math.max(0, ms) / 1000, 1)) : this.age(ms);
  }

  /** The text of a value, without its unit. */
  value(tag: TagDesc, value: TagValue): CellText {
    if (value === null) return { text: kNoValue };
    if (Array.isArray(value)) return this.array(tag, value);
    return cut(this.scalar(tag, value));
  }

  /** A description in the language of the page. */
  description(tag: TagDesc): string {
    const { d } = tag;
    if (d === undefined || typeof d === "string") return d ?? "";
    return d[this.locale] ?? d["en"] ?? Object.values(d)[0] ?? "";
  }

  private scalar(tag: TagDesc, value: TagValue): string {
    switch (typeof value) {
      case "boolean":
        return this.boolean(tag, value);
      case "number":
        return this.number(tag, value);
      case "bigint":
        return trueMinus(this.integers.format(value));
      case "string":
        return value;
      default:
        return this.object(tag, value as object);
    }
  }

  private boolean(tag: TagDesc, value: boolean): string {
    const words = messagesOf(this.locale).values;
    return tag.en?.[value ? "1" : "0"] ?? (value ? words.true : words.false);
  }

  private number(tag: TagDesc, value: number): string {
    const label = tag.en?.[String(value)];
    if (label !== undefined) return label;
    if (tag.ty === "time") return this.date(value);
    if (tag.ty === "status") return `0x${value.toString(16).toUpperCase().padStart(8, "0")}`;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+∞" : `${kMinus}∞`;
    const decimals = decimalsOf(tag);
    if (decimals !== undefined) return this.fixed(value, decimals);
    return this.withoutRange(value);
  }

  /** A real number of which nothing is known: four significant digits, more would only flicker. */
  private withoutRange(value: number): string {
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e9 || size < 1e-2)) return trueMinus(this.scientific.format(value));
    const leading = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
    return this.fixed(value, Math.max(0, kSignificantDigits - leading));
  }

  /** Elements of arrays stand side by side, not below one another: no padding with zeros. */
  private element(tag: TagDesc, value: TagValue): string {
    if (typeof value !== "number" || !Number.isFinite(value) || decimalsOf(tag) !== undefined || tag.en) {
      return this.scalar(tag, value);
    }
    return trueMinus(this.compact.format(value));
  }

  private object(tag: TagDesc, value: object): string {
    if (value instanceof Uint8Array) return this.bytes(value);
    if (tag.ty === "ltext") return (value as LocalizedText).text;
    return JSON.stringify(value);
  }

  private bytes(value: Uint8Array): string {
    const shown = [...value.subarray(0, kMaxBytes)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join(" ");
    const words = messagesOf(this.locale).values.bytes(this.count(value.length));
    return `[${words}] ${shown}${value.length > kMaxBytes ? kEllipsis : ""}`.trim();
  }

  private array(tag: TagDesc, value: readonly TagValue[]): CellText {
    const lengths = shapeOf(value).join("×");
    const flat = value.flat(Number.POSITIVE_INFINITY as 1) as TagValue[];
    const texts = flat.slice(0, kMaxArrayElements).map((element) => this.element(tag, element));
    const cell = cut(
      `[${lengths}] ${texts.join(", ")}${flat.length > kMaxArrayElements ? kEllipsis : ""}`.trim(),
    );
    return flat.length > kMaxArrayElements || cell.full
      ? { text: cell.text, full: JSON.stringify(value, printable).slice(0, kMaxTitleLength) }
      : cell;
  }
}

/** Decimal places of a tag; undefined for a real number whose description says nothing. */
export function decimalsOf(tag: TagDesc): number | undefined {
  if (tag.dp !== undefined) return tag.dp;
  if (tag.ty !== "f32" && tag.ty !== "f64") return 0;
  if (!tag.eu) return undefined;
  const span = Math.abs(tag.eu[1] - tag.eu[0]);
  if (!(span > 0)) return undefined;
  return Math.min(kMaxGuessedDecimals, Math.max(0, 3 - Math.floor(Math.log10(span))));
}

/** Midnight of the day in the time zone of the browser. */
function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function shapeOf(value: readonly TagValue[]): number[] {
  const first = value[0];
  return [value.length, ...(Array.isArray(first) ? shapeOf(first) : [])];
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function cut(text: string): CellText {
  if (text.length <= kMaxCellLength) return { text };
  return { text: `${text.slice(0, kMaxCellLength - 1)}${kEllipsis}`, full: text.slice(0, kMaxTitleLength) };
}
