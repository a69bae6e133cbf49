import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseMetrics } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { sources as en } from "../src/i18n/en/sources.js";
import { numbersOf, type Sample } from "../src/sources/numbers/numbers.js";

function sample(at: number, plcValues: number, waiting: number): Sample {
  return {
    at,
    metrics: parseMetrics(`# HELP tagwire_source_up 1 while the source is live.
# TYPE tagwire_source_up gauge
tagwire_source_up{source="plc",kind="opcua"} 1
tagwire_tags 5
# HELP tagwire_source_updates_total Values that arrived.
# TYPE tagwire_source_updates_total counter
tagwire_source_updates_total{source="other"} 9
tagwire_source_updates_total{source="plc"} ${plcValues}
# TYPE tagwire_source_updates_waiting gauge
tagwire_source_updates_waiting{source="plc"} ${waiting}
`),
  };
}

describe("numbers of a source", () => {
  it("are its own, without those that the table shows", () => {
    expect(numbersOf("plc", sample(0, 100, 3))).toEqual([
      { name: "updates_total", help: "Values that arrived.", value: 100, perSecond: undefined },
      { name: "updates_waiting", help: "", value: 3, perSecond: undefined },
    ]);
    expect(numbersOf("nobody", sample(0, 100, 3))).toEqual([]);
  });

  it("tell how fast counters grow", () => {
    const rates = numbersOf("plc", sample(3_000, 400, 9), sample(1_000, 100, 3)).map(
      ({ perSecond }) => perSecond,
    );
    expect(rates).toEqual([150, undefined]);
  });

  it("tell no rate when the server was restarted between", () => {
    expect(numbersOf("plc", sample(3_000, 5, 0), sample(1_000, 100, 0))[0]?.perSecond).toBeUndefined();
  });

  it("has a name on the pages for each that the server may tell", () => {
    const root = join(import.meta.dirname, "../../../src");
    const told = new Set<string>();
    for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (!/\.(cpp|h)$/.test(file)) continue;
      const text = readFileSync(join(root, file), "utf8");
      for (const [, name] of text.matchAll(/"source_([a-z_]+)",\s+"/g)) if (name) told.add(name);
    }
    expect(told.size).toBeGreaterThan(30);
    for (const inTable of ["up", "tags", "bad_tags", "state_since_seconds"]) told.delete(inTable);
    expect([...told].filter((name) => !(name in en.numbers))).toEqual([]);
  });
});
