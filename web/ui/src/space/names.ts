/** Tag names from the browse names of nodes, as the server's rules for tag paths want them. */

const kMaxBytes = 512;
/** Dots divide levels, stars are patterns; what cannot be seen would be refused. */
const kForbidden = /[.*\p{Cc}]/gu;

/** `2:Boiler` → `Boiler`: the index of the namespace is the server's, and may change. */
export function plainName(browseName: string): string {
  return browseName.replace(/^\d+:/, "");
}

/** One level of a tag path. */
export function levelOf(browseName: string): string {
  return plainName(browseName).replace(kForbidden, "_").trim() || "_";
}

/** A tag path of these levels, shortened at the front where it would be too long. */
export function tagName(browseNames: readonly string[]): string {
  const levels = browseNames.map(levelOf);
  const bytes = (parts: readonly string[]) => new TextEncoder().encode(parts.join(".")).length;
  while (levels.length > 1 && bytes(levels) > kMaxBytes) levels.shift();
  return levels.join(".");
}

/** The same names, with a number behind those that were there before. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
    taken.add(free);
    return free;
  });
}
