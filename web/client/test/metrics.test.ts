import { describe, expect, it } from "vitest";
import { parseMetrics } from "../src/index.js";

const kText = `# HELP tagwire_source_updates_total Values that arrived from the source.
# TYPE tagwire_source_updates_total counter
tagwire_source_updates_total{source="boiler, \\"1\\"",kind="opcua"} 4197
tagwire_source_updates_total{source="back\\\\slash\\nline"} 0
# HELP tagwire_tags Tags known.
# TYPE tagwire_tags gauge
tagwire_tags 187
tagwire_skew -1.5e-3 1795614061743

other_up{} +Inf
no sample
tagwire_unknown Nan
tagwire_broken{source="x" 1
`;

describe("parseMetrics", () => {
  it("reads names, helps, types, labels and values", () => {
    expect(parseMetrics(kText)).toEqual([
      {
        name: "source_updates_total",
        help: "Values that arrived from the source.",
        counter: true,
        labels: { source: 'boiler, "1"', kind: "opcua" },
        value: 4197,
      },
      {
        name: "source_updates_total",
        help: "Values that arrived from the source.",
        counter: true,
        labels: { source: "back\\slash\nline" },
        value: 0,
      },
      { name: "tags", help: "Tags known.", counter: false, labels: {}, value: 187 },
      { name: "skew", help: "", counter: false, labels: {}, value: -0.0015 },
      { name: "other_up", help: "", counter: false, labels: {}, value: Number.POSITIVE_INFINITY },
      { name: "unknown", help: "", counter: false, labels: {}, value: Number.NaN },
    ]);
    expect(parseMetrics("")).toEqual([]);
  });
});
