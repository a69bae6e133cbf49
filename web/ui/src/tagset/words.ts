/** The texts about sets of tags in the language of the page. */
import type { Locale } from "../i18n/locale.js";
import { en, type TagSetWords } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

const kTables: Readonly<Record<Locale, TagSetWords>> = { en, zh };

export function tagSetWords(locale: Locale): TagSetWords {
  return kTables[locale];
}
