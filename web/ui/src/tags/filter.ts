/** Which tags the search finds. */
import type { TagDesc } from "@tagwire/client";

/** A test for one tag; `undefined` finds everything. */
export type TagFilter = (tag: TagDesc) => boolean;

function escapeRegExp(text: string): string {
  return text.replace(/[.+^${}()|[\]\\?]/g, "\\$&");
}

/**
 * A pattern as the server understands it, upper and lower case alike: `*` stands for any characters within one
 * level of the path, `**` as a whole level for any number of levels.
 */
export function patternToRegExp(pattern: string): RegExp {
  const levels = pattern.split(".");
  let source = "";
  levels.forEach((level, index) => {
    const last = index === levels.length - 1;
    if (level === "**") source += last ? ".*" : "(?:[^.]+\\.)*";
    else source += escapeRegExp(level).replaceAll("*", "[^.]*") + (last ? "" : "\\.");
  });
  return new RegExp(`^${source}$`, "iu");
}

function descriptionsOf(tag: TagDesc): string {
  const { d } = tag;
  if (d === undefined) return "";
  return (typeof d === "string" ? d : Object.values(d).join("\n")).toLowerCase();
}

/**
 * Words separated by spaces must all be found in the path or a description, in any language; a word with `*` is a
 * pattern for the whole path.
 */
export function makeFilter(query: string): TagFilter | undefined {
  const whole = query.trim();
  if (!whole) return undefined;
  // Paths may contain spaces: a query with a star may be one pattern as a whole.
  const pattern = whole.includes("*") ? patternToRegExp(whole) : undefined;
  const tests = whole.split(/\s+/).map((word): TagFilter => {
    if (word.includes("*")) {
      const regExp = patternToRegExp(word);
      return (tag) => regExp.test(tag.n);
    }
    const needle = word.toLowerCase();
    return (tag) => tag.n.toLowerCase().includes(needle) || descriptionsOf(tag).includes(needle);
  });
  return (tag) => pattern?.test(tag.n) || tests.every((test) => test(tag));
}
