/** The texts about writing values; loaded with what writes. */
import type { Locale } from "../i18n/locale.js";
import { en, type WriteWords } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

export type { WriteWords };

const kTables: Readonly<Record<Locale, WriteWords>> = { en, zh };

export function writeWords(locale: Locale): WriteWords {
  return kTables[locale];
}
