/** The entries of the audit log that fit a filter, page by page; the latest first. */
import { type AuditRecord, RestError, type TagwireAccess } from "@tagwire/client";
import { type AuditFilter, queryOf } from "./audit-filter.js";

const kPage = 100;

export class AuditLog {
  entries = $state.raw<readonly AuditRecord[]>();
  /** Whether there are older ones. */
  more = $state(false);
  busy = $state(false);
  problem = $state("");
  private filter: AuditFilter | undefined;
  /** Only the answer to the latest question counts. */
  private latest = new AbortController();

  constructor(private readonly rest: Pick<TagwireAccess, "audit">) {}

  /** From the latest entry on. */
  show(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    return this.read(undefined);
  }

  older(): Promise<void> {
    return this.read(this.entries?.at(-1)?.n);
  }

  close(): void {
    this.latest.abort();
  }

  private async read(before: number | undefined): Promise<void> {
    if (!this.filter) return;
    this.latest.abort();
    this.latest = new AbortController();
    const { signal } = this.latest;
    this.busy = true;
    try {
      const query = { ...queryOf(this.filter), limit: kPage, ...(before !== undefined && { before }) };
      const { entries, more } = await this.rest.audit(query, signal);
      if (signal.aborted) return;
      this.entries = before === undefined ? entries : [...(this.entries ?? []), ...entries];
      this.more = more;
      this.problem = "";
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof RestError ? `${error.message} (${error.code})` : String(error);
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }
}
