import type { BrowseAnswer, NodeDetail, NodeSummary } from "@tagwire/client";
import { RestError } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { configLines, tomlString } from "../src/space/config-lines.js";
import { Explorer } from "../src/space/explorer.js";
import { isSpaceKind, kSpaceKinds } from "../src/space/kinds.js";
import { LimitBook } from "../src/space/limit-book.svelte.js";
import { canHaveLimits, limitsOf, orderOf, textsOf } from "../src/space/limit-proposals.js";
import { distinct, levelOf, tagName } from "../src/space/names.js";
import { metadataOf, rightsOf, textOfProperty, textOfValue, typeText } from "../src/space/node-text.js";
import { areTags, tagsOfPicks } from "../src/space/picked-tags.js";
import { PickBook } from "../src/space/picks.svelte.js";
import { type NodeRow, SpaceTree } from "../src/space/tree.svelte.js";

function summary(node: string, change: Partial<NodeSummary> = {}): NodeSummary {
  return {
    node,
    browseName: `2:${node}`,
    displayName: node,
    nodeClass: "Object",
    referenceType: "i=35",
    forward: true,
    ...change,
  };
}

/** A server with a small address space: parent → children. */
class Peer {
  readonly asked: string[] = [];
  failure: Error | undefined;
  pages = new Map<string, BrowseAnswer>();

  constructor(
    private readonly children: Readonly<Record<string, readonly NodeSummary[]>>,
    private readonly values: Readonly<Record<string, NodeDetail["value"]>> = {},
  ) {}

  async browse(_source: string, query: { node?: string; continuation?: string } = {}): Promise<BrowseAnswer> {
    const node = query.node ?? "i=85";
    this.asked.push(`browse ${node}${query.continuation ? ` ${query.continuation}` : ""}`);
    if (this.failure) throw this.failure;
    const page = this.pages.get(query.continuation ?? node);
    return page ?? { references: this.children[node] ?? [] };
  }

  async node(_source: string, node: string): Promise<NodeDetail> {
    this.asked.push(`node ${node}`);
    if (this.failure) throw this.failure;
    for (const [parent, children] of Object.entries(this.children)) {
      const found = children.find((each) => each.node === node);
      if (!found) continue;
      const { browseName, displayName, nodeClass } = found;
      const value = this.values[node];
      return {
        node,
        browseName,
        displayName,
        nodeClass,
        dataTypeName: "Double",
        valueRank: -1,
        userAccess: ["CurrentRead"],
        inverse: [summary(parent, { forward: false })],
        ...(value !== undefined && { value }),
      };
    }
    throw new RestError(404, "not_found", `there is no node ${node}`);
  }

  async search(): Promise<never> {
    throw new Error("not asked here");
  }
}

const kPlant = {
  "i=85": [summary("Boiler"), summary("Server", { hasChildren: false })],
  Boiler: [summary("Level", { nodeClass: "Variable" }), summary("Pump")],
  Pump: [summary("Speed", { nodeClass: "Variable" })],
  Level: [
    summary("range", { browseName: "EURange", nodeClass: "Variable", referenceType: "i=46" }),
    summary("unit", { browseName: "EngineeringUnits", nodeClass: "Variable", referenceType: "i=46" }),
    summary("high", { browseName: "HighLimit", nodeClass: "Variable", referenceType: "i=46" }),
  ],
};
const kValues = {
  range: { Low: 0, High: 10 },
  unit: { UnitId: 1, DisplayName: { locale: "", text: "m" } },
  high: 9,
};

const shown = (tree: SpaceTree) =>
  tree.rows.map((row) =>
    row.kind === "node"
      ? `${"-".repeat(row.level)}${row.node.node}`
      : `${"-".repeat(row.level)}(${row.kind})`,
  );
const rowOf = (tree: SpaceTree, node: string) =>
  tree.rows.find((row) => row.kind === "node" && row.node.node === node) as NodeRow;

