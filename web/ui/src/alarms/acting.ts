/** Acknowledging and confirming: whether somebody may, and what came of it, in words. */
import {
  type ConditionAnswer,
  type ConditionStep,
  isBad,
  type LinkState,
  RestError,
  type Session,
  statusName,
} from "@tagwire/client";
import type { Condition } from "../live/alarms.js";
import { patternToRegExp } from "../tags/filter.js";
import type { AlarmWords } from "./words.js";

export type ActRight =
  /** Nothing is offered: he may not, or it is not known yet who is here, or nothing is connected. */
  | "none"
  /** He would have to say who he is. */
  | "login"
  | "may";

/** As far as the page knows; the server decides. */
export function rightToAct(
  { source, name }: Condition,
  session: Session | undefined,
  link: LinkState,
): ActRight {
  if (!session || link.name !== "live") return "none";
  if (session.kind === "anonymous") return "login";
  const path = `${source}.${name ?? ""}`;
  const covered = [session.read, session.write].every((patterns) =>
    patterns.some((pattern) => patternToRegExp(pattern).test(path)),
  );
  return session.may.includes("AcknowledgeAlarm") && covered ? "may" : "none";
}

/** The step that comes next for a condition; undefined: none. */
export function nextStep({ can, id }: Condition): ConditionStep | undefined {
  if (id === undefined) return undefined;
  if (can.includes("acknowledge")) return "acknowledge";
  return can.includes("confirm") ? "confirm" : undefined;
}

/** As the server counts: bytes of UTF-8. A field that takes as many characters may still hold too much. */
export const kMaxCommentBytes = 1000;

export function isTooLong(comment: string): boolean {
  return new TextEncoder().encode(comment).length > kMaxCommentBytes;
}

/** What people call it. */
export function nameOf({ name, condName, cond }: Condition): string {
  return [name, condName].filter(Boolean).join(" ") || cond;
}

/** Why the source refused; undefined: it was done. */
export function refusalOf({ status, msg }: ConditionAnswer, words: AlarmWords): string | undefined {
  if (!isBad(status)) return undefined;
  const known = words.reasons as Readonly<Record<string, string>>;
  const name = statusName(status) ?? "";
  return known[name] ?? msg ?? name;
}

/** Why nothing was sent. */
export function reasonOf(error: unknown, words: AlarmWords): string {
  if (!(error instanceof RestError)) return error instanceof Error ? error.message : String(error);
  if (error.code === "not_found") return words.gone;
  if (error.code === "unreachable") return words.away;
  if (error.code === "forbidden") return words.forbidden;
  return error.message;
}

/** Whether the source has told of something newer than `before`, or of its end. */
export function hasMoved(all: readonly Condition[], before: Condition): boolean {
  const now = all.find(
    ({ source, cond, branch }) =>
      source === before.source && cond === before.cond && branch === before.branch,
  );
  return now?.id !== before.id;
}
