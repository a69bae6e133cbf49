/** Programs that read exactly the chosen tags, ready to be run: what a reader of the page takes along. */

export type CodeLanguage = "curl" | "javascript" | "python";
export const kCodeLanguages: readonly CodeLanguage[] = ["curl", "javascript", "python"];

/** Comments in the language of the page. */
export interface CodeWords {
  readonly latest: string;
  readonly changes: string;
}

/** From so many tags of one level on, a pattern is better than a list. */
const kManyTags = 20;

/**
 * What a request names to get exactly `chosen`: their paths, or one pattern where they are all there is below a level.
 * `all`: every tag the server has.
 */
export function requestedTags(
  chosen: readonly string[],
  all: Iterable<string>,
  level: string,
): readonly string[] {
  if (chosen.length < kManyTags || level === "" || level.includes("*")) return chosen;
  const wanted = new Set(chosen);
  const begin = `${level}.`;
  for (const path of all) if (path.startsWith(begin) && !wanted.has(path)) return chosen;
  return [`${begin}**`];
}

/** A tag as a request names it: commas divide tags there, so that a pattern stands for one within a name. */
function named(tag: string): string {
  return tag.replaceAll(",", "*");
}

/** One word of a POSIX shell. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function curl(base: string, tags: readonly string[], words: CodeWords): string {
  const given = tags.map((tag) => `--data-urlencode ${shellWord(`tags=${tag}`)}`);
  const command = (options: string, path: string, more: readonly string[]) =>
    [`curl ${options} ${shellWord(`${base}api/v1/${path}`)}`, ...more, ...given].join(" \\\n  ");
  return [
    `# ${words.latest}`,
    command("-G", "values", []),
    "",
    `# ${words.changes}`,
    command("-N -G", "stream", ["-d format=flat"]),
    "",
  ].join("\n");
}

function listOf(tags: readonly string[], indent: string): string {
  return tags.map((tag) => `${indent}${JSON.stringify(tag)},\n`).join("");
}

function javascript(base: string, tags: readonly string[], words: CodeWords): string {
  return `// ${words.changes}
const tags = [
${listOf(tags, "  ")}];
const url = new URL(${JSON.stringify(`${base}api/v1/stream?format=flat`)});
for (const tag of tags) url.searchParams.append("tags", tag);

const answer = await fetch(url);
if (!answer.ok) throw new Error(await answer.text());
const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
for (let rest = ""; ; ) {
  const { value: part, done } = await reader.read();
  if (done) break;
  const lines = (rest + part).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    if (!line.startsWith("data: ")) continue;
    const { tag, value, ts } = JSON.parse(line.slice(6));
    console.log(new Date(ts).toISOString(), tag, value);
  }
}
`;
}

function python(base: string, tags: readonly string[], words: CodeWords): string {
  return `# ${words.changes}
import json
from urllib.parse import urlencode
from urllib.request import urlopen

TAGS = [
${listOf(tags, "    ")}]
QUERY = urlencode({"format": "flat", "tags": TAGS}, doseq=True)
with urlopen(${JSON.stringify(`${base}api/v1/stream?`)} + QUERY) as stream:
    for line in stream:
        if line.startswith(b"data: "):
            change = json.loads(line[len(b"data: "):])
            print(change["tag"], change["value"], flush=True)
`;
}

const kMakers = { curl, javascript, python } as const;

/** `base`: the server's address with a slash at its end. */
export function codeOf(
  language: CodeLanguage,
  base: string,
  tags: readonly string[],
  words: CodeWords,
): string {
  return kMakers[language](base, tags.map(named), words);
}
