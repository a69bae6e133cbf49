/** The texts about users and logins in the language of the page. */
import type { Locale } from "../i18n/locale.js";
import { type AccessWords, en } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

const kTables: Readonly<Record<Locale, AccessWords>> = { en, zh };

export function accessWords(locale: Locale): AccessWords {
  return kTables[locale];
}
