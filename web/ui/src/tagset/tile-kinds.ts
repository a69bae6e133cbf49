/** What shows a tag best, by its type, its labels and its range. Dashboards and screens ask the same question. */
import type { TagDesc } from "@tagwire/client";
import { displayRange } from "../live/limits.js";
import { isDrawable } from "../trends/pens.js";

/**
 * `switch`: on or off · `scale`: a number that stands somewhere in its range · `line`: a number without one ·
 * `reading`: what is read as text, such as the label of a state · `rows`: what has many parts.
 */
export type Showing = "switch" | "scale" | "line" | "reading" | "rows";

export function showingOf(tag: TagDesc): Showing {
  if (tag.dims !== undefined || tag.ty === "struct") return "rows";
  if (tag.ty === "bool") return "switch";
  if (!isDrawable(tag) || tag.en !== undefined) return "reading";
  return displayRange(tag) ? "scale" : "line";
}

/** Numbers that make lines of a trend: neither switches nor states. */
export function isMeasurement(tag: TagDesc): boolean {
  const showing = showingOf(tag);
  return showing === "scale" || showing === "line";
}

/** Path of the level that all the tags share: `Plant.Line` of `Plant.Line.A` and `Plant.Line.B.C`; empty: none. */
export function commonLevel(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split(".").slice(0, -1));
  let shared = first ?? [];
  for (const levels of others) {
    const end = shared.findIndex((level, at) => level !== levels[at]);
    if (end >= 0) shared = shared.slice(0, end);
  }
  return shared.join(".");
}
