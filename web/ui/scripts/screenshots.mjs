/**
 * Takes pictures of the pages: light and dark × English and Chinese × desktop and phone, and checks each with axe
 * and for horizontal overflow. Where a certificate waits for a decision, also of the question before it is trusted.
 *
 *   node scripts/screenshots.mjs <base URL> <output folder> [seconds to wait, default 8]
 *
 * Needs a running server and Chromium (`CHROMIUM`, default /usr/bin/chromium). Exit code 1 when a check failed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [base, folder, seconds = "8"] = process.argv.slice(2);
if (!base || !folder) {
  console.error("usage: screenshots.mjs <base URL> <output folder> [seconds]");
  process.exit(2);
}

const kSizes = [
  { name: "1440", width: 1440, height: 900 },
  { name: "390", width: 390, height: 844 },
];
const kPages = [
  { name: "overview", query: "page=overview", patience: 0.5 },
  { name: "screens", query: "page=screens", patience: 0.3 },
  { name: "screen-overview", query: "page=screens&screen=demo-overview", patience: 1 },
  { name: "screen-distillation", query: "page=screens&screen=demo-distillation", patience: 1 },
  { name: "screen-reaction", query: "page=screens&screen=demo-reaction&element=R-201", patience: 1 },
  { name: "dashboards", query: "page=dashboards", patience: 0.3 },
  { name: "tags", query: "page=tags", patience: 1 },
  { name: "trends", query: "page=trends&span=600000", patience: 1 },
  { name: "space", query: "page=space&node=i%3D2256&pick=i%3D2256&pick=i%3D2267", patience: 0.3 },
  { name: "diagnostics", query: "page=diagnostics", patience: 0.6 },
  { name: "designer", query: "page=designer&screen=demo-reaction", patience: 0.4 },
  { name: "sources", query: "page=sources", patience: 0.2 },
  { name: "add", query: "page=sources&section=add", patience: 0.2 },
  { name: "certificates", query: "page=sources&section=certificates", patience: 0.2 },
];
const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "tagwire-chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: kFlags,
  // axe is put into the page by hand, which a strict content security policy forbids to the page itself.
  bypassCSP: true,
});

let failures = 0;
function fail(text) {
  failures += 1;
  console.error(`FAILED ${text}`);
}

async function check(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) fail(`${name}: the page is ${overflow} px wider than the window`);
  await page.evaluate(kAxe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  for (const { id, help, nodes } of violations) {
    fail(`${name}: axe ${id}: ${help}`);
    for (const node of nodes.slice(0, 3))
      console.error(`  ${node.html.slice(0, 160)}\n  ${node.failureSummary}`);
  }
}

try {
  for (const { name: size, width, height } of kSizes) {
    for (const lang of ["en", "zh"]) {
      for (const theme of ["light", "dark"]) {
        for (const { name, query, patience } of kPages) {
          const page = await browser.newPage();
          page.on("console", (message) => {
            // From another machine the server shows no certificates, which the page explains.
            if (/status of 403/.test(message.text())) return;
            if (message.type() === "error") fail(`${name}: console: ${message.text()}`);
          });
          page.on("pageerror", (error) => fail(`${name}: ${error.message}`));
          page.on("request", (request) => {
            if (new URL(request.url()).host !== new URL(base).host) fail(`request to ${request.url()}`);
          });
          await page.setViewportSize({ width, height });
          await page.goto(`${base}?${query}&lang=${lang}&theme=${theme}`);
          if (name === "sources") await page.locator("[data-source] th button").first().click();
          await page.waitForTimeout(Number(seconds) * 1000 * patience);
          const file = `${name}-${theme}-${lang}-${size}`;
          await page.screenshot({ path: join(folder, `${file}.png`) });
          await check(page, file);
          const trust = page.locator(".rejected article button").first();
          if (await trust.isVisible()) {
            await trust.click();
            await page.screenshot({ path: join(folder, `trust-${theme}-${lang}-${size}.png`) });
            await check(page, `trust-${theme}-${lang}-${size}`);
          }
          await page.close();
        }
      }
    }
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(failures === 0 ? "all clean" : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
