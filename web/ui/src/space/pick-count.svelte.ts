/** How many tags the ticked nodes would be, counted at the server while they are ticked. */
import type { ChosenNode } from "./config-lines.js";
import type { Explorer } from "./explorer.js";

export class PickCount {
  count = $state(0);
  /** There are more: the server has too many to count. */
  more = $state(false);
  counting = $state(false);
  /** What was counted before; a node is asked for once. */
  private readonly known = new Map<string, { readonly count: number; readonly more: boolean }>();

  constructor(private readonly explorer: Pick<Explorer, "countBelow">) {}

  /** Counts `nodes` until the result is called. */
  follow(nodes: readonly ChosenNode[]): () => void {
    const abort = new AbortController();
    void this.countAll(nodes, abort.signal);
    return () => abort.abort();
  }

  private async countAll(nodes: readonly ChosenNode[], signal: AbortSignal): Promise<void> {
    const single = nodes.filter(({ subtree }) => !subtree).length;
    const subtrees = nodes.filter(({ subtree }) => subtree);
    let sum = single;
    let more = false;
    this.counting = subtrees.some(({ node }) => !this.known.has(node));
    for (const { node } of subtrees) {
      const before = sum;
      const found = this.known.get(node) ?? (await this.countOne(node, before, signal));
      if (signal.aborted) return;
      sum += found.count;
      more ||= found.more;
    }
    this.count = sum;
    this.more = more;
    this.counting = false;
  }

  private async countOne(node: string, before: number, signal: AbortSignal) {
    try {
      const found = await this.explorer.countBelow(
        node,
        (count) => {
          if (!signal.aborted) this.count = before + count;
        },
        signal,
      );
      this.known.set(node, found);
      return found;
    } catch {
      // What the server does not tell is said where the node is shown.
      return { count: 0, more: true };
    }
  }
}
