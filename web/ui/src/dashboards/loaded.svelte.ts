/** One dashboard as the server has it. Follows newer versions as long as nobody edits it here. */
import { type DocumentClient, DocumentNotFound, reasonOf } from "../documents/api.js";
import { type ReadDashboard, readDashboard } from "./model.js";

const kKind = "dashboard";
const kFollowMs = 10_000;

export type LoadedState =
  | { readonly name: "loading" }
  | ({ readonly name: "ready"; readonly version: number } & ReadDashboard)
  | { readonly name: "missing" }
  /** The document is no dashboard. */
  | { readonly name: "broken" }
  | { readonly name: "failed"; readonly reason: string };

type Client = Pick<DocumentClient, "read" | "readIfChanged">;

export class Loaded {
  state: LoadedState = $state.raw({ name: "loading" });

  constructor(
    private readonly client: Client,
    readonly document: string,
  ) {}

  /** From the server, whatever is here. */
  async load(): Promise<void> {
    try {
      this.take(await this.client.read(kKind, this.document));
    } catch (error) {
      this.state =
        error instanceof DocumentNotFound ? { name: "missing" } : { name: "failed", reason: reasonOf(error) };
    }
  }

  /** Asks for newer versions until the result is called; `may`: whether one may be shown now. */
  follow(may: () => boolean): () => void {
    const timer = setInterval(async () => {
      if (document.visibilityState === "hidden" || !may()) return;
      if (this.state.name !== "ready") return this.load();
      try {
        const newer = await this.client.readIfChanged(kKind, this.document, this.state.version);
        if (newer && may()) this.take(newer);
      } catch (error) {
        // What is shown stays while nobody answers; the page says elsewhere that the link is lost.
        if (error instanceof DocumentNotFound && may()) this.state = { name: "missing" };
      }
    }, kFollowMs);
    return () => clearInterval(timer);
  }

  private take({ version, body }: { readonly version: number; readonly body: unknown }): void {
    const read = readDashboard(body);
    this.state = read ? { name: "ready", version, ...read } : { name: "broken" };
  }
}
