/** The tags of a table with their present values, as a file for a spreadsheet: RFC 4180, in UTF-8 with its mark. */
import { statusName, type TagStore, type TagValue } from "@tagwire/client";
import { displayRange } from "../live/limits.js";
import { qualityName } from "../live/quality-text.js";

const kByteOrderMark = "\uFEFF";
const kHead = [
  "tag",
  "description",
  "value",
  "unit",
  "quality",
  "status",
  "time",
  "source",
  "range_low",
  "range_high",
  "low_low",
  "low",
  "high",
  "high_high",
] as const;

type Cell = string | number | bigint | boolean | undefined;

/** Text of a stranger must not become a formula: spreadsheets take what begins like one for one. */
function cellOf(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function plainOf(value: TagValue): Cell {
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
    case "string":
      return value;
    default:
      return value === null
        ? undefined
        : JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part));
  }
}

/** `describe`: the description of a tag in the language of the page. */
export function tableOf(
  store: TagStore,
  slots: readonly number[],
  describe: (slot: number) => string,
): string {
  const lines = slots.map((slot) => {
    const tag = store.describe(slot);
    const time = store.time(slot);
    const status = store.status(slot);
    const range = displayRange(tag);
    const { lim } = tag;
    const cells: Cell[] = [
      tag.n,
      describe(slot),
      plainOf(store.value(slot)),
      tag.u,
      qualityName(store.quality(slot), status),
      statusName(status),
      Number.isNaN(time) ? undefined : new Date(time).toISOString(),
      tag.src,
      range?.[0],
      range?.[1],
      lim?.ll,
      lim?.l,
      lim?.h,
      lim?.hh,
    ];
    return cells.map(cellOf).join(",");
  });
  return `${kByteOrderMark}${[kHead.join(","), ...lines].join("\r\n")}\r\n`;
}
