/** What the search of the title bar finds: pages first, then screens, then tags, best first. */
import type { TagDesc, TagStore } from "@tagwire/client";
import { kLocales, type Locale, messagesOf } from "../i18n/locale.js";
import { kPages, kSections, type PageName, type ViewState } from "../state/view.svelte.js";
import { makeFilter } from "../tags/filter.js";

export type Entry =
  | { readonly kind: "page"; readonly id: string; readonly change: Partial<ViewState> }
  | {
      readonly kind: "screen";
      readonly id: string;
      readonly title: string;
      readonly change: Partial<ViewState>;
    }
  | { readonly kind: "tag"; readonly id: string; readonly slot: number; readonly tag: TagDesc };

const kMostTags = 30;
const kMostScreens = 10;

/** Names of a page or section in every language: whoever switched by mistake finds back. */
function namesOf(id: string): string[] {
  return kLocales.map((locale) => titleOf(id, locale));
}

/** The title of a page (`sources`) or of a section of one (`sources/certificates`). */
export function titleOf(id: string, locale: (typeof kLocales)[number]): string {
  const { pages, sources } = messagesOf(locale);
  const titles: Readonly<Record<string, string>> = pages;
  const sections: Readonly<Record<string, string>> = sources.sections;
  const [page = "", section] = id.split("/");
  return section === undefined ? (titles[page] ?? page) : (sections[section] ?? section);
}

function pageEntries(offered: (page: PageName) => boolean): Entry[] {
  const pages = kPages
    .filter(offered)
    .map((page): Entry => ({ kind: "page", id: page, change: { page, section: "list" } }));
  const sections = kSections
    .filter((section) => section !== "list")
    .map(
      (section): Entry => ({ kind: "page", id: `sources/${section}`, change: { page: "sources", section } }),
    );
  return [...pages, ...sections];
}

/** 0 is best: the name itself, the last level's begin, any level's begin, anywhere, only in the description. */
function distance(path: string, needle: string): number {
  const text = path.toLowerCase();
  if (text === needle) return 0;
  const last = text.slice(text.lastIndexOf(".") + 1);
  if (last === needle) return 1;
  if (last.startsWith(needle)) return 2;
  if (text.startsWith(needle) || text.includes(`.${needle}`)) return 3;
  return text.includes(needle) ? 4 : 5;
}

/** A screen by its names in every language. */
export interface NamedScreen {
  readonly name: string;
  readonly titles: Readonly<Record<Locale, string>>;
}

function screenEntries(needle: string, screens: readonly NamedScreen[], locale: Locale): Entry[] {
  return screens
    .filter(({ titles }) => Object.values(titles).some((title) => title.toLowerCase().includes(needle)))
    .slice(0, kMostScreens)
    .map(({ name, titles }) => ({
      kind: "screen",
      id: `screen/${name}`,
      title: titles[locale],
      change: { page: "screens", screen: name },
    }));
}

/** All pages for an empty query; else the pages, at most 10 screens and 30 tags that fit it. */
export function findEntries(
  query: string,
  store: TagStore,
  screens: readonly NamedScreen[] = [],
  locale: Locale = "en",
  offered: (page: PageName) => boolean = () => true,
): Entry[] {
  const needle = query.trim().toLowerCase();
  const filter = makeFilter(query);
  const pages = pageEntries(offered).filter(
    ({ id }) => !needle || namesOf(id).some((name) => name.toLowerCase().includes(needle)),
  );
  if (!filter) return pages;
  const tags: { readonly slot: number; readonly tag: TagDesc; readonly far: number }[] = [];
  for (let slot = 0; slot < store.size; slot++) {
    if (!store.isLive(slot)) continue;
    const tag = store.describe(slot);
    if (filter(tag)) tags.push({ slot, tag, far: distance(tag.n, needle) });
  }
  const order = new Intl.Collator("en", { numeric: true }).compare;
  tags.sort((a, b) => a.far - b.far || order(a.tag.n, b.tag.n));
  return [
    ...pages,
    ...screenEntries(needle, screens, locale),
    ...tags.slice(0, kMostTags).map(({ slot, tag }): Entry => ({ kind: "tag", id: tag.n, slot, tag })),
  ];
}

/** Where a tag is shown: its row in the table, or its trend beside the pens that are there. */
export function viewOfTag(path: string, trend: boolean, pens: readonly string[]): Partial<ViewState> {
  if (!trend) return { page: "tags", query: path, show: "all" };
  return { page: "trends", pens: pens.includes(path) ? pens : [...pens.slice(-7), path], focus: path };
}
