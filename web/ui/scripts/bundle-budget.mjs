/**
 * Builds the pages in memory and fails when they are heavier than their budget, in kB of gzip: what a browser loads
 * before the first value, and the parts that come later. Fails also when the pages would ask another host.
 */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const kInitialBudget = 90;
/** Parts that are loaded when they are first seen, by the component that they begin with; some within another. */
const kLater = [
  { name: "TrendChart", budget: 30 },
  { name: "TrendsPage", budget: 10 },
  { name: "TrendsChart", within: "TrendsPage", budget: 30 },
  { name: "CertificatesSection", budget: 15 },
  { name: "SearchPalette", budget: 10 },
  { name: "OverviewPage", budget: 10 },
  { name: "SpacePage", budget: 31 },
  { name: "ScreensPage", budget: 50 },
  { name: "DesignerPage", within: "ScreensPage", budget: 70 },
  { name: "DashboardsPage", budget: 30 },
  { name: "EditGrid", within: "DashboardsPage", budget: 30 },
  { name: "DiagnosticsPage", budget: 10 },
  { name: "SourcesPage", budget: 10 },
  { name: "LoginPanel", budget: 15 },
  { name: "AccountPage", budget: 25 },
  { name: "UsersPage", budget: 25 },
  { name: "AuditPage", budget: 20 },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const { output } = await build({ root, logLevel: "error", build: { write: false } });
const chunks = new Map(
  output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]),
);

/** Size in kB of chunks after gzip. */
function weigh(names) {
  return (
    [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name).code, { level: 9 }).length, 0) / 1000
  );
}

/** A chunk and everything it imports at once. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const imported of chunks.get(name).imports) withImports(imported, found);
  return found;
}

const entry = [...chunks.values()].find((chunk) => chunk.isEntry);
if (!entry) throw new Error("the build has no entry: adapt this script to the new layout");
const initial = withImports(entry.fileName);

/** The part that begins with this component, and everything it imports at once. */
function partOf(name) {
  const part = [...chunks.values()].find((chunk) => chunk.isDynamicEntry && chunk.name === name);
  if (!part) throw new Error(`the build has no lazy ${name}: adapt this script to the new layout`);
  return withImports(part.fileName);
}

/** What a part adds to what is loaded already. */
function later({ name, within }) {
  const loaded = new Set([...initial, ...(within === undefined ? [] : partOf(within))]);
  return [...partOf(name)].filter((file) => !loaded.has(file));
}

const problems = [];
for (const [label, names, budget] of [
  ["initial", initial, kInitialBudget],
  ...kLater.map((part) => [part.name, later(part), part.budget]),
]) {
  const size = weigh(names);
  console.log(`${label}: ${size.toFixed(1)} kB of ${budget} kB gzip`);
  if (size > budget) problems.push(`${label} is ${size.toFixed(1)} kB, its budget ${budget} kB`);
}

const kOwnHosts = /^https?:\/\/(www\.w3\.org|svelte\.dev|127\.0\.0\.1|localhost)\b/;
for (const file of output) {
  const text = file.type === "chunk" ? file.code : String(file.source);
  // Names of XML namespaces and addresses in error texts are not requests.
  for (const [url] of text.matchAll(/https?:\/\/[\w.-]+/g)) {
    if (!kOwnHosts.test(url)) problems.push(`${file.fileName} names ${url}`);
  }
  if (file.fileName.endsWith(".html") && /<style|\sstyle=|<script(?![^>]*\ssrc=)/.test(text)) {
    problems.push(`${file.fileName} has inline script or style, which the content security policy forbids`);
  }
}

for (const problem of problems) console.error(`bundle: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
