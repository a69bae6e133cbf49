/** Changes that have not been saved yet, kept for this tab of the browser: whoever comes back finds them. */
import { bodyOf, type Dashboard, readDashboard } from "./model.js";

export interface Draft {
  readonly version: number;
  readonly dashboard: Dashboard;
}

const keyOf = (name: string) => `tagwire.dashboard.${name}`;

export function keepDraft(name: string, { version, dashboard }: Draft): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify({ version, body: bodyOf(dashboard) }));
  } catch {
    // Forbidden or full: the changes are there as long as the page is open.
  }
}

export function findDraft(name: string): Draft | undefined {
  try {
    const { version, body } = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "{}") as Record<
      string,
      unknown
    >;
    const read = readDashboard(body);
    return read && typeof version === "number" ? { version, dashboard: read.dashboard } : undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // Then there is none.
  }
}
