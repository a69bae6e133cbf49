import { beforeEach, describe, expect, it } from "vitest";
import { TagwireAccess } from "../src/index.js";

describe("TagwireAccess", () => {
  let asked: [method: string, address: string, body: unknown][];
  let answer: () => Response;
  let access: TagwireAccess;

  beforeEach(() => {
    asked = [];
    answer = () => Response.json({});
    access = new TagwireAccess("http://127.0.0.1:5000/plant/", async (input, init) => {
      const { pathname, search } = new URL(String(input));
      asked.push([init?.method ?? "GET", pathname.replace("/plant/api/v1/", "") + search, bodyOf(init)]);
      return answer();
    });
  });

  const bodyOf = (init: RequestInit | undefined) => (init?.body ? JSON.parse(String(init.body)) : undefined);

  it("logs in and out", async () => {
    await access.session();
    await access.login("eve", "secret words");
    await access.setUp("abc", "eve", "secret words");
    answer = () => new Response(null, { status: 204 });
    await access.logout();
    await access.changePassword("old", "new");
    expect(asked).toEqual([
      ["GET", "session", undefined],
      ["POST", "session", { user: "eve", password: "secret words" }],
      ["POST", "setup", { secret: "abc", user: "eve", password: "secret words" }],
      ["DELETE", "session", undefined],
      ["PUT", "account/password", { old: "old", password: "new" }],
    ]);
  });

  it("manages sessions and tokens, one's own and everybody's", async () => {
    answer = () => Response.json({ sessions: [{ id: "s1" }], tokens: [{ id: "t1" }] });
    expect(await access.sessions("own")).toEqual([{ id: "s1" }]);
    expect(await access.tokens("all")).toEqual([{ id: "t1" }]);
    await access.makeToken({ name: "n", role: "viewer", read: ["**"], write: [] });
    answer = () => new Response(null, { status: 204 });
    await access.endSession("all", "a/b");
    await access.revokeToken("own", "t1");
    expect(asked).toEqual([
      ["GET", "account/sessions", undefined],
      ["GET", "tokens", undefined],
      ["POST", "account/tokens", { name: "n", role: "viewer", read: ["**"], write: [] }],
      ["DELETE", "sessions/a%2Fb", undefined],
      ["DELETE", "account/tokens/t1", undefined],
    ]);
  });

  it("manages users", async () => {
    answer = () => Response.json({ users: [{ name: "eve" }] });
    expect(await access.users()).toEqual([{ name: "eve" }]);
    await access.addUser({ name: "bob", password: "p", role: "operator", read: ["**"], write: ["A"] });
    await access.changeUser("b b", { disabled: true });
    answer = () => new Response(null, { status: 204 });
    await access.removeUser("b b");
    expect(asked.map(([method, address]) => `${method} ${address}`)).toEqual([
      "GET users",
      "POST users",
      "PATCH users/b%20b",
      "DELETE users/b%20b",
    ]);
    expect(asked[2]?.[2]).toEqual({ disabled: true });
  });

  it("reads the audit log, also as a file", async () => {
    await access.audit({ user: "eve", outcome: "done", before: 7, limit: 100 });
    await access.verifyAudit();
    expect(asked.map(([, address]) => address)).toEqual([
      "audit?user=eve&outcome=done&before=7&limit=100",
      "audit/verify",
    ]);
    expect(access.auditCsvUrl({ action: "write" })).toBe(
      "http://127.0.0.1:5000/plant/api/v1/audit?action=write&format=csv",
    );
  });

  it("says how long somebody has to wait", async () => {
    const body = JSON.stringify({ code: "too_many", msg: "wait" });
    answer = () => new Response(body, { status: 429, headers: { "retry-after": "30" } });
    await expect(access.login("eve", "x")).rejects.toMatchObject({ status: 429, retryAfter: 30 });
    answer = () => new Response(body, { status: 429 });
    await expect(access.login("eve", "x")).rejects.toMatchObject({ status: 429, retryAfter: undefined });
  });
});
