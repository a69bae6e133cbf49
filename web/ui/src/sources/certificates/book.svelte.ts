/**
 * The certificates as the server last told them. Asks again by itself while it is open, so that a decision made
 * elsewhere, or a server met just now, appears; what is shown stays until something newer has come.
 */
import { type CertificatesAnswer, RestError, type TagwireRest } from "@tagwire/client";

/** What can be decided about a certificate. */
export type Decision = "trust" | "reject" | "remove";

export type BookState =
  | { readonly name: "loading" }
  | { readonly name: "ready"; readonly answer: CertificatesAnswer }
  /** The server shows certificates to others only; `reason` in its words. */
  | { readonly name: "forbidden"; readonly reason: string }
  | { readonly name: "failed"; readonly code: string; readonly reason: string };

type Rest = Pick<
  TagwireRest,
  "certificates" | "trustCertificate" | "rejectCertificate" | "removeCertificate"
>;

export class CertificateBook {
  state = $state.raw<BookState>({ name: "loading" });
  /** Whether a decision is under way. */
  deciding = $state(false);
  /** Only the answer to the latest question counts. */
  private latest = new AbortController();

  constructor(private readonly rest: Rest) {}

  /** Whether asking again by itself makes sense: what the server forbids, it forbids the next time too. */
  get mayAsk(): boolean {
    return this.state.name !== "forbidden";
  }

  /** Asks the server. What is shown stays when nobody answers; the page says elsewhere that the link is lost. */
  async load(): Promise<void> {
    if (this.deciding) return;
    const { signal } = this.begin();
    try {
      const answer = await this.rest.certificates(signal);
      if (!signal.aborted) this.state = { name: "ready", answer };
    } catch (error) {
      if (signal.aborted) return;
      if (this.state.name !== "ready" || error instanceof RestError) this.state = troubleOf(error);
    }
  }

  /** From the beginning: shows that it loads. */
  retry(): Promise<void> {
    this.state = { name: "loading" };
    return this.load();
  }

  /** Carries out a decision; throws RestError, or what fetch throws. Never aborted: it may have been done already. */
  async decide(decision: Decision, fingerprint: string): Promise<void> {
    this.begin();
    this.deciding = true;
    try {
      this.state = { name: "ready", answer: await this.rest[`${decision}Certificate`](fingerprint) };
    } finally {
      this.deciding = false;
    }
  }

  close(): void {
    this.latest.abort();
  }

  private begin(): AbortController {
    this.latest.abort();
    this.latest = new AbortController();
    return this.latest;
  }
}

function troubleOf(error: unknown): Exclude<BookState, { name: "loading" | "ready" }> {
  if (!(error instanceof RestError)) return { name: "failed", code: "unreachable", reason: String(error) };
  if (error.status === 403 || error.status === 401) return { name: "forbidden", reason: error.message };
  return { name: "failed", code: error.code, reason: error.message };
}
