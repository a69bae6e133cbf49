/** The columns of the table of tags: which there are, which fit, and how wide they are. */
import type { SortKey, TagColumn } from "../state/view.svelte.js";

export type ColumnId = TagColumn | "pen" | "name" | "value";

interface Column {
  readonly id: ColumnId;
  readonly sort?: SortKey;
  /** Narrower tables go without it, px. */
  readonly from?: number;
  /** Track of the grid; `flat`: where whole paths need the room that groups save. */
  readonly track: (flat: boolean, width: number) => string;
}

const kCompact = 1020;
const fixed =
  (wide: number, compact = wide) =>
  (_flat: boolean, width: number) =>
    `${width > kCompact ? wide : compact}px`;

export const kColumns: readonly Column[] = [
  { id: "pen", track: fixed(26) },
  { id: "name", sort: "name", track: (flat) => (flat ? "minmax(180px, 2fr)" : "minmax(150px, 1.3fr)") },
  {
    id: "description",
    sort: "description",
    from: 900,
    track: (flat) => (flat ? "minmax(100px, 1.2fr)" : "minmax(120px, 1.5fr)"),
  },
  { id: "value", sort: "value", track: fixed(178, 168) },
  { id: "unit", sort: "unit", track: fixed(52, 48) },
  {
    id: "quality",
    sort: "quality",
    track: (_flat, width) => `minmax(${width > kCompact ? 160 : 132}px, 1fr)`,
  },
  { id: "age", sort: "time", track: fixed(60) },
  { id: "time", from: 1340, track: fixed(88) },
  { id: "range", from: kCompact, track: fixed(104) },
  { id: "spark", from: 900, track: fixed(112, 96) },
];

export interface Layout {
  /** `grid-template-columns` of the header and every row. */
  readonly template: string;
  /** Ids of the columns that are not there. */
  readonly absent: readonly ColumnId[];
}

/** `width`: of the table, px. `hidden`: what the reader does without. */
export function layoutOf(width: number, flat: boolean, hidden: readonly TagColumn[]): Layout {
  const without: readonly string[] = hidden;
  const present = kColumns.filter(({ id, from }) => !without.includes(id) && width > (from ?? 0));
  return {
    template: present.map(({ track }) => track(flat, width)).join(" "),
    absent: kColumns.filter((column) => !present.includes(column)).map(({ id }) => id),
  };
}
