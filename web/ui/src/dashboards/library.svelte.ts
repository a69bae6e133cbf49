/** The dashboards of the server: which there are, and whether they may be changed from here. */
import {
  type DocumentClient,
  DocumentConflict,
  type DocumentList,
  type DocumentSummary,
  reasonOf,
} from "../documents/api.js";
import { documentNameOf } from "../documents/names.js";
import { bodyOf, type Dashboard } from "./model.js";

const kKind = "dashboard";
const kMaxAttempts = 5;

export type LibraryState =
  | { readonly name: "loading" }
  | { readonly name: "ready"; readonly list: DocumentList }
  | { readonly name: "failed"; readonly reason: string };

type Client = Pick<DocumentClient, "list" | "create">;

export class Library {
  state: LibraryState = $state.raw({ name: "loading" });

  constructor(private readonly client: Client) {}

  /** Why nothing can be changed from here; empty: it can. Undefined: not known yet. */
  get refusal(): string | undefined {
    return this.state.name === "ready" ? (this.state.list.refusal ?? "") : undefined;
  }

  get mayChange(): boolean {
    return this.refusal === "";
  }

  async load(): Promise<void> {
    try {
      this.state = { name: "ready", list: await this.client.list(kKind) };
    } catch (error) {
      if (this.state.name !== "ready") this.state = { name: "failed", reason: reasonOf(error) };
    }
  }

  /** Saves it under a name of its own; throws what the client throws. */
  async create(dashboard: Dashboard): Promise<DocumentSummary> {
    const list = this.state.name === "ready" ? this.state.list.documents : [];
    const taken = new Set(list.map(({ name }) => name));
    for (let attempt = 1; ; attempt++) {
      const name = documentNameOf(dashboard.title, taken, kKind);
      try {
        const made = await this.client.create(kKind, name, bodyOf(dashboard));
        await this.load();
        return made;
      } catch (error) {
        // Somebody else was quicker with this name.
        if (!(error instanceof DocumentConflict) || attempt >= kMaxAttempts) throw error;
        taken.add(name);
      }
    }
  }
}
