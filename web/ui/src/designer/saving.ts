/** Saving a screen, and in which ways that can end. */
import { type DocumentClient, DocumentConflict, reasonOf } from "../documents/api.js";
import { documentNameOf } from "../documents/names.js";
import { kBuiltIn } from "../screens/builtin/index.js";
import type { ScreenDocument } from "../screens/document/types.js";

export type Saved =
  | { readonly kind: "saved"; readonly name: string; readonly version: number }
  /** Somebody else saved it meanwhile; `version` undefined: removed it. */
  | { readonly kind: "conflict"; readonly version: number | undefined; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

type Store = Pick<DocumentClient, "list" | "create" | "replace">;

/**
 * Saves over the version `seen`; without a name the screen gets one after its title. Names of built-in screens are
 * never taken.
 */
export async function save(
  documents: Store,
  screen: ScreenDocument,
  name: string,
  seen: number | undefined,
): Promise<Saved> {
  // The server asks of a document no more than a title; the rest is the format's own.
  const body = { ...screen };
  try {
    if (name && seen !== undefined) {
      const { version } = await documents.replace("screen", name, seen, body);
      return { kind: "saved", name, version };
    }
    const free = name || (await freeName(documents, screen.title));
    const { version } = await documents.create("screen", free, body);
    return { kind: "saved", name: free, version };
  } catch (error) {
    if (error instanceof DocumentConflict)
      return { kind: "conflict", version: error.version, reason: error.message };
    return { kind: "failed", reason: reasonOf(error) };
  }
}

async function freeName(documents: Store, title: string): Promise<string> {
  const { documents: kept } = await documents.list("screen");
  return documentNameOf(title, new Set([...kept.map(({ name }) => name), ...kBuiltIn.keys()]), "screen");
}
