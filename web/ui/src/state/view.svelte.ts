/** What the page shows, kept in the URL: a link shows the same view, and Back goes to the page before. */
import { type AuditFilter, kNoFilter, parseAuditFilter, putAuditFilter } from "../access/audit-filter.js";
import { isDocumentName } from "../documents/names.js";
import type { Locale } from "../i18n/locale.js";
import { type Bounds, kDefaultSpan, kLongest, type TimeWindow } from "../trends/time-window.js";

export type PageName =
  | "overview"
  | "screens"
  | "dashboards"
  | "trends"
  | "tags"
  | "space"
  | "sources"
  | "designer"
  | "diagnostics"
  | "users"
  | "audit"
  | "account";
/** The pages by what they are for: running the plant, setting up, looking after the server. */
export const kPageGroups = {
  operation: ["overview", "screens", "dashboards", "trends", "tags"],
  engineering: ["space", "sources", "designer"],
  system: ["diagnostics", "users", "audit"],
} as const satisfies Readonly<Record<string, readonly PageName[]>>;
export type PageGroup = keyof typeof kPageGroups;
/** With the one that is reached by the name of the user. */
export const kPages: readonly PageName[] = [...Object.values(kPageGroups).flat(), "account"];
/** Parts of the page of sources. */
export type SourcesSection = "list" | "certificates" | "add";
export const kSections: readonly SourcesSection[] = ["list", "certificates", "add"];
/** Parts of the page of users. */
export type UsersPart = "users" | "sessions" | "tokens";
export const kUsersParts: readonly UsersPart[] = ["users", "sessions", "tokens"];
export type ThemeChoice = "system" | "light" | "dark";
export const kThemes: readonly ThemeChoice[] = ["system", "light", "dark"];
export type SortKey = "name" | "description" | "value" | "unit" | "quality" | "time";
export const kSortKeys: readonly SortKey[] = ["name", "description", "value", "unit", "quality", "time"];
/** Columns of the table of tags that somebody may do without. */
export type TagColumn = "description" | "unit" | "quality" | "age" | "time" | "range" | "spark";
export const kTagColumns: readonly TagColumn[] = [
  "description",
  "unit",
  "quality",
  "age",
  "time",
  "range",
  "spark",
];
export type Grouping = "path" | "source" | "none";
export const kGroupings: readonly Grouping[] = ["path", "source", "none"];
/** Which rows: all, or one kind of those that need attention. */
export type Show = "all" | "bad" | "uncertain" | "stale" | "limit";
export const kShows: readonly Show[] = ["all", "bad", "uncertain", "stale", "limit"];

export const kMaxPens = 8;
/** Nodes ticked in the address space: as many as a URL can hold. */
export const kMaxPicks = 50;
const kLongestCycle = 3_600;

/** Whose clock the times of a chart are told by. */
export type ZoneChoice = "browser" | "plant";
export const kZones: readonly ZoneChoice[] = ["browser", "plant"];

/** A view as plain data: what a URL says. `pens` undefined: the page chooses. */
export interface ViewState {
  page: PageName;
  section: SourcesSection;
  /** Fingerprint of the certificate that a link points to; empty: none. */
  certificate: string;
  query: string;
  show: Show;
  group: Grouping;
  sort: SortKey;
  descending: boolean;
  /** Columns of the table that are not shown. */
  hidden: readonly TagColumn[];
  pens: readonly string[] | undefined;
  trend: boolean;
  /** What the page of trends shows. */
  window: TimeWindow;
  zone: ZoneChoice;
  /** Where the ruler stands, ms since 1970; undefined: it follows the pointer. */
  ruler: number | undefined;
  /** Path of the pen whose limits are drawn; empty: the first that has some. */
  focus: string;
  /** Path of the group of tags that the overview shows alone; empty: all. */
  unit: string;
  /** Name of the dashboard that is shown; empty: the list of all. */
  dashboard: string;
  /** Name of the screen that is shown or drawn; empty: the list of them. */
  screen: string;
  /** Id of the element of the screen whose faceplate is open; empty: none. */
  element: string;
  /** Source whose address space is shown; empty: the first. */
  source: string;
  /** Node id of the node whose attributes are shown; empty: none. */
  node: string;
  /** What is searched for in the address space. */
  find: string;
  /** Node ids of the ticked nodes. */
  picks: readonly string[];
  part: UsersPart;
  /** Which entries of the audit log are shown. */
  audit: AuditFilter;
  /** Without controls, for a screen on the wall. */
  kiosk: boolean;
  /** Seconds until the kiosk goes to the next page; 0: it stays. */
  cycle: number;
  lang: Locale;
  theme: ThemeChoice;
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[], otherwise: T): T {
  return allowed.includes(value as T) ? (value as T) : otherwise;
}

