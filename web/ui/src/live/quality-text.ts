/** The quality of a tag by name and in words. */
import { isForced, Quality } from "@tagwire/client";
import { wordsOfStatus } from "../i18n/status-words.js";
import type { LiveContext } from "./session.svelte.js";

const kNames: Readonly<Record<Quality, string>> = {
  [Quality.None]: "none",
  [Quality.Good]: "good",
  [Quality.Uncertain]: "uncertain",
  [Quality.Stale]: "stale",
  [Quality.Bad]: "bad",
};

/** What displays call a quality: `data-quality`, and the symbol `quality-…`. */
export function qualityName(quality: Quality, status: number): string {
  return quality === Quality.Good && isForced(status) ? "forced" : kNames[quality];
}

/** Why the quality of a slot is as it is, in the language of the page. */
export function reasonOf({ client, format, locale, words }: LiveContext, slot: number): string {
  const { store } = client;
  const status = store.status(slot);
  const quality = store.quality(slot);
  switch (quality) {
    case Quality.None:
      return words.quality.none;
    case Quality.Stale:
      return words.quality.stale(format.age(client.serverNow() - store.time(slot)));
    case Quality.Good:
      if (isForced(status)) return words.quality.forced;
      return status === 0 ? words.quality.good : wordsOfStatus(status, locale) || words.quality.good;
    case Quality.Uncertain:
      return wordsOfStatus(status, locale) || words.quality.uncertain;
    case Quality.Bad:
      return wordsOfStatus(status, locale) || words.quality.bad;
  }
}
