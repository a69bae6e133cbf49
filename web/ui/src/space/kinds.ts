/** What differs between the kinds of sources that have an address space. */
import type { NodeDetail } from "@tagwire/client";
import { type ChosenNode, configLines, itemLines } from "./config-lines.js";
import { plainName, tagName } from "./names.js";
import { metadataOf } from "./node-text.js";

export interface SpaceKind {
  readonly name: "opcua" | "opcda";
  /** The node that the first level lies below. */
  readonly root: string;
  /** Nodes that can become tags by themselves, or by what is below them. */
  canPick(nodeClass: string): boolean;
  /** The name of a tag of the node; `names`: browse names from below the root down to it. */
  nameOf(node: string, names: readonly string[]): string;
  /** What the properties of a variable say about its values; empty where they say nothing. */
  metadataOf(properties: readonly NodeDetail[]): { unit: string; range: string };
  /** Whether the server makes tags of nodes while it runs. */
  readonly addsNow: boolean;
  lines(nodes: readonly ChosenNode[], hint: string): string;
}

/** The id of an item, which its node is made of. */
const itemOf = (node: string) => node.slice("item=".length);

/** Units and limits by the names that OPC DA gives its properties (OPC DA 2.05a, 4.4.6). */
function itemMetadataOf(properties: readonly NodeDetail[]): { unit: string; range: string } {
  const [unit, low, high] = ["eu units", "low eu", "high eu"].map(
    (name) => properties.find(({ browseName }) => plainName(browseName).toLowerCase() === name)?.value,
  );
  return {
    unit: typeof unit === "string" ? unit : "",
    range: typeof low === "number" && typeof high === "number" ? `${low} … ${high}` : "",
  };
}

const kOpcUa: SpaceKind = {
  name: "opcua",
  root: "i=85", // the Objects folder (OPC 10000-5, 8.2.4)
  canPick: (nodeClass) => nodeClass === "Variable" || nodeClass === "Object",
  nameOf: (_node, names) => tagName(names),
  metadataOf,
  addsNow: true,
  lines: configLines,
};

const kOpcDa: SpaceKind = {
  name: "opcda",
  root: "",
  canPick: (nodeClass) => nodeClass === "Variable",
  nameOf: itemOf,
  metadataOf: itemMetadataOf,
  addsNow: false,
  lines: (nodes, hint) =>
    itemLines(
      nodes.map(({ node }) => itemOf(node)),
      hint,
    ),
};

export const kSpaceKinds = { opcua: kOpcUa, opcda: kOpcDa } as const;
export type SpaceKindName = SpaceKind["name"];

export function isSpaceKind(kind: string): kind is SpaceKindName {
  return Object.hasOwn(kSpaceKinds, kind);
}
