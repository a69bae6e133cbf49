/** What went wrong with a login, in the words of the page where it knows them, else in those of the server. */
import { type LoginProblem, RestError } from "@tagwire/client";
import type { AccessWords } from "./i18n/en.js";

const kLongWaitS = 120;

/** `denied`: what is said where the server answers `status`. */
export function reasonOf(
  error: unknown,
  words: AccessWords,
  denied = words.login.wrong,
  status = 401,
): string {
  if (!(error instanceof RestError)) return words.login.unreachable;
  if (error.status === status) return denied;
  if (error.status === 429 && error.retryAfter !== undefined) return waitText(error.retryAfter, words);
  return error.message;
}

/** Why somebody who comes back from the provider is not logged in; the address may say anything. */
export function providerProblem(
  problem: LoginProblem,
  title: string | undefined,
  { login }: AccessWords,
): string {
  const texts: Readonly<Record<string, (title: string) => string>> = login.problems;
  const text = Object.hasOwn(texts, problem) ? texts[problem] : undefined;
  return (text ?? login.problems.failed)(title ?? login.otherProvider);
}

function waitText(seconds: number, { login }: AccessWords): string {
  if (seconds <= kLongWaitS) return login.locked(String(Math.max(1, Math.ceil(seconds))));
  return login.lockedLong(String(Math.ceil(seconds / 60)));
}
