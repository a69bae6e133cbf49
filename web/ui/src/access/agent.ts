/** Which browser a User-Agent header speaks of: enough to know one's own again. */

const kBrowsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const kSystems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, "Android"],
  [/\biPhone|\biPad/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

function first(table: readonly (readonly [RegExp, string])[], agent: string): string {
  return table.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
}

/** Undefined: it is none that is known. */
export function browserOf(agent: string): { readonly browser: string; readonly system: string } | undefined {
  const browser = first(kBrowsers, agent);
  return browser ? { browser, system: first(kSystems, agent) || "?" } : undefined;
}
