import { en, type Messages } from "./en.js";
import { zh } from "./zh.js";

export type Locale = "en" | "zh";
export const kLocales: readonly Locale[] = ["en", "zh"];

const kTables: Readonly<Record<Locale, Messages>> = { en, zh };
const kTags: Readonly<Record<Locale, string>> = { en: "en-GB", zh: "zh-CN" };

export function messagesOf(locale: Locale): Messages {
  return kTables[locale];
}

/** BCP 47 tag for `Intl` and the `lang` attribute. */
export function languageTag(locale: Locale): string {
  return kTags[locale];
}
