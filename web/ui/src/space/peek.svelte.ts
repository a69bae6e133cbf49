/** A node as it is now, looked at again and again while somebody sees it. */
import type { NodeDetail } from "@tagwire/client";
import type { Explorer } from "./explorer.js";
import { type Trouble, troubleOf } from "./trouble.js";

const kIntervalMs = 1_000;

export class Peek {
  detail = $state.raw<NodeDetail>();
  properties = $state.raw<readonly NodeDetail[]>([]);
  /** Why it cannot be looked at now; what was seen before stays. */
  trouble = $state.raw<Trouble>();

  constructor(
    private readonly explorer: Explorer,
    readonly node: string,
    /** Whether somebody can answer now. */
    private readonly may: () => boolean = () => true,
  ) {}

  /** Looks until the result is called. */
  start(): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.visibilityState !== "hidden" && this.may()) await this.look(abort.signal);
      // Only values move.
      const again =
        this.detail === undefined || this.trouble !== undefined || this.detail.nodeClass === "Variable";
      if (!abort.signal.aborted && again) timer = setTimeout(next, kIntervalMs);
    };
    void next();
    void this.explorer
      .properties(this.node, abort.signal)
      .then((properties) => {
        if (!abort.signal.aborted) this.properties = properties;
      })
      .catch(() => {}); // the node itself says why
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }

  private async look(signal: AbortSignal): Promise<void> {
    try {
      const detail = await this.explorer.look(this.node, signal);
      if (signal.aborted) return;
      this.detail = detail;
      this.trouble = undefined;
    } catch (error) {
      if (!signal.aborted) this.trouble = troubleOf(error);
    }
  }
}
