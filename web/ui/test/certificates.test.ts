import { type Certificate, type CertificatesAnswer, RestError, type SourceStatus } from "@tagwire/client";
import { describe, expect, it } from "vitest";
import { onServersMachine } from "../src/shell/servers-machine.js";
import { CertificateBook } from "../src/sources/certificates/book.svelte.js";
import {
  certificateTrouble,
  commonName,
  grouped,
  standingOf,
  validityOf,
  waitingFor,
} from "../src/sources/certificates/facts.js";

const kDay = 86_400_000;
const kNow = Date.UTC(2026, 10, 25, 12);

function certificate(digit: string, change: Partial<Certificate> = {}): Certificate {
  return {
    fingerprint: digit.repeat(64),
    thumbprint: digit.repeat(40),
    subject: `CN=PLC ${digit}`,
    issuer: `CN=PLC ${digit}`,
    selfSigned: true,
    hosts: [],
    from: kNow - 100 * kDay,
    to: kNow + 100 * kDay,
    bits: 2048,
    ...change,
  };
}

function source(change: Partial<SourceStatus>): SourceStatus {
  return { n: "plc", kind: "opcua", state: "backoff", since: kNow, ...change };
}

describe("a certificate", () => {
  it("is valid, soon no longer, not any more, or not yet", () => {
    expect(validityOf(certificate("a"), kNow)).toBe("valid");
    expect(validityOf(certificate("a", { to: kNow + 30 * kDay }), kNow)).toBe("soon");
    expect(validityOf(certificate("a", { to: kNow + 30 * kDay + 1 }), kNow)).toBe("valid");
    expect(validityOf(certificate("a", { to: kNow }), kNow)).toBe("soon");
    expect(validityOf(certificate("a", { to: kNow - 1 }), kNow)).toBe("expired");
    expect(validityOf(certificate("a", { from: kNow + 1 }), kNow)).toBe("early");
  });

  it("has a fingerprint in groups of four", () => {
    expect(grouped("0123456789abcdef")).toBe("0123 4567 89AB CDEF");
    expect(grouped("0123456789ab")).toBe("0123 4567 89AB");
    expect(grouped("")).toBe("");
  });

  it.each([
    ["CN=PLC-1,O=Plant", "PLC-1"],
    ["O=Plant,CN=PLC-1", "PLC-1"],
    ["O=Plant+CN=PLC-1", "PLC-1"],
    ["CN=Boiler\\, east,O=Plant", "Boiler, east"],
    ["CN=a\\\\b", "a\\b"],
    ["CN=\\E5\\8E\\8B 1", "压 1"],
    ["CN=压缩机站", "压缩机站"],
    ["O=CN=x,OU=y", "O=CN=x,OU=y"],
    ["CN=", "CN="],
    ["O=Only", "O=Only"],
    ["", ""],
  ])("with the subject %j is called %j", (subject, name) => {
    expect(commonName(subject)).toBe(name);
  });

  it("is our own, trusted, rejected or unknown", () => {
    const answer: CertificatesAnswer = {
      own: certificate("a"),
      folder: "/pki",
      trusted: [certificate("b")],
      rejected: [certificate("c")],
    };
    expect([..."abcd"].map((digit) => standingOf(answer, digit.repeat(64)))).toEqual([
      "own",
      "trusted",
      "rejected",
      undefined,
    ]);
  });
});

describe("a source's trouble with certificates", () => {
  const kPrint = "0123456789abcdef".repeat(4);

  it("names the certificate", () => {
    const untrusted = source({
      why: "BadCertificateUntrusted",
      msg: `the certificate with the fingerprint ${kPrint.toUpperCase()} is not trusted yet`,
    });
    expect(certificateTrouble(untrusted)).toEqual({ fingerprint: kPrint });
    expect(waitingFor([untrusted, source({ n: "other" })], kPrint)).toEqual(["plc"]);
    expect(waitingFor([untrusted], "f".repeat(64))).toEqual([]);
  });

  it("may be that the server does not trust us, which names none", () => {
    const refused = source({ why: "BadSecurityChecksFailed", msg: "the server refuses our certificate" });
    expect(certificateTrouble(refused)).toEqual({ fingerprint: undefined });
  });

  it("is none when it is about something else, or over", () => {
    expect(certificateTrouble(source({}))).toBeUndefined();
    expect(certificateTrouble(source({ why: "BadConnectionClosed", msg: kPrint }))).toBeUndefined();
    expect(certificateTrouble(source({ why: "BadCertificateUntrusted", state: "live" }))).toBeUndefined();
  });

  it("takes no longer row of digits for a fingerprint", () => {
    const odd = source({ why: "BadCertificateInvalid", msg: `${kPrint}0` });
    expect(certificateTrouble(odd)).toEqual({ fingerprint: undefined });
  });
});

