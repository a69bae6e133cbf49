/** The rows of the tag table: filtered, grouped and sorted. */
import { Quality, type TagDesc, type TagStore } from "@tagwire/client";
import type { Locale } from "../i18n/locale.js";
import { beyondLimit } from "../live/limits.js";
import type { Grouping, Show, SortKey } from "../state/view.svelte.js";
import type { TagFilter } from "./filter.js";

export interface GroupRow {
  readonly kind: "group";
  readonly key: string;
  readonly count: number;
  readonly collapsed: boolean;
}

export interface TagRowItem {
  readonly kind: "tag";
  readonly slot: number;
  /** The path, without the part its group says already. */
  readonly label: string;
}

export type TableRow = GroupRow | TagRowItem;

export interface RowQuery {
  readonly filter: TagFilter | undefined;
  readonly show: Show;
  readonly group: Grouping;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly collapsed: ReadonlySet<string>;
  readonly locale: Locale;
}

const kByAttention: Readonly<Record<Quality, number>> = {
  [Quality.Bad]: 0,
  [Quality.Stale]: 1,
  [Quality.Uncertain]: 2,
  [Quality.None]: 3,
  [Quality.Good]: 4,
};

function isShown(store: TagStore, slot: number, show: Show): boolean {
  if (show === "all") return true;
  const quality = store.quality(slot);
  switch (show) {
    case "bad":
      return quality === Quality.Bad;
    case "uncertain":
      return quality === Quality.Uncertain;
    case "stale":
      return quality === Quality.Stale;
    case "limit":
      return (
        (quality === Quality.Good || quality === Quality.Uncertain) &&
        beyondLimit(store.describe(slot), store.numeric(slot)) !== undefined
      );
  }
}

function parentOf(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? "" : path.slice(0, dot);
}

/** Smaller groups go into the one above: headers for each loop of a unit would only tear it apart. */
const kSmallGroup = 6;

function groupBySource(store: TagStore, slots: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const slot of slots) put(groups, store.describe(slot).src, [slot]);
  return groups;
}

/** Slots by the path above them; what is too small goes into the group above. */
export function groupByPath(store: TagStore, slots: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const slot of slots) put(groups, parentOf(store.describe(slot).n), [slot]);
  const depthOf = (key: string) => key.split(".").length;
  const deepest = Math.max(0, ...[...groups.keys()].map(depthOf));
  for (let depth = deepest; depth > 1; depth--) {
    for (const [key, members] of [...groups]) {
      if (depthOf(key) !== depth || members.length >= kSmallGroup) continue;
      groups.delete(key);
      put(groups, parentOf(key), members);
    }
  }
  return groups;
}

function put(groups: Map<string, number[]>, key: string, slots: readonly number[]): void {
  const members = groups.get(key);
  if (members) members.push(...slots);
  else groups.set(key, [...slots]);
}

function description(tag: TagDesc, locale: Locale): string {
  const { d } = tag;
  return typeof d === "string" ? d : (d?.[locale] ?? "");
}

/** Compares by what a reader sees; live columns by the values of this moment. */
function comparator(
  store: TagStore,
  { sort, descending, locale }: RowQuery,
): (a: number, b: number) => number {
  const text = new Intl.Collator(locale === "zh" ? "zh-CN" : "en", { numeric: true }).compare;
  const name = (a: number, b: number) => text(store.describe(a).n, store.describe(b).n);
  const keys: Record<SortKey, (a: number, b: number) => number> = {
    name,
    description: (a, b) =>
      text(description(store.describe(a), locale), description(store.describe(b), locale)),
    unit: (a, b) => text(store.describe(a).u ?? "", store.describe(b).u ?? ""),
    value: (a, b) => numbersFirst(store.numeric(a), store.numeric(b)),
    quality: (a, b) => kByAttention[store.quality(a)] - kByAttention[store.quality(b)],
    time: (a, b) => numbersFirst(store.time(a), store.time(b)),
  };
  const key = keys[sort];
  const sign = descending ? -1 : 1;
  return (a, b) => sign * key(a, b) || name(a, b);
}

function numbersFirst(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

/** The slots that the query finds, sorted. */
export function findSlots(store: TagStore, query: RowQuery): number[] {
  const found: number[] = [];
  for (let slot = 0; slot < store.size; slot++) {
    if (!store.isLive(slot)) continue;
    if (query.filter && !query.filter(store.describe(slot))) continue;
    if (isShown(store, slot, query.show)) found.push(slot);
  }
  return found.sort(comparator(store, query));
}

/**
 * Lays `slots` out as rows: one header a group. Groups of process values, those with units, come before the rest:
 * they are what the page is for. Within both the order is that of the names.
 */
export function layOut(store: TagStore, slots: readonly number[], query: RowQuery): TableRow[] {
  const row = (slot: number, label: string): TagRowItem => ({ kind: "tag", slot, label });
  if (query.group === "none") return slots.map((slot) => row(slot, store.describe(slot).n));
  const groups = query.group === "path" ? groupByPath(store, slots) : groupBySource(store, slots);
  // Groups that were put together are no longer in the order of the slots.
  const place = new Map(slots.map((slot, index) => [slot, index]));
  const order = new Intl.Collator("en", { numeric: true }).compare;
  const rank = (members: readonly number[]) => (members.some((slot) => store.describe(slot).u) ? 0 : 1);
  return [...groups]
    .sort(([a, membersOfA], [b, membersOfB]) => rank(membersOfA) - rank(membersOfB) || order(a, b))
    .flatMap(([key, members]): TableRow[] => {
      const collapsed = query.collapsed.has(key);
      const skip = query.group === "path" && key ? key.length + 1 : 0;
      const header: GroupRow = { kind: "group", key, count: members.length, collapsed };
      if (collapsed) return [header];
      const ordered = members.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
      return [header, ...ordered.map((slot) => row(slot, store.describe(slot).n.slice(skip)))];
    });
}
