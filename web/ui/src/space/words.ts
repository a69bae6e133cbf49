/** The texts of the address space in the language of the page. */
import type { Locale } from "../i18n/locale.js";
import { en, type SpaceWords } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

const kTables: Readonly<Record<Locale, SpaceWords>> = { en, zh };

export function spaceWords(locale: Locale): SpaceWords {
  return kTables[locale];
}
