/** What was drawn but not saved, kept in this tab for when the reader comes back to the designer. */
import { checkScreen } from "../screens/document/check.js";
import type { ScreenDocument } from "../screens/document/types.js";

export interface Draft {
  readonly screen: ScreenDocument;
  /** Version that it began with. */
  readonly version: number | undefined;
}

function keyOf(name: string): string {
  return `tagwire.screen-draft.${name}`;
}

export function keepDraft(name: string, { screen, version }: Draft): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify({ screen, version }));
  } catch {
    // Storage may be full or forbidden: then there is no draft.
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // As above.
  }
}

export function readDraft(name: string): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "null") as {
      screen?: unknown;
      version?: unknown;
    } | null;
    const checked = kept && checkScreen(kept.screen);
    if (!checked?.ok) return undefined;
    return { screen: checked.screen, version: typeof kept?.version === "number" ? kept.version : undefined };
  } catch {
    return undefined;
  }
}