describe("the tree", () => {
  it("asks for a level when it is opened, and once", async () => {
    const peer = new Peer(kPlant);
    const tree = new SpaceTree(new Explorer(peer, "plc"));
    await tree.begin();
    expect(shown(tree)).toEqual(["-Boiler", "-Server"]);
    expect(rowOf(tree, "Server").openable).toBe(false);
    await tree.toggle(rowOf(tree, "Boiler"));
    await tree.toggle(rowOf(tree, "Pump"));
    expect(shown(tree)).toEqual(["-Boiler", "--Level", "--Pump", "---Speed", "-Server"]);
    await tree.toggle(rowOf(tree, "Boiler"));
    await tree.toggle(rowOf(tree, "Boiler"));
    await tree.begin();
    expect(peer.asked).toEqual(["browse i=85", "browse Boiler", "browse Pump"]);
    expect(shown(tree)).toHaveLength(5);
  });

  it("goes on page by page", async () => {
    const peer = new Peer(kPlant);
    peer.pages.set("i=85", { references: [summary("A"), summary("B")], next: "7" });
    peer.pages.set("7", { references: [summary("B"), summary("C")], cutOff: "the rest is too much" });
    const tree = new SpaceTree(new Explorer(peer, "plc"));
    await tree.begin();
    expect(shown(tree)).toEqual(["-A", "-B", "-(more)"]);
    expect(rowOf(tree, "A").siblings).toBe(-1);
    const more = tree.rows.at(-1);
    if (more?.kind !== "more") throw new Error("there is no row for the next page");
    await tree.goOn(more);
    expect(shown(tree)).toEqual(["-A", "-B", "-C", "-(cut)"]);
    expect(rowOf(tree, "A").siblings).toBe(3);
  });

  it("says what failed where it failed, and tries again", async () => {
    const peer = new Peer(kPlant);
    const tree = new SpaceTree(new Explorer(peer, "plc"));
    peer.failure = new RestError(403, "forbidden", "only there");
    await tree.begin();
    expect(tree.trouble).toEqual({ code: "forbidden", reason: "only there" });
    peer.failure = undefined;
    await tree.begin();
    expect(tree.trouble).toBeUndefined();
    peer.failure = new RestError(502, "unreachable", "not connected");
    await tree.toggle(rowOf(tree, "Boiler"));
    expect(shown(tree)).toEqual(["-Boiler", "--(failed)", "-Server"]);
    expect(tree.trouble).toBeUndefined();
    peer.failure = undefined;
    const failed = tree.rows[1];
    if (failed?.kind !== "failed") throw new Error("there is no row for the failure");
    await tree.goOn(failed);
    expect(shown(tree)).toEqual(["-Boiler", "--Level", "--Pump", "-Server"]);
  });
});

describe("ticked nodes", () => {
  it("are described with path, type, unit and range", async () => {
    const book = new PickBook(new Explorer(new Peer(kPlant, kValues), "plc"));
    await book.want(["Level", "Pump", "Nowhere"]);
    expect(book.stateOf("Level")).toEqual({
      name: "ready",
      pick: {
        node: "Level",
        path: "Boiler.Level",
        subtree: false,
        type: "Double",
        rights: { read: true, write: false, history: false },
        unit: "m",
        range: "0 … 10",
        limits: { h: 9 },
        description: "",
      },
    });
    expect(book.stateOf("Nowhere")).toMatchObject({ name: "failed", trouble: { code: "not_found" } });
    expect(book.chosen(["Level", "Pump", "Nowhere"])).toEqual([
      { node: "Level", name: "Boiler.Level", subtree: false },
      { node: "Pump", name: "Boiler.Pump", subtree: true },
    ]);
    await book.want(["Pump"]);
    expect(book.stateOf("Level")).toEqual({ name: "loading" });
  });
});

describe("limits of ticked nodes", () => {
  it("are those that the server names in numbers", () => {
    const property = (browseName: string, value: number | string): NodeDetail => ({
      ...summary(browseName, { browseName }),
      inverse: [],
      value,
    });
    const properties = [
      property("LowLowLimit", -1.5),
      property("HighLimit", "much"),
      property("HighHighLimit", 90),
      property("EURange", 5),
    ];
    expect(limitsOf(properties)).toEqual({ ll: -1.5, hh: 90 });
    expect(limitsOf([])).toEqual({});
    expect(
      ["Double", "UInt16", "SByte", "Boolean", "String", "Double[3]", "LineState"].map(canHaveLimits),
    ).toEqual([true, true, true, false, false, false, false]);
  });

  it("are taken as typed, when they rise", () => {
    expect(orderOf({ ll: "", l: " −2.5 ", h: "1e3", hh: "" })).toEqual({
      name: "ok",
      limits: { l: -2.5, h: 1000 },
    });
    expect(orderOf({ ll: "", l: "", h: "", hh: "" })).toEqual({ name: "ok", limits: {} });
    expect(orderOf({ ll: "", l: "1,5", h: "", hh: "" })).toEqual({ name: "noNumber", level: "l" });
    expect(orderOf({ ll: "5", l: "", h: "5", hh: "" })).toEqual({ name: "notRising", level: "h" });
    expect(textsOf({ h: 0, hh: 1e21 })).toEqual({ ll: "", l: "", h: "0", hh: "1e+21" });
  });

  it("are ordered only when they are others than the server's", () => {
    const book = new LimitBook();
    expect(book.changed("n", { h: 9 })).toBeUndefined();
    book.type("n", { ...textsOf({ h: 9 }), hh: "9.5" });
    expect(book.changed("n", { h: 9 })).toEqual({ h: 9, hh: 9.5 });
    book.type("n", { ...textsOf({ h: 9 }), h: "9.0" });
    expect(book.changed("n", { h: 9 })).toBeUndefined();
    book.type("n", textsOf({}));
    expect(book.changed("n", { h: 9 })).toEqual({});
    book.type("n", { ...textsOf({}), h: "x" });
    expect(book.changed("n", { h: 9 })).toBeUndefined();
    expect(book.orderOf("n", { h: 9 })).toEqual({ name: "noNumber", level: "h" });
  });

  it("stand in the lines of configuration", () => {
    const nodes = [
      { name: "A", node: "i=1", subtree: false, limits: { l: -1, hh: 2.5 } },
      { name: "B", node: "i=2", subtree: false, limits: {} },
    ];
    const lines = configLines(nodes, "hint");
    expect(lines).toContain("limits = { from_server = false, low = -1, high_high = 2.5 }\n");
    expect(lines).toContain("limits = { from_server = false }\n");
  });
});