function timeOf(value: string | null): number | undefined {
  const time = value ? Number(value) : Number.NaN;
  return Number.isSafeInteger(time) ? time : undefined;
}

function cycleOf(value: string | null): number {
  const seconds = timeOf(value) ?? 0;
  return seconds >= 5 && seconds <= kLongestCycle ? seconds : 0;
}

function windowOf(parameters: URLSearchParams): TimeWindow {
  const span = timeOf(parameters.get("span")) ?? kDefaultSpan;
  const from = timeOf(parameters.get("from"));
  const to = timeOf(parameters.get("to"));
  const bounds: Bounds | undefined =
    from !== undefined && to !== undefined && from < to && to - from <= kLongest ? { from, to } : undefined;
  return { span: span >= 1_000 && span <= kLongest ? span : kDefaultSpan, bounds };
}

function documentIn(value: string | null): string {
  return value !== null && isDocumentName(value) ? value : "";
}

/** Reads a view from the query part of a URL; what it does not say comes from `otherwise`. */
export function parseView(search: string, otherwise: { lang: Locale; theme: ThemeChoice }): ViewState {
  const parameters = new URLSearchParams(search);
  const sort = parameters.get("sort") ?? "name";
  return {
    page: oneOf(parameters.get("page"), kPages, "tags"),
    section: oneOf(parameters.get("section"), kSections, "list"),
    certificate: /^[0-9a-f]{64}$/.exec(parameters.get("certificate") ?? "")?.[0] ?? "",
    query: parameters.get("q") ?? "",
    show: oneOf(parameters.get("show"), kShows, "all"),
    group: oneOf(parameters.get("group"), kGroupings, "path"),
    sort: oneOf(sort.replace(/^-/, ""), kSortKeys, "name"),
    descending: sort.startsWith("-"),
    hidden: kTagColumns.filter((column) => parameters.get("hide")?.split(",").includes(column)),
    pens: parameters.has("pens") ? parameters.getAll("pens").filter(Boolean).slice(0, kMaxPens) : undefined,
    trend: parameters.get("trend") !== "0",
    window: windowOf(parameters),
    zone: oneOf(parameters.get("zone"), kZones, "browser"),
    ruler: timeOf(parameters.get("ruler")),
    focus: parameters.get("focus") ?? "",
    unit: parameters.get("unit") ?? "",
    dashboard: documentIn(parameters.get("dashboard")),
    screen: documentIn(parameters.get("screen")),
    element: parameters.get("element") ?? "",
    source: parameters.get("source") ?? "",
    node: parameters.get("node") ?? "",
    find: parameters.get("find") ?? "",
    picks: [...new Set(parameters.getAll("pick").filter(Boolean))].slice(0, kMaxPicks),
    part: oneOf(parameters.get("part"), kUsersParts, "users"),
    audit: parseAuditFilter(parameters),
    kiosk: parameters.get("kiosk") === "1",
    cycle: cycleOf(parameters.get("cycle")),
    lang: oneOf(parameters.get("lang"), ["en", "zh"], otherwise.lang),
    theme: oneOf(parameters.get("theme"), kThemes, otherwise.theme),
  };
}

