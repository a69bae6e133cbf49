/** Where screens come from: those built in, and those that the server keeps. */
import { type DocumentClient, type DocumentList, DocumentNotFound, reasonOf } from "../documents/api.js";
import type { Locale } from "../i18n/locale.js";
import { kBuiltIn } from "./builtin/index.js";
import { checkScreen } from "./document/check.js";
import type { Problem } from "./document/checker.js";
import type { ScreenDocument } from "./document/types.js";

export type Found =
  /** `version` undefined: built in. */
  | { readonly kind: "screen"; readonly screen: ScreenDocument; readonly version: number | undefined }
  | { readonly kind: "missing" }
  /** What the server keeps is no screen that this page knows. */
  | { readonly kind: "damaged"; readonly problems: readonly Problem[] }
  | { readonly kind: "failed"; readonly reason: string };

/** More levels than a plant has; ends circles, too. */
const kDeepest = 6;

export interface Step {
  readonly name: string;
  readonly screen: ScreenDocument;
}

export class ScreenLibrary {
  constructor(private readonly documents: DocumentClient) {}

  list(signal?: AbortSignal): Promise<DocumentList> {
    return this.documents.list("screen", signal);
  }

  /** Names that begin with `demo-` are those of the built-in screens. */
  async find(name: string, signal?: AbortSignal): Promise<Found> {
    const builtIn = kBuiltIn.get(name);
    if (builtIn) return { kind: "screen", screen: builtIn, version: undefined };
    try {
      const { version, body } = await this.documents.read("screen", name, signal ? { signal } : {});
      const checked = checkScreen(body);
      if (!checked.ok) return { kind: "damaged", problems: checked.problems };
      return { kind: "screen", screen: checked.screen, version };
    } catch (error) {
      if (error instanceof DocumentNotFound) return { kind: "missing" };
      return { kind: "failed", reason: reasonOf(error) };
    }
  }

  /** The screens above this one, the topmost first. */
  async above(screen: ScreenDocument, signal?: AbortSignal): Promise<Step[]> {
    const steps: Step[] = [];
    let { parent } = screen;
    while (parent && steps.length < kDeepest) {
      const name = parent;
      const found = await this.find(name, signal);
      if (found.kind !== "screen" || steps.some((step) => step.name === name)) break;
      steps.unshift({ name, screen: found.screen });
      parent = found.screen.parent;
    }
    return steps;
  }
}

export function titleOf(
  { title, titleZh }: Pick<ScreenDocument, "title" | "titleZh">,
  locale: Locale,
): string {
  return (locale === "zh" && titleZh) || title;
}
