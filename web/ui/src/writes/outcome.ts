/** What came of a write, in words. */
import { isBad, type TagDesc, type WireValue, WriteError, type Written } from "@tagwire/client";
import type { Locale } from "../i18n/locale.js";
import { wordsOfStatus } from "../i18n/status-words.js";
import type { Formatter } from "../live/format.js";
import type { InputProblem } from "./input.js";
import type { WriteWords } from "./words.js";

/** A value that was read back, as the tag shows it. */
export function readBackText(value: WireValue, tag: TagDesc, format: Formatter): string {
  const typed = (tag.ty === "i64" || tag.ty === "u64") && typeof value === "string" ? BigInt(value) : value;
  return format.value(tag, typed as never).text;
}

export type Outcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string };

export function outcomeOf(
  written: Written,
  tag: TagDesc,
  format: Formatter,
  words: WriteWords,
  locale: Locale,
): Outcome {
  const { status, value, message } = written;
  if (isBad(status)) {
    const reason = [wordsOfStatus(status, locale), message].filter(Boolean).join(": ");
    return { ok: false, text: words.refused(reason) };
  }
  const unit = tag.u ? ` ${tag.u}` : "";
  const back = value === null ? words.doneUnread : words.done(`${readBackText(value, tag, format)}${unit}`);
  return { ok: true, text: message ? `${back} ${message}` : back };
}

/** Why nothing came of it at all. */
export function reasonOf(error: unknown, words: WriteWords): string {
  if (!(error instanceof WriteError))
    return words.refused(error instanceof Error ? error.message : String(error));
  if (error.code === "lost") return words.unknown;
  if (error.code === "not_connected" || error.code === "unreachable") return words.rights.disconnected;
  return words.refused(error.message);
}

export function problemText(
  problem: InputProblem,
  words: WriteWords,
  format: (bound: number) => string,
): string {
  const { problems } = words;
  if (problem.why === "tooLow" || problem.why === "tooHigh")
    return problems[problem.why](format(problem.bound));
  return problems[problem.why];
}
