/** One source with its inner life, read again and again while somebody looks. */
import type { SourceDetail, TagwireRest } from "@tagwire/client";

const kIntervalMs = 2_000;

export class LinkWatch {
  /** As it was read last; what nobody answers leaves it as it is: the page says elsewhere that the link is lost. */
  detail = $state.raw<SourceDetail>();

  constructor(
    private readonly rest: Pick<TagwireRest, "source">,
    readonly source: string,
  ) {}

  /** Reads until the result is called. */
  start(): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.visibilityState !== "hidden") {
        try {
          const detail = await this.rest.source(this.source, abort.signal);
          if (!abort.signal.aborted) this.detail = detail;
        } catch {
          // Asked again.
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(next, kIntervalMs);
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }
}
