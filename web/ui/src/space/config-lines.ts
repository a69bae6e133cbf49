/** Lines for the configuration of the server, with the keys it knows: tags and subtrees of an OPC UA source, items of an OPC DA one. */
import type { Limits } from "@tagwire/client";

export interface ChosenNode {
  /** Path of the tag, or of the tags of a subtree. */
  readonly name: string;
  /** Node id with the namespace's URI. */
  readonly node: string;
  /** Whether all variables below it shall become tags. */
  readonly subtree: boolean;
  /** Alarm limits instead of those that the server names. */
  readonly limits?: Limits;
}

/** A basic string of TOML 1.0: JSON's escapes are among its own, and it has no DEL in the text. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** Comment lines: nothing in them can end the comment. */
function comment(text: string): string {
  return `# ${text.replace(/\p{Cc}+/gu, " ")}\n`;
}

const kLimitKeys = { ll: "low_low", l: "low", h: "high", hh: "high_high" } as const;

function limitsLine(limits: Limits): string {
  const given = Object.entries(kLimitKeys).flatMap(([level, key]) => {
    const limit = limits[level as keyof Limits];
    return limit === undefined ? [] : [`, ${key} = ${limit}`];
  });
  return `limits = { from_server = false${given.join("")} }\n`;
}

/** TOML to be put below the `[[opcua]]` entry of the source; `hint` tells so to whoever reads it there. */
export function configLines(nodes: readonly ChosenNode[], hint: string): string {
  const entries = nodes.map(
    ({ name, node, subtree, limits }) =>
      `\n[[opcua.${subtree ? "subtrees" : "tags"}]]\nname = ${tomlString(name)}\nnode = ${tomlString(node)}\n${limits ? limitsLine(limits) : ""}`,
  );
  return comment(hint) + entries.join("");
}

/** TOML to be taken over into the `[[opcda]]` entry of the source. */
export function itemLines(items: readonly string[], hint: string): string {
  return `${comment(hint)}items = [\n${items.map((item) => `  ${tomlString(item)},\n`).join("")}]\n`;
}