/** The query part of the URL of a view; defaults are left out, the rest of `search` is kept. */
export function formatView(view: ViewState, search: string): string {
  const parameters = new URLSearchParams(search);
  const put = (name: string, value: string, otherwise: string) => {
    if (value === otherwise) parameters.delete(name);
    else parameters.set(name, value);
  };
  put("page", view.page, "tags");
  put("section", view.section, "list");
  put("certificate", view.certificate, "");
  put("q", view.query, "");
  put("show", view.show, "all");
  put("group", view.group, "path");
  put("sort", `${view.descending ? "-" : ""}${view.sort}`, "name");
  put("hide", view.hidden.join(), "");
  put("trend", view.trend ? "1" : "0", "1");
  put("span", String(view.window.span), String(kDefaultSpan));
  put("from", String(view.window.bounds?.from ?? ""), "");
  put("to", String(view.window.bounds?.to ?? ""), "");
  put("zone", view.zone, "browser");
  put("ruler", String(view.ruler ?? ""), "");
  put("focus", view.focus, "");
  put("unit", view.unit, "");
  put("dashboard", view.dashboard, "");
  put("screen", view.screen, "");
  put("element", view.element, "");
  put("source", view.source, "");
  put("node", view.node, "");
  put("find", view.find, "");
  put("part", view.part, "users");
  putAuditFilter(view.audit, parameters);
  put("kiosk", view.kiosk ? "1" : "0", "0");
  put("cycle", String(view.cycle), "0");
  parameters.set("lang", view.lang);
  put("theme", view.theme, "system");
  parameters.delete("pens");
  if (view.pens?.length === 0) parameters.set("pens", "");
  for (const pen of view.pens ?? []) parameters.append("pens", pen);
  parameters.delete("pick");
  for (const pick of view.picks) parameters.append("pick", pick);
  return `?${parameters.toString()}`;
}

const kStorageKey = "tagwire.view";

function remembered(): { lang: Locale; theme: ThemeChoice } {
  const browser = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  try {
    const kept = new URLSearchParams(localStorage.getItem(kStorageKey) ?? "");
    return {
      lang: oneOf(kept.get("lang"), ["en", "zh"], browser),
      theme: oneOf(kept.get("theme"), kThemes, "system"),
    };
  } catch {
    return { lang: browser, theme: "system" };
  }
}

function remember(lang: Locale, theme: ThemeChoice): void {
  try {
    localStorage.setItem(kStorageKey, new URLSearchParams({ lang, theme }).toString());
  } catch {
    // Storage may be forbidden; the URL still has both.
  }
}

/** Where on the pages one is: going elsewhere is a step that Back takes back. */
const kPlace = [
  "page",
  "section",
  "certificate",
  "unit",
  "dashboard",
  "screen",
  "source",
  "part",
] as const satisfies readonly (keyof ViewState)[];

/** What a way to another place leaves behind, unless it says otherwise. */
export const kElsewhere = {
  section: "list",
  certificate: "",
  unit: "",
  dashboard: "",
  screen: "",
  element: "",
  part: "users",
  audit: kNoFilter,
} as const;

/** The view of this window. Assigning a field changes the URL; going to another place adds to the history. */
export class View {
  private state = $state<ViewState>(parseView(location.search, remembered()));

  constructor() {
    window.addEventListener("popstate", () => {
      this.state = parseView(location.search, remembered());
    });
  }

  get current(): Readonly<ViewState> {
    return this.state;
  }

  set(change: Partial<ViewState>): void {
    const next = { ...this.state, ...change };
    const search = formatView(next, location.search);
    if (kPlace.some((field) => next[field] !== this.state[field])) history.pushState(null, "", search);
    else if (search !== location.search) history.replaceState(null, "", search);
    if (change.lang ?? change.theme) remember(next.lang, next.theme);
    this.state = next;
  }

  /**
   * Attributes of a link to another view, with everything else as it is. Followed within the page; by the browser
   * when the reader asks for a new tab or window.
   */
  link(other: Partial<ViewState>): { href: string; onclick: (event: MouseEvent) => void } {
    const change = { ...kElsewhere, ...other };
    return {
      href: formatView({ ...this.state, ...change }, location.search),
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        this.set(change);
      },
    };
  }

  togglePen(path: string): "added" | "removed" | "full" {
    const pens = this.state.pens ?? [];
    if (pens.includes(path)) {
      this.set({ pens: pens.filter((pen) => pen !== path) });
      return "removed";
    }
    if (pens.length >= kMaxPens) return "full";
    this.set({ pens: [...pens, path] });
    return "added";
  }
}
