/** The address space of a source as a tree that is asked for level by level, when a node is opened. */
import type { NodeSummary } from "@tagwire/client";
import type { Explorer } from "./explorer.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** References of a node that are asked for at once. */
const kPage = 200;

interface Branch {
  readonly nodes: readonly NodeSummary[];
  readonly next?: string;
  readonly loading: boolean;
  readonly trouble?: Trouble;
  /** Why the server left the rest out. */
  readonly cutOff?: string;
}

export interface NodeRow {
  readonly kind: "node";
  /** Way from the first node: a node may be reached by several. */
  readonly key: string;
  readonly parent: string;
  readonly node: NodeSummary;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly open: boolean;
  readonly openable: boolean;
}

/** What stands below the nodes of a branch: that it loads, failed, or goes on. */
export interface NoteRow {
  readonly kind: "loading" | "failed" | "more" | "empty" | "cut";
  readonly key: string;
  readonly parent: string;
  readonly level: number;
  readonly text: string;
}

export type Row = NodeRow | NoteRow;

const kNothing: Branch = { nodes: [], loading: false };
/** Between the ids of a way: cannot be in a node id. */
const kSeparator = "\n";

export class SpaceTree {
  private branches = $state.raw<ReadonlyMap<string, Branch>>(new Map());
  private opened = $state.raw<ReadonlySet<string>>(new Set());

  readonly rows = $derived(this.rowsBelow("", 1));

  constructor(private readonly explorer: Explorer) {}

  /** Why not even the first level can be shown. */
  get trouble(): Trouble | undefined {
    const root = this.branches.get("");
    return root && root.nodes.length === 0 ? root.trouble : undefined;
  }

  get loading(): boolean {
    return this.branches.get("")?.loading ?? true;
  }

  /** Whether a node can become a tag. */
  canPick(nodeClass: string): boolean {
    return this.explorer.kind.canPick(nodeClass);
  }

  /** Asks for the first level, unless it is there. */
  async begin(): Promise<void> {
    const root = this.branches.get("");
    if (!root || root.trouble) await this.load("", this.explorer.kind.root);
  }

  async toggle(row: NodeRow): Promise<void> {
    const opened = new Set(this.opened);
    if (!opened.delete(row.key)) opened.add(row.key);
    this.opened = opened;
    const branch = this.branches.get(row.key);
    if (opened.has(row.key) && (!branch || branch.trouble)) await this.load(row.key, row.node.node);
  }

  /** The next page of a branch, or once more what failed. */
  async goOn({ parent }: NoteRow): Promise<void> {
    await this.load(parent, parent.split(kSeparator).at(-1) || this.explorer.kind.root);
  }

  private async load(key: string, node: string): Promise<void> {
    const before = this.branches.get(key) ?? kNothing;
    if (before.loading) return;
    this.put(key, { ...before, loading: true });
    try {
      const { references, next, cutOff } = await this.explorer.browse(node, kPage, before.next);
      const known = new Set(before.nodes.map((each) => each.node));
      const fresh = references.filter((each) => {
        if (known.has(each.node)) return false;
        known.add(each.node);
        return true;
      });
      this.put(key, {
        nodes: [...before.nodes, ...fresh],
        loading: false,
        ...(next !== undefined && { next }),
        ...(cutOff !== undefined && { cutOff }),
      });
    } catch (error) {
      // The server forgets where a page ended: then the branch is read from its beginning.
      this.put(key, { nodes: before.nodes, loading: false, trouble: troubleOf(error) });
    }
  }

  private put(key: string, branch: Branch): void {
    this.branches = new Map(this.branches).set(key, branch);
  }

  private rowsBelow(parent: string, level: number): Row[] {
    const branch = this.branches.get(parent);
    if (!branch) return [];
    const rows: Row[] = [];
    for (const [index, node] of branch.nodes.entries()) {
      const key = parent ? `${parent}${kSeparator}${node.node}` : node.node;
      const openable = node.hasChildren !== false && !node.remote;
      const open = openable && this.opened.has(key);
      const siblings = branch.next === undefined ? branch.nodes.length : -1;
      rows.push({ kind: "node", key, parent, node, level, position: index + 1, siblings, open, openable });
      if (open) rows.push(...this.rowsBelow(key, level + 1));
    }
    const note = (kind: NoteRow["kind"], text = "") =>
      rows.push({ kind, key: `${parent}${kSeparator}${kind}`, parent, level, text });
    if (branch.loading) note("loading");
    else if (branch.trouble) note("failed", branch.trouble.reason);
    else if (branch.next !== undefined) note("more", String(branch.nodes.length));
    else if (branch.cutOff !== undefined) note("cut", branch.cutOff);
    else if (branch.nodes.length === 0) note("empty");
    return rows;
  }
}
