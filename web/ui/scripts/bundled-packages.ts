import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/** The folder of the package that a module is of; undefined for our own. */
function packageOf(module: string): string | undefined {
  return /^\0*(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
}

/**
 * Writes which npm packages became part of the pages, with their versions and licences: what is in a build, not what was
 * installed for it.
 */
export function bundledPackages(file: string): Plugin {
  return {
    name: "bundled-packages",
    writeBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) =>
        part.type === "chunk" ? Object.keys(part.modules) : [],
      );
      const folders = new Set(modules.map(packageOf).filter((folder) => folder !== undefined));
      const packages = [...folders].map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        return { name, version, license };
      });
      packages.sort((a, b) => a.name.localeCompare(b.name));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(packages, null, 2)}\n`);
    },
  };
}
