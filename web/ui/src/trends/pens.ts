/** The pens of the view: tags by path, each with the colour of its place. */
import type { TagStore } from "@tagwire/client";
import type { Pen } from "../trend/axes.js";

/** Pens whose tags the server has told; tags may be named in the URL before that. */
export function pensOf(store: TagStore, paths: readonly string[]): Pen[] {
  return paths.flatMap((path, index) => {
    const slot = store.slotOf(path);
    return slot === undefined || !store.isLive(slot)
      ? []
      : [{ slot, tag: store.describe(slot), colour: `--pen-${index + 1}` }];
  });
}

export function samePens(a: readonly Pen[], b: readonly Pen[]): boolean {
  return a.length === b.length && a.every((pen, index) => samePen(pen, b[index]));
}

function samePen(a: Pen, b: Pen | undefined): boolean {
  return b !== undefined && a.slot === b.slot && a.tag === b.tag && a.colour === b.colour;
}

/** Whether the tag has a number to draw. */
export function isDrawable({ ty, dims }: Pen["tag"]): boolean {
  return dims === undefined && /^(bool|[iu](8|16|32|64)|f32|f64)$/.test(ty);
}

/** Type of what is dragged from the search onto the chart. */
export const kPenType = "application/x-tagwire-pen";
