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

/** Whether a table that is `width` px wide has room for a column. */
function hasRoom({ from = 0 }: Column, width: number): boolean {
  return width > from;
}

/** The columns that the reader wants, and that the table has no room for; none before its width is known. */
export function withoutRoom(width: number, hidden: readonly TagColumn[]): readonly ColumnId[] {
  if (width === 0) return [];
  const without: readonly string[] = hidden;
  return kColumns
    .filter((column) => !without.includes(column.id) && !hasRoom(column, width))
    .map(({ id }) => id);
}

export interface Layout {
  /** `grid-template-columns` of the header and every row. */
  readonly template: string;
  /** Ids of the columns that are not there. */
  readonly absent: readonly ColumnId[];
}

/** `width`: of the table, px. `hidden`: what the reader does without. */
export function layoutOf(width: number, flat: boolean, hidden: readonly TagColumn[]): Layout {
  const without: readonly string[] = hidden;
  const present = kColumns.filter((column) => !without.includes(column.id) && hasRoom(column, width));
  return {
    template: present.map(({ track }) => track(flat, width)).join(" "),
    absent: kColumns.filter((column) => !present.includes(column)).map(({ id }) => id),
  };
}
