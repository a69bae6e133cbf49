// Writes what was generated, or compares it with what is there.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

/** Writes files that differ, so that unchanged ones keep their time and nothing is rebuilt. Returns their paths. */
export function writeChanged(root, files) {
  const changed = [...files].filter(([path, text]) => readOrEmpty(`${root}/${path}`) !== text);
  for (const [path, text] of changed) {
    mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    writeFileSync(`${root}/${path}`, text);
  }
  return changed.map(([path]) => path);
}

/** A line per stale file: its path and the first line that differs. */
export function findStale(root, files) {
  const stale = [];
  for (const [path, text] of files) {
    const old = readOrEmpty(`${root}/${path}`);
    if (old === text) continue;
    const [want, have] = [text.split("\n"), old.split("\n")];
    const line = want.findIndex((wanted, index) => wanted !== have[index]);
    const at = line < 0 ? want.length : line;
    stale.push(`${path}:${at + 1}: has ${JSON.stringify(have[at] ?? "")}, expected ${JSON.stringify(want[at] ?? "")}`);
  }
  return stale;
}

/** Replaces what stands between `<!-- generated:NAME -->` and `<!-- /generated -->`. */
export function fillSections(path, text, sections) {
  const filled = new Set();
  const result = text.replace(
    /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_, open, name, close) => {
      if (!(name in sections)) throw new Error(`${path}: unknown generated section ${name}`);
      filled.add(name);
      return `${open}${sections[name]}${close}`;
    },
  );
  const missing = Object.keys(sections).filter((name) => !filled.has(name));
  if (missing.length) throw new Error(`${path}: no place for generated sections ${missing.join(", ")}`);
  return result;
}
