/** The nodes that were ticked, with what a tag of each would be: asked for one after the other. */
import type { Limits, NodeDetail } from "@tagwire/client";
import type { ChosenNode } from "./config-lines.js";
import type { Explorer } from "./explorer.js";
import { canHaveLimits, limitsOf } from "./limit-proposals.js";
import { distinct } from "./names.js";
import { type Rights, rightsOf, typeText } from "./node-text.js";
import { type Trouble, troubleOf } from "./trouble.js";

export interface Pick {
  readonly node: string;
  /** Tag path, before names that are there twice get a number. */
  readonly path: string;
  readonly subtree: boolean;
  readonly type: string;
  readonly rights: Rights | undefined;
  readonly unit: string;
  readonly range: string;
  /** What the server names; undefined for what cannot have any. */
  readonly limits: Limits | undefined;
  readonly description: string;
}

export type PickState =
  | { readonly name: "loading" }
  | { readonly name: "ready"; readonly pick: Pick }
  | { readonly name: "failed"; readonly trouble: Trouble };

const kLoading: PickState = { name: "loading" };

async function describe(explorer: Explorer, node: string): Promise<Pick> {
  const detail: NodeDetail = await explorer.detail(node);
  const path = explorer.kind.nameOf(node, await explorer.pathOf(node));
  const subtree = detail.nodeClass !== "Variable";
  const type = subtree ? (detail.typeDefinitionName ?? "") : typeText(detail);
  const properties = subtree ? [] : await explorer.properties(node);
  return {
    node,
    path,
    subtree,
    type,
    rights: subtree ? undefined : rightsOf(detail),
    ...explorer.kind.metadataOf(properties),
    limits: !subtree && canHaveLimits(type) ? limitsOf(properties) : undefined,
    description: detail.description ?? "",
  };
}

export class PickBook {
  private states = $state.raw<ReadonlyMap<string, PickState>>(new Map());
  private working = false;

  constructor(private readonly explorer: Explorer) {}

  stateOf(node: string): PickState {
    return this.states.get(node) ?? kLoading;
  }

  /** The limits that the server names; undefined for what is not known or cannot have any. */
  limitsOf(node: string): Limits | undefined {
    const state = this.stateOf(node);
    return state.name === "ready" ? state.pick.limits : undefined;
  }

  /** Asks for those of `nodes` that are not known; what is no longer wanted is forgotten. */
  async want(nodes: readonly string[]): Promise<void> {
    const wanted = new Set(nodes);
    this.states = new Map([...this.states].filter(([node]) => wanted.has(node)));
    for (const node of nodes) if (!this.states.has(node)) this.put(node, kLoading);
    if (this.working) return;
    this.working = true;
    for (let node = this.nextLoading(); node !== undefined; node = this.nextLoading()) {
      const state = await describe(this.explorer, node).then(
        (pick): PickState => ({ name: "ready", pick }),
        (error): PickState => ({ name: "failed", trouble: troubleOf(error) }),
      );
      if (this.states.has(node)) this.put(node, state);
    }
    this.working = false;
  }

  /** What is known of `nodes`, in their order, each with a name of its own. */
  chosen(nodes: readonly string[]): ChosenNode[] {
    const picks = nodes.flatMap((node) => {
      const state = this.stateOf(node);
      return state.name === "ready" ? [state.pick] : [];
    });
    const names = distinct(picks.map(({ path }) => path));
    return picks.map(({ node, subtree }, index) => ({ node, subtree, name: names[index] ?? "" }));
  }

  private nextLoading(): string | undefined {
    for (const [node, state] of this.states) if (state.name === "loading") return node;
    return undefined;
  }

  private put(node: string, state: PickState): void {
    this.states = new Map(this.states).set(node, state);
  }
}
