/** The texts of the dashboards in the language of the page. */
import type { Locale } from "../i18n/locale.js";
import { type DashboardWords, en } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

const kTables: Readonly<Record<Locale, DashboardWords>> = { en, zh };

export function dashboardWords(locale: Locale): DashboardWords {
  return kTables[locale];
}
