/** Names of documents, as they stand in addresses: `[a-z0-9][a-z0-9-]{0,63}`. */

export const kLongestDocumentName = 64;

export function isDocumentName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(text);
}

/**
 * A name for a document with this title that is not taken: its Latin letters and digits, or `otherwise` where it has
 * none, with a number behind it where there is one of that name already.
 */
export function documentNameOf(title: string, taken: ReadonlySet<string>, otherwise: string): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .match(/[a-z0-9]+/g);
  const wanted = words?.join("-") ?? otherwise;
  for (let number = 1; ; ++number) {
    const end = number === 1 ? "" : `-${number}`;
    const name = `${wanted.slice(0, kLongestDocumentName - end.length).replace(/-+$/, "")}${end}`;
    if (!taken.has(name)) return name;
  }
}
