/** Makes a dashboard or a screen of chosen tags, at the server; whoever asks goes there. Loaded when it is asked for. */
import type { TagDesc } from "@tagwire/client";
import { Library } from "../dashboards/library.svelte.js";
import { save } from "../designer/saving.js";
import { DocumentClient } from "../documents/api.js";
import { dashboardOf } from "./dashboard-of.js";
import { screenOf } from "./screen-of.js";

export { settled } from "./settled.js";

export interface Made {
  readonly name: string;
  /** Tags that found no place. */
  readonly left: number;
}

/** Throws what the client throws. */
export async function makeDashboard(
  fetcher: typeof fetch,
  tags: readonly TagDesc[],
  title: string,
): Promise<Made> {
  const library = new Library(new DocumentClient(document.baseURI, fetcher));
  // The names that are taken.
  await library.load();
  const { dashboard, left } = dashboardOf(tags, title);
  const { name } = await library.create(dashboard);
  return { name, left };
}

export async function makeScreen(
  fetcher: typeof fetch,
  tags: readonly TagDesc[],
  title: string,
): Promise<Made> {
  const { screen, left } = screenOf(tags, title);
  const saved = await save(new DocumentClient(document.baseURI, fetcher), screen, "", undefined);
  if (saved.kind !== "saved") throw new Error(saved.reason);
  return { name: saved.name, left };
}
