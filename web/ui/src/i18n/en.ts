import { diagnostics } from "./en/diagnostics.js";
import { overview } from "./en/overview.js";
import { addServer, certificates, sources } from "./en/sources.js";
import { space } from "./en/space.js";
import { tags } from "./en/tags.js";
import { trend, trends } from "./en/trends.js";

/** Every text of the pages in English; `zh.ts` has the same keys, and the compiler checks that. */
export const en = {
  product: "Tagwire",
  pages: {
    overview: "Overview",
    screens: "Screens",
    dashboards: "Dashboards",
    trends: "Trends",
    tags: "Tags",
    space: "Address space",
    sources: "Sources",
    designer: "Designer",
    diagnostics: "Diagnostics",
  },
  pageGroups: { operation: "Operation", engineering: "Engineering", system: "System" },
  nav: "Pages",
  skip: "Skip to the content",
  simulated: "SIMULATED",
  simulatedShort: "SIM",
  simulatedTitle: (n: string) => `${n} tags are simulated`,
  simulation: {
    tags: (n: string) => `${n} tags`,
    lost: (n: string) => `${n} lost`,
    within: (n: string) => `≤ ${n} ms`,
    beyond: (n: string) => `> ${n} s`,
    figuresTitle:
      "Simulated tags · changes lost since the start · time in which half of the values come to this page",
  },
  language: "Language",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" },
  link: {
    idle: "Not connected",
    connecting: "Connecting",
    live: "Live",
    waiting: "Disconnected",
    refused: "Refused",
  },
  search: {
    open: "Search pages and tags",
    title: "Search pages and tags",
    placeholder: "Page, tag or description",
    found: "Found",
    page: "Page",
    none: "Nothing matches",
    hint: "↑ ↓ choose · Enter open · Shift+Enter in the trend · Ctrl+Enter new tab · Esc close",
  },
  alarms: {
    title: "Alarms",
    priority: (n: string) => `Priority ${n}:`,
    shelved: (n: string) => `Shelved ${n}`,
    priorities: {
      1: "Priority 1: beyond high-high or low-low, or severity above 800",
      2: "Priority 2: beyond high or low, or severity above 600",
      3: "Priority 3: severity above 400",
      4: "Priority 4: lower severity",
    },
  },
  failure: {
    title: "This page does not work",
    text: "Everything else goes on. Perhaps the server was updated: then loading the pages again helps.",
    cause: (text: string) => `Cause: ${text}`,
    retry: "Try again",
  },
  forbidden: {
    here: "Open this address in a browser there, for example over a remote desktop or through an SSH tunnel:",
    says: (reason: string) => `The server says: ${reason}`,
    retry: "Check again",
  },
  lost: {
    title: "Connection to the server lost",
    age: (age: string) => `Values shown are ${age} old and are not being updated.`,
    retryIn: (seconds: string) => `Next attempt in ${seconds} s`,
    retrying: "Connecting…",
    retry: "Try now",
    back: "Connection restored",
  },
  unreachable: {
    title: "The server does not answer",
    text: (url: string) => `No connection to ${url}. The page keeps trying and continues by itself.`,
  },
  refused: {
    title: "The server refused the connection",
    login: "The server asks for a login first.",
    no: "The server says that trying again is pointless.",
    version: "This page is of another version than the server. Reload it to get the matching one.",
    reason: (code: string, reason: string) => (reason ? `Code ${code}: ${reason}` : `Code ${code}`),
    reload: "Reload the page",
    retry: "Connect again",
  },
  subRefused: {
    title: "The server did not accept the subscription",
    tooMany: (n: string) =>
      `There are more tags than the ${n} it allows in one subscription. Raise max_tags in its configuration.`,
  },
  footer: {
    dataAge: (age: string) => `data age ${age}`,
    tags: (n: string) => `${n} tags`,
    rate: (n: string) => `${n} updates/s`,
    sources: (n: string) => `${n} connected`,
    degraded: (n: string) => `${n} degraded`,
    comma: ", ",
    sourcesLabel: "Sources:",
    unknown: "unknown",
    noSources: "none",
    status: "Status",
  },
  overview,
  tags,
  quality: {
    none: "Waiting",
    good: "Good",
    forced: "Forced",
    stale: (age: string) => `Stale ${age}`,
    uncertain: "Uncertain",
    bad: "Bad",
  },
  limits: {
    hh: "above the high-high limit",
    h: "above the high limit",
    l: "below the low limit",
    ll: "below the low-low limit",
  },
  values: { true: "True", false: "False", bytes: (n: string) => `${n} B` },
  trend,
  trends,
  space,
  addServer,
  sources,
  diagnostics,
  certificates,
  age: {
    now: "< 1 s",
    tenths: (n: string) => `${n} s`,
    seconds: (n: string) => `${n} s`,
    minutes: (n: string) => `${n} min`,
    hours: (n: string) => `${n} h`,
    days: (n: string) => `${n} d`,
    never: "—",
  },
};

/** The texts of one language. */
export type Messages = typeof en;