describe("an OPC DA server", () => {
  const children = {
    "": [
      summary('branch=["Random"]'),
      summary("item=@Clients", { nodeClass: "Variable", hasChildren: false }),
    ],
    'branch=["Random"]': [summary("item=Random.Int1", { nodeClass: "Variable", hasChildren: false })],
    "item=Random.Int1": [
      summary("unit", { browseName: "EU Units", nodeClass: "Variable", referenceType: "i=46" }),
      summary("low", { browseName: "Low EU", nodeClass: "Variable", referenceType: "i=46" }),
      summary("high", { browseName: "High EU", nodeClass: "Variable", referenceType: "i=46" }),
    ],
  };
  const explorer = () =>
    new Explorer(new Peer(children, { unit: "%", low: -100, high: 100 }), "da", kSpaceKinds.opcda);

  it("is one of the kinds with an address space, and its tree begins at the root", async () => {
    expect(["opcua", "opcda", "simulator", "toString"].filter(isSpaceKind)).toEqual(["opcua", "opcda"]);
    const tree = new SpaceTree(explorer());
    await tree.begin();
    await tree.toggle(rowOf(tree, 'branch=["Random"]'));
    expect(shown(tree)).toEqual(['-branch=["Random"]', "--item=Random.Int1", "-item=@Clients"]);
    expect([tree.canPick("Variable"), tree.canPick("Object")]).toEqual([true, false]);
  });

  it("has items that are ticked by their ids, which make lines of its entry", async () => {
    const book = new PickBook(explorer());
    await book.want(["item=Random.Int1", 'item=a "b"']);
    expect(book.stateOf("item=Random.Int1")).toMatchObject({
      name: "ready",
      pick: { path: "Random.Int1", subtree: false, unit: "%", range: "-100 … 100" },
    });
    const nodes = ["item=Random.Int1", 'item=a "b"'].map((node) => ({ name: "", node, subtree: false }));
    expect(kSpaceKinds.opcda.lines(nodes, "into da")).toBe(
      '# into da\nitems = [\n  "Random.Int1",\n  "a \\"b\\"",\n]\n',
    );
  });
});

describe("names of tags", () => {
  it("have no namespace index and nothing that a path cannot have", () => {
    expect(["2:Level", "Level", "3:a.b*c", "1:\u0001", "1: x ", "0:"].map(levelOf)).toEqual([
      "Level",
      "Level",
      "a_b_c",
      "_",
      "x",
      "_",
    ]);
    expect(tagName(["2:Boiler", "2:Level"])).toBe("Boiler.Level");
    expect(tagName(["x".repeat(400), "温".repeat(100), "Level"])).toBe(`${"温".repeat(100)}.Level`);
  });

  it("are told apart", () => {
    expect(distinct(["A", "B", "A", "A"])).toEqual(["A", "B", "A_2", "A_3"]);
  });
});

describe("lines of configuration", () => {
  it("are tags and subtrees of TOML", () => {
    const nodes = [
      { name: "Boiler.Level", node: 'nsu=urn:a;s="x"\\y', subtree: false },
      { name: "Pump", node: "i=7", subtree: true },
    ];
    expect(configLines(nodes, "below\nplc")).toBe(
      `# below plc\n\n[[opcua.tags]]\nname = "Boiler.Level"\nnode = "nsu=urn:a;s=\\"x\\"\\\\y"\n\n[[opcua.subtrees]]\nname = "Pump"\nnode = "i=7"\n`,
    );
  });

  it("escape what a string of TOML cannot have", () => {
    expect(tomlString('a"b\\c\n\t\u0001\u007f温')).toBe('"a\\"b\\\\c\\n\\t\\u0001\\u007f温"');
  });
});

