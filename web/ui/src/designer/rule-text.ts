/** Rules of bindings as people write them: `2`, `true`, `Open`, `10…20`, `…5`, `5…`. */
import type { Match } from "../screens/document/types.js";

const kRange = /^\s*(-?[\d.]+(?:e[+-]?\d+)?)?\s*(?:…|\.\.\.?)\s*(-?[\d.]+(?:e[+-]?\d+)?)?\s*$/i;

export function formatMatch({ is, from, to }: Match): string {
  if (is !== undefined) return String(is);
  return `${from ?? ""}…${to ?? ""}`;
}

/** Undefined for what says nothing. */
export function parseMatch(text: string): Match | undefined {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  const [, from, to] = kRange.exec(trimmed) ?? [];
  if (from !== undefined || to !== undefined)
    return { ...(from !== undefined && { from: Number(from) }), ...(to !== undefined && { to: Number(to) }) };
  if (trimmed === "true" || trimmed === "false") return { is: trimmed === "true" };
  const number = Number(trimmed);
  return { is: Number.isFinite(number) ? number : trimmed };
}
