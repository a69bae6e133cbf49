/** Tag patterns in forms and tables. */

/** Patterns as they are typed: one a line. */
export function patternsOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

/** As they stand in a table; `everything`, `nothing`: words for every tag and for no tag. */
export function patternsText(
  patterns: readonly string[],
  { everything, nothing }: { readonly everything: string; readonly nothing: string },
): string {
  if (patterns.length === 0) return nothing;
  return patterns.includes("**") ? everything : patterns.join(", ");
}
