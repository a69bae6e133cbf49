/** The texts about the link to a source in the language of the page. */
import type { Locale } from "../../i18n/locale.js";
import { en, type LinkWords } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

const kTables: Readonly<Record<Locale, LinkWords>> = { en, zh };

export function linkWords(locale: Locale): LinkWords {
  return kTables[locale];
}
