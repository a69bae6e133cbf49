import { TagStore } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { findEntries, titleOf, viewOfTag } from "../src/search/entries.js";
import { cyclePages, followVersion, pageAfter } from "../src/shell/kiosk.js";
import type { PageName } from "../src/state/view.svelte.js";

function makeStore(paths: readonly string[]): TagStore {
  const store = new TagStore(() => {});
  for (const [h, n] of paths.entries()) store.retain(store.define({ h, n, ty: "f64", src: "s" }));
  return store;
}

describe("the search of pages and tags", () => {
  const store = makeStore(["Plant.Temp2", "Temp", "Plant.Temp10", "Plant.OutTemp", "Temp.Level"]);
  const found = (query: string) => findEntries(query, store).map(({ id }) => id);

  it("lists the pages when nothing is asked", () => {
    expect(found("")).toEqual([
      "overview",
      "screens",
      "dashboards",
      "trends",
      "tags",
      "space",
      "sources",
      "designer",
      "diagnostics",
      "users",
      "audit",
      "account",
      "sources/certificates",
      "sources/add",
    ]);
  });

  it("finds pages by their names in either language", () => {
    expect(found("诊断")).toEqual(["diagnostics"]);
    expect(found("certif")).toEqual(["sources/certificates"]);
    expect(titleOf("sources/certificates", "zh")).toBe("证书");
  });

  it("puts the nearest tag first", () => {
    expect(found("temp")).toEqual(["Temp", "Plant.Temp2", "Plant.Temp10", "Temp.Level", "Plant.OutTemp"]);
    expect(found("nothing like it")).toEqual([]);
  });

  it("shows at most 30 tags", () => {
    expect(findEntries("x", makeStore(Array.from({ length: 90 }, (_, i) => `x${i}`)))).toHaveLength(30);
  });

  it("leads to the table or to the trend, where eight pens fit", () => {
    expect(viewOfTag("A", false, ["B"])).toEqual({ page: "tags", query: "A", show: "all" });
    expect(viewOfTag("A", true, ["B"]).pens).toEqual(["B", "A"]);
    expect(viewOfTag("B", true, ["B"]).pens).toEqual(["B"]);
    expect(viewOfTag("I", true, [..."ABCDEFGH"]).pens).toEqual([..."BCDEFGHI"]);
  });
});

describe("the kiosk", () => {
  it("goes round the pages for running the plant", async () => {
    const after = (screen: string, dashboard: string, ...pages: PageName[]) =>
      pages.map((page) => pageAfter({ page, screen, dashboard }));
    expect(after("", "", "overview", "trends", "tags", "sources")).toEqual([
      "trends",
      "tags",
      "overview",
      "overview",
    ]);
    expect(after("", "line-1", "overview", "dashboards", "tags")).toEqual([
      "dashboards",
      "trends",
      "overview",
    ]);
    expect(after("unit-1", "", "overview", "screens", "tags")).toEqual(["screens", "trends", "overview"]);
    const seen: (string | undefined)[] = [];
    const view = {
      current: { page: "overview", screen: "", dashboard: "" },
      set: ({ page }: { page?: string }) => seen.push(page),
    };
    const end = cyclePages(view as never, 0.01);
    await expect.poll(() => seen.length).toBeGreaterThan(1);
    end();
    expect(seen[0]).toBe("trends");
  });

  it("loads itself anew when the server is another version", () => {
    let tell: (state: unknown) => void = () => {};
    let reloads = 0;
    const client = {
      state: { name: "connecting" },
      onState: (listener: (state: unknown) => void) => {
        tell = listener;
        return () => {};
      },
    };
    followVersion(client as never, () => {
      reloads += 1;
    });
    for (const server of ["Tagwire 1", "Tagwire 1"]) tell({ name: "live", hello: { server } });
    tell({ name: "waiting" });
    expect(reloads).toBe(0);
    tell({ name: "live", hello: { server: "Tagwire 2" } });
    expect(reloads).toBe(1);
  });
});
