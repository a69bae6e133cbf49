/** Screens that come with the pages: those of the demonstration plant, shown while its tags are there. */
import type { TagStore } from "@tagwire/client";
import type { Locale } from "../../i18n/locale.js";
import type { ScreenDocument } from "../document/types.js";
import { tagsOf } from "../runtime/scene.js";
import { kDistillation } from "./distillation.js";
import { kOverview } from "./overview.js";
import { kReaction } from "./reaction.js";

export const kBuiltIn: ReadonlyMap<string, ScreenDocument> = new Map([
  ["demo-overview", kOverview],
  ["demo-reaction", kReaction],
  ["demo-distillation", kDistillation],
]);

/** Most of its tags are there: it is the plant that the screen was drawn for. */
export function isAtHome(screen: ScreenDocument, store: TagStore): boolean {
  const tags = new Set(screen.elements.flatMap(tagsOf));
  let there = 0;
  for (const tag of tags) if (store.slotOf(tag) !== undefined) there++;
  return there > tags.size / 2;
}

/** What the search calls those that are at home here. */
export function namesOfBuiltIn(store: TagStore): { name: string; titles: Record<Locale, string> }[] {
  return [...kBuiltIn]
    .filter(([, screen]) => isAtHome(screen, store))
    .map(([name, { title, titleZh = title }]) => ({ name, titles: { en: title, zh: titleZh } }));
}
