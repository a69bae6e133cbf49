/** Whether somebody may write a tag, as far as the page knows; the server decides. */
import type { LinkState, Session, TagDesc } from "@tagwire/client";
import { patternToRegExp } from "../tags/filter.js";

export type Right =
  /** Nothing is offered: the tag cannot be written, or it is not known yet who is here. */
  | "none"
  /** He would have to say who he is. */
  | "login"
  /** His role does not write, or not this tag. */
  | "role"
  | "tag"
  /** Nothing is kept for later. */
  | "disconnected"
  | "may";

export function isWritable(tag: TagDesc): boolean {
  return tag.rw === "rw" || tag.rw === "w";
}

function covers(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => patternToRegExp(pattern).test(path));
}

export function rightTo(tag: TagDesc, session: Session | undefined, link: LinkState): Right {
  if (!isWritable(tag) || !session) return "none";
  if (session.kind === "anonymous") return "login";
  if (!session.may.includes("WriteTag")) return "role";
  if (!covers(session.write, tag.n)) return "tag";
  return link.name === "live" ? "may" : "disconnected";
}