describe("the address on the server's machine", () => {
  it("is the same page there", () => {
    expect(
      onServersMachine("http://plant-server:5000/scada/?page=tags&q=x#y", {
        page: "sources",
        section: "certificates",
      }),
    ).toBe("http://127.0.0.1:5000/scada/?page=sources&section=certificates");
  });
});

/** Answers by hand, in any order. */
class Desk {
  readonly asked: { what: string; signal: AbortSignal | undefined }[] = [];
  private readonly open: {
    resolve: (answer: CertificatesAnswer) => void;
    reject: (error: Error) => void;
  }[] = [];

  readonly certificates = (signal?: AbortSignal) => this.take("list", signal);
  readonly trustCertificate = (print: string) => this.take(`trust ${print}`);
  readonly rejectCertificate = (print: string) => this.take(`reject ${print}`);
  readonly removeCertificate = (print: string) => this.take(`remove ${print}`);

  answer(index: number, folder: string): void {
    this.open[index]?.resolve({ folder, trusted: [], rejected: [] });
  }

  refuse(index: number, error: Error): void {
    this.open[index]?.reject(error);
  }

  private take(what: string, signal?: AbortSignal): Promise<CertificatesAnswer> {
    this.asked.push({ what, signal });
    return new Promise((resolve, reject) => this.open.push({ resolve, reject }));
  }
}

const folderOf = (book: CertificateBook) =>
  book.state.name === "ready" ? book.state.answer.folder : book.state.name;

describe("the book of certificates", () => {
  it("shows the newest answer, whatever comes last", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    const both = [book.load(), book.load()];
    expect(folderOf(book)).toBe("loading");
    expect(desk.asked[0]?.signal?.aborted).toBe(true);
    desk.answer(1, "new");
    desk.answer(0, "old");
    await Promise.all(both);
    expect(folderOf(book)).toBe("new");
  });

  it("takes over what the server says after a decision, and asks nothing meanwhile", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    const loading = book.load();
    const deciding = book.decide("trust", "aa");
    expect(book.deciding).toBe(true);
    await book.load();
    expect(desk.asked.map(({ what }) => what)).toEqual(["list", "trust aa"]);
    desk.answer(1, "trusted");
    await deciding;
    desk.answer(0, "before");
    await loading;
    expect([book.deciding, folderOf(book)]).toEqual([false, "trusted"]);
  });

  it("tells why a decision failed, and keeps what it showed", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    const loading = book.load();
    desk.answer(0, "shown");
    await loading;
    const deciding = book.decide("remove", "aa");
    desk.refuse(1, new RestError(404, "not_found", "no such certificate"));
    await expect(deciding).rejects.toThrow("no such certificate");
    expect([book.deciding, folderOf(book)]).toEqual([false, "shown"]);
  });

  it("does not ask again by itself for what is forbidden, but when it is told to", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    const loading = book.load();
    desk.refuse(0, new RestError(403, "forbidden", "only there"));
    await loading;
    expect(book.state).toEqual({ name: "forbidden", reason: "only there" });
    expect(book.mayAsk).toBe(false);
    const again = book.retry();
    expect(book.state.name).toBe("loading");
    desk.answer(1, "here");
    await again;
    expect([book.mayAsk, folderOf(book)]).toEqual([true, "here"]);
  });

  it("keeps what it shows when nobody answers, not when the server has an error", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    let loading = book.load();
    desk.refuse(0, new TypeError("Failed to fetch"));
    await loading;
    expect(book.state).toMatchObject({ name: "failed", code: "unreachable" });
    loading = book.load();
    desk.answer(1, "shown");
    await loading;
    loading = book.load();
    desk.refuse(2, new TypeError("Failed to fetch"));
    await loading;
    expect(folderOf(book)).toBe("shown");
    loading = book.load();
    desk.refuse(3, new RestError(500, "internal", "the folder cannot be read"));
    await loading;
    expect(book.state).toEqual({ name: "failed", code: "internal", reason: "the folder cannot be read" });
  });

  it("takes nothing in any more after it is closed", async () => {
    const desk = new Desk();
    const book = new CertificateBook(desk);
    const loading = book.load();
    book.close();
    desk.answer(0, "late");
    await loading;
    expect(folderOf(book)).toBe("loading");
  });
});
