import { type LoginProblem, RestError, type Session } from "@tagwire/client";
import { beforeEach, describe, expect, it } from "vitest";
import { Access, type Change, takeLoginProblem, takeSetUpLink } from "../src/access/access.svelte.js";
import { browserOf } from "../src/access/agent.js";
import {
  fieldOfTime,
  isFiltered,
  kNoFilter,
  parseAuditFilter,
  putAuditFilter,
  queryOf,
  timeOfField,
} from "../src/access/audit-filter.js";
import { AuditLog } from "../src/access/audit-log.svelte.js";
import { en } from "../src/access/i18n/en.js";
import { zh } from "../src/access/i18n/zh.js";
import { isOffered } from "../src/access/pages.js";
import { patternsOf, patternsText } from "../src/access/patterns.js";
import { providerProblem, reasonOf } from "../src/access/trouble.js";

const kBase = "http://plant/tagwire/";

function session(user: string, role: Session["role"], may: Session["may"]): Session {
  return {
    kind: user ? "user" : "anonymous",
    user,
    role,
    read: ["**"],
    write: [],
    csrf: user ? `csrf of ${user}` : null,
    expires: null,
    users: true,
    setUp: false,
    may,
  };
}
const kViewer = session("", "viewer", ["UsePublic", "ReadTag"]);
const kNobody = session("", null, ["UsePublic"]);
const kEve = session("eve", "administrator", ["UsePublic", "ReadTag", "ManageUsers", "ReadAudit"]);
const kBob = session("bob", "operator", ["UsePublic", "ReadTag", "WriteTag"]);

describe("who uses the page", () => {
  let now: Session;
  let status: number;
  let sent: { path: string; method: string; csrf: string | null }[];
  let changes: Change[];
  let access: Access;

  beforeEach(() => {
    now = kViewer;
    status = 200;
    sent = [];
    changes = [];
    const server: typeof fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      const csrf = new Headers(init?.headers).get("x-tagwire-csrf");
      sent.push({ path: pathname, method: init?.method ?? "GET", csrf });
      if (pathname.endsWith("/session")) return Response.json(now);
      return new Response(null, { status });
    };
    access = new Access(kBase, (how) => changes.push(how), server);
  });

  const ask = (path: string, method = "GET") => access.fetch(new URL(path, kBase), { method });

  it("is asked below the path of the page, and known afterwards", async () => {
    expect([access.may("ReadTag"), access.mayNot("ManageUsers"), access.shut]).toEqual([false, false, false]);
    await access.load();
    expect(sent).toEqual([{ path: "/tagwire/api/v1/session", method: "GET", csrf: null }]);
    expect([access.may("ReadTag"), access.mayNot("ManageUsers"), access.shut]).toEqual([true, true, false]);
    now = kNobody;
    await access.load();
    expect(access.shut).toBe(true);
    expect(changes).toEqual(["first", "rights"]);
  });

  it("signs changes, and nothing else", async () => {
    access.welcome(kEve);
    await ask("api/v1/tags");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) await ask("api/v1/users", method);
    expect(sent.map(({ csrf }) => csrf)).toEqual([null, ...Array(4).fill("csrf of eve")]);
  });

  it("is asked to log in again where the session has ended, once", async () => {
    access.welcome(kEve);
    now = kViewer;
    status = 401;
    await ask("api/v1/sources");
    await expect.poll(() => access.session?.kind).toBe("anonymous");
    expect(access.asking).toBe("ended");
    access.dismiss();
    await ask("api/v1/sources");
    expect(access.asking).toBeUndefined();
  });

  it("is asked to log in for a change, not for what the page asks by itself", async () => {
    await access.load();
    status = 401;
    await ask("api/v1/opcua/certificates");
    expect(access.asking).toBeUndefined();
    await ask("api/v1/opcua/sources", "POST");
    expect(access.asking).toBe("needed");
    access.welcome(kBob);
    expect(access.asking).toBeUndefined();
  });

  it("is asked again the next time, also where the form closed by itself", async () => {
    await access.load();
    access.ask();
    access.welcome(kEve);
    access.dismiss();
    now = kViewer;
    status = 401;
    await ask("api/v1/sources");
    expect(access.asking).toBe("ended");
  });

  it("is not asked to log in because a password was wrong", async () => {
    await access.load();
    status = 401;
    for (const path of ["setup", "account/password"]) await ask(`api/v1/${path}`, "POST");
    expect(access.asking).toBeUndefined();
  });

  it("is told apart: the same one again, and somebody else", async () => {
    await access.load();
    access.welcome(kEve);
    now = kViewer;
    await access.load();
    access.welcome(kEve);
    access.welcome(kEve);
    access.welcome(kBob);
    expect(changes).toEqual(["first", "rights", "rights", "rights", "other"]);
  });

  it("is offered the pages that he may see", () => {
    access.welcome(kBob);
    expect([isOffered("tags", access), isOffered("users", access)]).toEqual([true, false]);
    access.welcome(kEve);
    expect([isOffered("users", access), isOffered("audit", access)]).toEqual([true, true]);
  });
});

describe("the link that makes the first administrator", () => {
  const take = (url: string) => {
    const place = new URL(url);
    const went: string[] = [];
    const past = { replaceState: (_data: unknown, _title: string, to: string) => went.push(to) };
    const link = takeSetUpLink(place as unknown as Location, past as unknown as History);
    return { link, went };
  };

  it("leaves the address at once with its secret", () => {
    expect(take(`${kBase}setup?lang=zh#Ab3-_defgh`)).toEqual({
      link: { secret: "Ab3-_defgh" },
      went: ["/tagwire/?lang=zh"],
    });
  });

  it("is seen also where it is not whole, and only there", () => {
    expect(take(`${kBase}setup`).link).toEqual({ secret: "" });
    expect(take(`${kBase}setup#<script>`).link).toEqual({ secret: "" });
    expect(take(`${kBase}?page=tags#Ab3-_defgh`)).toEqual({ link: undefined, went: [] });
  });
});

