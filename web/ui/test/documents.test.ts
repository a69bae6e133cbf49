import { describe, expect, it } from "vitest";
import {
  DocumentClient,
  DocumentConflict,
  DocumentForbidden,
  DocumentNotFound,
  DocumentRefused,
} from "../src/documents/api.js";
import { documentNameOf, isDocumentName, kLongestDocumentName } from "../src/documents/names.js";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A server that gives one answer after the other. */
function peer(...answers: Response[]) {
  const asked: Asked[] = [];
  const fetcher = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const headers = init.headers as Record<string, string>;
    const body = init.body === undefined ? undefined : JSON.parse(String(init.body));
    asked.push({
      method: init.method ?? "",
      path: String(url).slice("http://plant/x/".length),
      headers,
      body,
    });
    const answer = answers.shift();
    if (!answer) throw new TypeError("unreachable");
    return answer;
  };
  return { asked, client: new DocumentClient("http://plant/x/", fetcher) };
}

function json(body: unknown, status = 200, etag?: string): Response {
  return new Response(JSON.stringify(body), { status, headers: etag === undefined ? {} : { etag } });
}

const kSummary = { name: "line-1", title: "Line 1", version: 4, changed: 1_700_000_000_000, by: "" };

describe("DocumentClient", () => {
  it("lists documents, and why they may not be changed", async () => {
    const { client, asked } = peer(json({ documents: [kSummary], refusal: "not here" }));
    expect(await client.list("dashboard")).toEqual({ documents: [kSummary], refusal: "not here" });
    expect(asked[0]).toMatchObject({ method: "GET", path: "api/v1/documents/dashboard" });
  });

  it("reads the latest and a given version, with the number from ETag", async () => {
    const { client, asked } = peer(
      json({ title: "Line 1" }, 200, '"4"'),
      json({ title: "Line" }, 200, 'W/"2"'),
    );
    expect(await client.read("screen", "line-1")).toEqual({ version: 4, body: { title: "Line 1" } });
    expect(await client.read("screen", "line-1", { version: 2 })).toEqual({
      version: 2,
      body: { title: "Line" },
    });
    expect(asked.map(({ path }) => path)).toEqual([
      "api/v1/documents/screen/line-1",
      "api/v1/documents/screen/line-1?version=2",
    ]);
  });

  it("reads again only what has changed", async () => {
    const { client, asked } = peer(
      new Response(null, { status: 304, headers: { etag: '"4"' } }),
      json({ title: "Line 1" }, 200, '"5"'),
    );
    expect(await client.readIfChanged("dashboard", "line-1", 4)).toBeUndefined();
    expect((await client.readIfChanged("dashboard", "line-1", 4))?.version).toBe(5);
    expect(asked[0]?.headers["if-none-match"]).toBe('"4"');
  });

  it("creates, replaces and removes on condition", async () => {
    const { client, asked } = peer(
      json(kSummary, 201, '"1"'),
      json(kSummary, 200, '"4"'),
      new Response(null, { status: 204 }),
    );
    await client.create("dashboard", "line-1", { title: "Line 1" });
    expect(await client.replace("dashboard", "line-1", 3, { title: "Line 1" })).toEqual(kSummary);
    await client.remove("dashboard", "line-1", 4);
    expect(
      asked.map(({ method, headers }) => [method, headers["if-none-match"], headers["if-match"]]),
    ).toEqual([
      ["PUT", "*", undefined],
      ["PUT", undefined, '"3"'],
      ["DELETE", undefined, '"4"'],
    ]);
    expect(asked[0]?.body).toEqual({ title: "Line 1" });
    expect(asked.slice(0, 2).map(({ headers }) => headers["content-type"])).toEqual([
      "application/json",
      "application/json",
    ]);
  });

  it("lists versions", async () => {
    const { name, ...version } = kSummary;
    const { client, asked } = peer(json({ versions: [version] }));
    expect(await client.versions("dashboard", name)).toEqual([version]);
    expect(asked[0]?.path).toBe("api/v1/documents/dashboard/line-1/versions");
  });

  it.each([
    [403, "forbidden", DocumentForbidden],
    [401, "login_needed", DocumentForbidden],
    [404, "not_found", DocumentNotFound],
    [413, "too_large", DocumentRefused],
    [428, "bad_request", DocumentRefused],
    [503, "overloaded", DocumentRefused],
  ])("tells what %i means", async (status, code, expected) => {
    const { client } = peer(json({ code, msg: "so it is" }, status));
    const error = await client.create("dashboard", "a", { title: "A" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, code, message: "so it is" });
  });

  it("tells which version a conflict is with, or that there is none", async () => {
    const { client } = peer(
      json({ code: "conflict", msg: "changed" }, 412, '"7"'),
      json({ code: "conflict", msg: "gone" }, 412),
    );
    const replacing = () => client.replace("dashboard", "a", 3, { title: "A" }).catch((e: unknown) => e);
    const changed = await replacing();
    expect(changed).toBeInstanceOf(DocumentConflict);
    expect(changed).toMatchObject({ version: 7, message: "changed" });
    expect(await replacing()).toMatchObject({ version: undefined, message: "gone" });
  });

  it("reports answers of something that is no Tagwire, and a server that is away", async () => {
    const { client } = peer(new Response("<html>", { status: 502, statusText: "Bad Gateway" }), json({}));
    await expect(client.list("dashboard")).rejects.toMatchObject({ message: "HTTP 502 Bad Gateway" });
    await expect(client.read("dashboard", "a")).rejects.toBeInstanceOf(DocumentRefused);
    await expect(client.list("dashboard")).rejects.toBeInstanceOf(TypeError);
  });
});

describe("names of documents", () => {
  it("are made of titles", () => {
    const none = new Set<string>();
    expect(documentNameOf("Unit 100: Überblick (Köln)", none, "dashboard")).toBe("unit-100-uberblick-koln");
    expect(documentNameOf("蒸馏", none, "dashboard")).toBe("dashboard");
    expect(documentNameOf("蒸馏 2", none, "dashboard")).toBe("2");
    expect(documentNameOf("", new Set(["dashboard", "dashboard-2"]), "dashboard")).toBe("dashboard-3");
  });

  it("are never too long, and always names", () => {
    const long = `${"a".repeat(62)} b`;
    const first = documentNameOf(long, new Set(), "x");
    const second = documentNameOf(long, new Set([first]), "x");
    for (const name of [first, second]) {
      expect(name.length).toBeLessThanOrEqual(kLongestDocumentName);
      expect(isDocumentName(name)).toBe(true);
    }
    expect(second).not.toBe(first);
  });

  it("have bounds", () => {
    expect(["a", "0", "a-b", "a".repeat(64)].every(isDocumentName)).toBe(true);
    expect(["", "-a", "A", "a_b", "a/b", "a".repeat(65), "a\n"].some(isDocumentName)).toBe(false);
  });
});
