import { describe, expect, it } from "vitest";
import { formatView, parseView } from "../src/state/view.svelte.js";

const kOtherwise = { lang: "en", theme: "system" } as const;
const kFingerprint = "0123456789abcdef".repeat(4);

describe("the view in the URL", () => {
  it("is the same after writing and reading", () => {
    const view = parseView(
      `?page=sources&section=certificates&certificate=${kFingerprint}&q=a%26b&show=bad&group=none&sort=-value&hide=unit,spark&pens=A.B&pens=C%2CD&trend=0&span=600000&from=1000&to=5000&zone=plant&ruler=2000&focus=A.B&unit=Plant.Unit1&screen=unit-100&element=P-101&dashboard=line-1&source=line1&node=ns%3D2%3Bs%3DA&find=temp&pick=i%3D1&pick=i%3D2&pick=i%3D1&part=tokens&audit-user=eve&audit-since=5&kiosk=1&cycle=30&lang=zh&theme=dark`,
      kOtherwise,
    );
    expect(view).toEqual({
      page: "sources",
      section: "certificates",
      certificate: kFingerprint,
      query: "a&b",
      show: "bad",
      group: "none",
      sort: "value",
      descending: true,
      hidden: ["unit", "spark"],
      pens: ["A.B", "C,D"],
      trend: false,
      window: { span: 600_000, bounds: { from: 1000, to: 5000 } },
      zone: "plant",
      ruler: 2000,
      focus: "A.B",
      unit: "Plant.Unit1",
      screen: "unit-100",
      element: "P-101",
      dashboard: "line-1",
      source: "line1",
      node: "ns=2;s=A",
      find: "temp",
      picks: ["i=1", "i=2"],
      part: "tokens",
      audit: { user: "eve", action: "", text: "", outcome: "", since: 5, until: undefined },
      kiosk: true,
      cycle: 30,
      lang: "zh",
      theme: "dark",
    });
    expect(parseView(formatView(view, ""), kOtherwise)).toEqual(view);
  });

  it("tells chosen emptiness from no choice", () => {
    expect(parseView("", kOtherwise).pens).toBeUndefined();
    expect(parseView("?pens=", kOtherwise).pens).toEqual([]);
    expect(formatView({ ...parseView("", kOtherwise), pens: [] }, "")).toContain("pens=");
  });

  it("ignores nonsense, bounds the pens and keeps what is not its own", () => {
    const pens = Array.from({ length: 20 }, (_, index) => `pens=T${index}`).join("&");
    const view = parseView(
      `?page=admin&section=x&certificate=%3Cb%3E&screen=..%2Fetc&sort=-x&theme=pink&lang=fr&${pens}`,
      kOtherwise,
    );
    expect(view).toMatchObject({
      page: "tags",
      section: "list",
      certificate: "",
      screen: "",
      sort: "name",
      theme: "system",
      lang: "en",
    });
    expect(view.pens).toHaveLength(8);
    const picks = Array.from({ length: 90 }, (_, index) => `pick=i%3D${index}`).join("&");
    expect(parseView(`?${picks}`, kOtherwise).picks).toHaveLength(50);
    const times = parseView("?span=-5&from=9&to=3&ruler=noon&zone=mars", kOtherwise);
    expect(times.window).toEqual({ span: 3_600_000, bounds: undefined });
    expect([times.ruler, times.zone]).toEqual([undefined, "browser"]);
    expect(parseView("?kiosk=yes&cycle=1", kOtherwise)).toMatchObject({ kiosk: false, cycle: 0 });
    expect(formatView(parseView("", kOtherwise), "?token=1")).toBe("?token=1&lang=en");
  });
});