describe("coming back from a provider", () => {
  const take = (url: string) => {
    const went: string[] = [];
    const past = { replaceState: (_data: unknown, _title: string, to: string) => went.push(to) };
    const problem = takeLoginProblem(new URL(url) as unknown as Location, past as unknown as History);
    return { problem, went };
  };

  it("tells once what went wrong", () => {
    expect(take(`${kBase}?login=no_role&lang=zh`)).toEqual({
      problem: "no_role",
      went: ["/tagwire/?lang=zh"],
    });
    expect(take(`${kBase}?lang=zh`)).toEqual({ problem: undefined, went: [] });
  });

  it("is worded for every problem, and for what an address makes up", () => {
    for (const words of [en, zh]) {
      for (const [name, text] of Object.entries(words.login.problems))
        expect(providerProblem(name as LoginProblem, "Keycloak", words)).toBe(text("Keycloak"));
      for (const made of ["", "toString", "<b>"])
        expect(providerProblem(made as LoginProblem, undefined, words)).toBe(words.login.problems.failed());
    }
  });

  it("asks to log in, and says so no more afterwards", () => {
    const access = new Access(kBase);
    access.ask("stale");
    expect([access.asking, access.problem]).toEqual(["wanted", "stale"]);
    access.welcome(kBob);
    expect(access.problem).toBeUndefined();
  });
});

describe("the filter of the audit log", () => {
  const filter = {
    user: "eve & co",
    action: "user",
    text: "Line.1",
    outcome: "refused" as const,
    since: 1_795_400_000_000,
    until: 1_795_500_000_000,
  };

  it("is the same after a way through the address", () => {
    const parameters = new URLSearchParams("page=audit&audit-text=old");
    putAuditFilter(filter, parameters);
    expect(parseAuditFilter(new URLSearchParams(parameters.toString()))).toEqual(filter);
    putAuditFilter(kNoFilter, parameters);
    expect(parameters.toString()).toBe("page=audit");
    expect([isFiltered(filter), isFiltered(kNoFilter)]).toEqual([true, false]);
  });

  it("takes nothing from an address that makes no sense", () => {
    const strange = new URLSearchParams("audit-outcome=maybe&audit-since=soon&audit-until=1e99");
    expect(parseAuditFilter(strange)).toEqual(kNoFilter);
  });

  it("asks the server in its words", () => {
    expect(queryOf(filter)).toEqual({
      user: "eve & co",
      action: "user",
      text: "Line.1",
      outcome: "refused",
      from: filter.since,
      to: filter.until,
    });
    expect(queryOf(kNoFilter)).toEqual({});
  });

  it("shows times as fields do", () => {
    expect(timeOfField(fieldOfTime(filter.since))).toBe(Math.floor(filter.since / 60_000) * 60_000);
    expect([fieldOfTime(undefined), timeOfField(""), timeOfField("x")]).toEqual(["", undefined, undefined]);
  });
});

describe("the audit log", () => {
  const entry = (n: number) => ({ n }) as never;

  it("goes on below the last entry, and begins anew for another filter", async () => {
    const asked: object[] = [];
    const log = new AuditLog({
      audit: async (query) => {
        asked.push(query);
        return query.before
          ? { entries: [entry(1)], more: false }
          : { entries: [entry(3), entry(2)], more: true };
      },
    });
    await log.show(kNoFilter);
    await log.older();
    expect(log.entries?.map(({ n }) => n)).toEqual([3, 2, 1]);
    expect([log.more, log.busy]).toEqual([false, false]);
    await log.show({ ...kNoFilter, user: "eve" });
    expect(log.entries?.map(({ n }) => n)).toEqual([3, 2]);
    expect(asked).toEqual([{ limit: 100 }, { limit: 100, before: 2 }, { limit: 100, user: "eve" }]);
  });

  it("keeps what it shows where the server refuses", async () => {
    let refuse = false;
    const log = new AuditLog({
      audit: async () => {
        if (refuse) throw new RestError(403, "forbidden", "not you");
        return { entries: [entry(1)], more: false };
      },
    });
    await log.show(kNoFilter);
    refuse = true;
    await log.show(kNoFilter);
    expect([log.entries?.length, log.problem]).toEqual([1, "not you (forbidden)"]);
  });
});

describe("words about logins", () => {
  it("say what the page knows better than the server", () => {
    expect(reasonOf(new RestError(401, "unauthorized", "?"), en)).toBe(en.login.wrong);
    expect(reasonOf(new RestError(429, "too_many", "?", 29.2), en)).toMatch(/in 30 s/);
    expect(reasonOf(new RestError(429, "too_many", "?", 600), en)).toMatch(/in 10 min/);
    expect(reasonOf(new RestError(400, "bad_request", "too short"), en)).toBe("too short");
    expect(reasonOf(new TypeError("fetch"), en)).toBe(en.login.unreachable);
  });

  it("name browsers", () => {
    const chrome =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
    expect(browserOf(chrome)).toEqual({ browser: "Chrome", system: "Linux" });
    expect(browserOf(`${chrome} Edg/140.0`)?.browser).toBe("Edge");
    expect(browserOf("curl/8.5.0")).toBeUndefined();
  });

  it("list patterns", () => {
    expect(patternsOf(" A.** \n\nB\nB\n")).toEqual(["A.**", "B"]);
    expect(patternsText([], en)).toBe("none");
    expect(patternsText(["A", "**"], en)).toBe("all");
    expect(patternsText(["A", "B.*"], en)).toBe("A, B.*");
  });
});
