/** Questions to one source about its address space, each answered once as long as the page is open. */
import type { NodeDetail, NodeSummary, TagwireRest } from "@tagwire/client";
import { kSpaceKinds, type SpaceKind } from "./kinds.js";

/** Above the Objects folder of an OPC UA server. */
const kRoot = "i=84";
const kHasProperty = "i=46";
const kMaxDepth = 16;
const kMaxProperties = 24;
const kCountPage = 1_000;
/** A larger part of an address space is not counted to its end. */
const kMaxCountQuestions = 300;

type Rest = Pick<TagwireRest, "browse" | "node" | "search">;

export class Explorer {
  private readonly details = new Map<string, Promise<NodeDetail>>();

  constructor(
    private readonly rest: Rest,
    readonly source: string,
    readonly kind: SpaceKind = kSpaceKinds.opcua,
  ) {}

  /** The node as it is now. */
  async look(node: string, signal?: AbortSignal): Promise<NodeDetail> {
    const detail = await this.rest.node(this.source, node, signal);
    this.details.set(node, Promise.resolve(detail));
    return detail;
  }

  /** The node as it was when it was asked for first: what does not change while one looks. */
  detail(node: string): Promise<NodeDetail> {
    const known = this.details.get(node);
    if (known) return known;
    const asked = this.rest.node(this.source, node);
    this.details.set(node, asked);
    // What failed is asked for again.
    asked.catch(() => this.details.delete(node));
    return asked;
  }

  /** Browse names from below the first node down to this one. */
  async pathOf(node: string): Promise<string[]> {
    const names: string[] = [];
    const seen = new Set<string>();
    for (
      let at = node;
      at !== this.kind.root && at !== kRoot && names.length < kMaxDepth && !seen.has(at);
    ) {
      seen.add(at);
      const { browseName, inverse } = await this.detail(at);
      names.unshift(browseName);
      const parent = inverse.find(({ node: above }) => !seen.has(above));
      if (!parent) break;
      at = parent.node;
    }
    return names;
  }

  /** The properties of a node, with their values. */
  async properties(node: string, signal?: AbortSignal): Promise<NodeDetail[]> {
    const { references } = await this.rest.browse(this.source, { node }, signal);
    const properties = references.filter(isProperty).slice(0, kMaxProperties);
    return Promise.all(properties.map((each) => this.rest.node(this.source, each.node, signal)));
  }

  /**
   * How many variables are below a node: level by level, without properties, each node once. `told` hears of the count
   * as it grows. `more`: there are others, which were not counted.
   */
  async countBelow(
    node: string,
    told: (count: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly count: number; readonly more: boolean }> {
    const seen = new Set([node]);
    const waiting = [node];
    let count = 0;
    let asked = 0;
    let more = false;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
        if (++asked > kMaxCountQuestions) return { count, more: true };
        const answer = await this.rest.browse(
          this.source,
          { node: at, limit: kCountPage, ...(next !== undefined && { continuation: next }) },
          signal,
        );
        more ||= answer.cutOff !== undefined;
        for (const reference of answer.references) {
          if (isProperty(reference) || reference.remote || seen.has(reference.node)) continue;
          seen.add(reference.node);
          if (reference.nodeClass === "Variable") count += 1;
          // What variables consist of is counted with them.
          else if (reference.hasChildren !== false) waiting.push(reference.node);
        }
        next = answer.next;
        told(count);
      }
    }
    return { count, more };
  }

  browse(node: string, limit: number, continuation?: string) {
    return this.rest.browse(this.source, { node, limit, ...(continuation && { continuation }) });
  }

  search(text: string, signal: AbortSignal) {
    return this.rest.search(this.source, { q: text }, signal);
  }
}

function isProperty({ referenceType }: NodeSummary): boolean {
  return referenceType === kHasProperty;
}
