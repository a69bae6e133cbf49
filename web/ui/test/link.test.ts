import { SourceBook, type SourceStatus } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { firstAttempt } from "../src/sources/add/first-attempt.js";
import { hostOf, isMadeFor } from "../src/sources/add/new-server.js";
import { en } from "../src/sources/link/i18n/en.js";
import { remedyOf } from "../src/sources/link/remedies.js";

const kPrint = "ab".repeat(32);

function source(change: Partial<SourceStatus> = {}): SourceStatus {
  return { n: "plc", kind: "opcua", state: "backoff", since: 0, ...change };
}

describe("what can be done about a lost link", () => {
  it.each([
    ["BadCertificateUntrusted", `the certificate ${kPrint} is not trusted`, "trust"],
    ["BadSecurityChecksFailed", "the server refused us", "introduce"],
    ["BadConnectionClosed", "refused …: trust our certificate there, `Tagwire@x`", "introduce"],
    ["BadConnectionRejected", "refused …: trust our certificate there, `Tagwire@x`", "introduce"],
    ["BadCertificateTimeInvalid", "", "renew"],
    ["BadIdentityTokenRejected", "", "user"],
    ["BadConnectionRejected", "", "reach"],
    ["BadTooManySessions", "", "room"],
    ["BadServerHalted", "", "start"],
    ["BadConnectionClosed", "", "reach"],
    ["BadInternalError", "", "wait"],
  ])("%s (%s): %s", (why, msg, remedy) => {
    expect(remedyOf(source({ why, msg }))).toBe(remedy);
    expect(Object.keys(en.remedies)).toContain(remedy);
  });

  it("is nothing while all is well, or nothing has happened yet", () => {
    expect(remedyOf(source({ state: "live", why: "BadTimeout" }))).toBeUndefined();
    expect(remedyOf(source({ state: "connecting" }))).toBeUndefined();
  });
});

describe("the first attempt of a new source", () => {
  const untrusted = source({ why: "BadCertificateUntrusted", msg: `certificate ${kPrint} is not trusted` });

  function rest() {
    const trusted: string[] = [];
    return {
      trusted,
      trustCertificate: async (fingerprint: string) => {
        trusted.push(fingerprint);
        return { trusted: [], rejected: [], folder: "" } as never;
      },
    };
  }

  it("trusts the certificate that was vouched for, and no other", async () => {
    for (const [vouchedFor, expected] of [
      [kPrint, [kPrint]],
      ["cd".repeat(32), []],
      [undefined, []],
    ] as const) {
      const [book, server] = [new SourceBook(), rest()];
      const waiting = firstAttempt(book, server, "plc", vouchedFor, 5_000);
      book.set(source({ state: "connecting" }));
      book.set(untrusted);
      await waiting;
      expect(server.trusted).toEqual(expected);
    }
  });

  it("is over when the source is connected, and when the time is up", async () => {
    const [book, server] = [new SourceBook(), rest()];
    book.set(source({ state: "live" }));
    await firstAttempt(book, server, "plc", kPrint, 5_000);
    await firstAttempt(new SourceBook(), server, "plc", kPrint, 1);
    expect(server.trusted).toEqual([]);
  });
});

describe("the host of a server", () => {
  it.each([
    ["opc.tcp://plc1:4840/UA", "plc1"],
    ["opc.tcp://[fe80::1]:4840", "fe80::1"],
    ["nonsense", ""],
  ])("of %s is %s", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });

  it("is looked for among those of the certificate", () => {
    expect(isMadeFor({ hosts: ["PLC1", "10.0.0.1"] }, "plc1")).toBe(true);
    expect(isMadeFor({ hosts: ["other"] }, "plc1")).toBe(false);
  });
});
