import { kStatusNames } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { en as enAccess } from "../src/access/i18n/en.js";
import { zh as zhAccess } from "../src/access/i18n/zh.js";
import { en as enAlarms } from "../src/alarms/i18n/en.js";
import { zh as zhAlarms } from "../src/alarms/i18n/zh.js";
import { en as enDashboards } from "../src/dashboards/i18n/en.js";
import { zh as zhDashboards } from "../src/dashboards/i18n/zh.js";
import { en } from "../src/i18n/en.js";
import { kTranslatedStatusNames, wordsOfStatus, wordsOfStatusName } from "../src/i18n/status-words.js";
import { zh } from "../src/i18n/zh.js";
import { en as enLink } from "../src/sources/link/i18n/en.js";
import { zh as zhLink } from "../src/sources/link/i18n/zh.js";
import { en as enSpace } from "../src/space/i18n/en.js";
import { zh as zhSpace } from "../src/space/i18n/zh.js";
import { en as enTagSet } from "../src/tagset/i18n/en.js";
import { zh as zhTagSet } from "../src/tagset/i18n/zh.js";
import { en as enWrites } from "../src/writes/i18n/en.js";
import { zh as zhWrites } from "../src/writes/i18n/zh.js";

/** Every text with its path; a text with parameters is called with marks. */
function flatten(table: object, path = ""): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(table) as [string, unknown][]) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "string") texts.set(at, value);
    else if (typeof value === "function") texts.set(at, String(value("‹1›", "‹2›")));
    else for (const entry of flatten(value as object, at)) texts.set(...entry);
  }
  return texts;
}

/** With those of pages that bring their own. */
const english = flatten({
  ...en,
  access: enAccess,
  alarmActions: enAlarms,
  dashboards: enDashboards,
  link: enLink,
  space: enSpace,
  tagset: enTagSet,
  writes: enWrites,
});
const chinese = flatten({
  ...zh,
  access: zhAccess,
  alarmActions: zhAlarms,
  dashboards: zhDashboards,
  link: zhLink,
  space: zhSpace,
  tagset: zhTagSet,
  writes: zhWrites,
});
/** Texts that are the same in both languages. */
const kSame = new Set([
  "trends.csv",
  "trends.png",
  "product",
  "sources.kinds.opcua",
  "sources.kinds.opcda",
  "sources.none",
  "diagnostics.none",
  "age.never",
  "tagset.languages.curl",
  "tagset.languages.javascript",
  "tagset.languages.python",
]);

describe("messages", () => {
  it("have the same keys in both languages, and none is empty", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe("");
  });

  it("use the same parameters", () => {
    for (const [key, text] of english) {
      const marks = (value: string) => [...new Set(value.match(/‹\d›/g) ?? [])].sort();
      expect(marks(chinese.get(key) ?? ""), key).toEqual(marks(text));
    }
  });

  it("are translated", () => {
    for (const [key, text] of chinese) {
      if (kSame.has(key)) expect(text, key).toBe(english.get(key));
      else if (/[a-z]{3}/i.test(english.get(key) ?? "")) expect(text, key).toMatch(/\p{Script=Han}/u);
    }
  });
});

describe("status codes in words", () => {
  it("are words in both languages", () => {
    expect(wordsOfStatus(0x8031_0000, "en")).toBe("No communication");
    expect(wordsOfStatus(0x8031_0000, "zh")).toBe("通信中断");
    expect(wordsOfStatus(0x4090_0000, "en")).toBe("Last usable value");
    expect(wordsOfStatus(0x8000_0000, "en")).toBe("Bad");
    expect(wordsOfStatusName("BadTcpEndpointUrlInvalid", "en")).toBe("Tcp endpoint url invalid");
    expect(wordsOfStatus(0x8fff_0000, "en")).toBe("0x8FFF0000");
  });

  it("are translated only for codes that exist", () => {
    const names = new Set(kStatusNames.values());
    expect(kTranslatedStatusNames.filter((name) => !names.has(name))).toEqual([]);
  });
});
