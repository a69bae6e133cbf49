/** The texts about acknowledging alarms; loaded with the first alarm that can be. */
import type { Locale } from "../i18n/locale.js";
import { type AlarmWords, en } from "./i18n/en.js";
import { zh } from "./i18n/zh.js";

export type { AlarmWords };

const kTables: Readonly<Record<Locale, AlarmWords>> = { en, zh };

export function alarmWords(locale: Locale): AlarmWords {
  return kTables[locale];
}