describe("nodes as text", () => {
  const detail = {
    node: "a",
    nodeClass: "Variable",
    browseName: "a",
    displayName: "a",
    inverse: [],
  } as const;

  it("shows types with their dimensions", () => {
    expect(typeText({ ...detail, dataTypeName: "Int32", valueRank: -1 })).toBe("Int32");
    expect(typeText({ ...detail, dataTypeName: "Int32", valueRank: 2, arrayDimensions: [3, 0] })).toBe(
      "Int32[3×]",
    );
    expect(typeText({ ...detail, dataType: "i=99", valueRank: 1 })).toBe("i=99[]");
  });

  it("prefers what our own user may", () => {
    const access = ["CurrentRead", "CurrentWrite", "HistoryRead"];
    expect(rightsOf({ ...detail, access })).toEqual({ read: true, write: true, history: true });
    expect(rightsOf({ ...detail, access, userAccess: [] })).toEqual({
      read: false,
      write: false,
      history: false,
    });
  });

  it("cuts long values and takes metadata of odd properties for none", () => {
    expect(textOfValue("x".repeat(3000))).toHaveLength(2001);
    expect([textOfValue(null), textOfValue(undefined), textOfValue([1, 2])]).toEqual(["—", "—", "[1,2]"]);
    const odd = (browseName: string, value: NodeDetail["value"]) =>
      ({ ...detail, browseName, ...(value !== undefined && { value }) }) as NodeDetail;
    expect(metadataOf([odd("EURange", null), odd("EngineeringUnits", "m")])).toEqual({ unit: "", range: "" });
    expect(textOfProperty(odd("Definition", { locale: "en", text: "as measured" }))).toBe("as measured");
    expect(textOfProperty(odd("Raw", { A: 1 }))).toBe('{"A":1}');
  });
});

describe("counting what is below a node", () => {
  const variable = (node: string, more: Partial<NodeSummary> = {}) =>
    summary(node, { nodeClass: "Variable", ...more });

  it("counts variables of all levels once, without properties and other servers", async () => {
    const peer = new Peer({
      top: [
        variable("a"),
        summary("mid"),
        variable("p", { referenceType: "i=46" }),
        variable("r", { remote: true }),
      ],
      mid: [variable("b"), variable("a"), summary("top"), summary("leaf", { hasChildren: false })],
    });
    const told: number[] = [];
    const explorer = new Explorer(peer as never, "plc");
    const found = await explorer.countBelow("top", (count) => told.push(count), new AbortController().signal);
    expect(found).toEqual({ count: 2, more: false });
    expect(told).toEqual([1, 2]);
    expect(peer.asked).toEqual(["browse top", "browse mid"]);
  });

  it("reads on where the server answers in pages, and tells that there is more", async () => {
    const peer = new Peer({});
    peer.pages.set("top", { references: [variable("a")], next: "2" });
    peer.pages.set("2", { references: [variable("b")], cutOff: "too many" });
    const explorer = new Explorer(peer as never, "plc");
    expect(await explorer.countBelow("top", () => {}, new AbortController().signal)).toEqual({
      count: 2,
      more: true,
    });
  });

  it("ends somewhere", async () => {
    let made = 0;
    const endless = { browse: async () => ({ references: [summary(`n${++made}`)] }) };
    const explorer = new Explorer(endless as never, "plc");
    expect(await explorer.countBelow("top", () => {}, new AbortController().signal)).toEqual({
      count: 0,
      more: true,
    });
    expect(made).toBe(300);
  });
});

describe("the tags that came of ticked nodes", () => {
  it("are found below the source's prefix", () => {
    const tags = ["line.Plant.Level", "line.Plants.X", "line.Say", "other.Plant.Level"];
    const store = {
      size: tags.length,
      isLive: () => true,
      describe: (slot: number) => ({ n: tags[slot], src: tags[slot]?.startsWith("line") ? "line" : "other" }),
    };
    expect(tagsOfPicks(store as never, "line", ["Plant", "Say"])).toEqual(["line.Plant.Level", "line.Say"]);
    expect(tagsOfPicks(store as never, "line", [])).toEqual([]);
    expect(areTags(store as never, "line", ["Plant", "Say"])).toBe(true);
    expect(areTags(store as never, "line", ["Plant", "Level"])).toBe(false);
    expect(areTags(store as never, "line", [])).toBe(false);
  });
});
