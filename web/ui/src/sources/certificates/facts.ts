/** What the pages conclude from certificates and from what sources say about them. */
import type { Certificate, CertificatesAnswer, SourceStatus } from "@tagwire/client";

const kDayMs = 86_400_000;
/** Time before the end of a certificate in which it should be renewed. */
const kSoonMs = 30 * kDayMs;

/** Whether a certificate can be used at a time. */
export type Validity = "early" | "valid" | "soon" | "expired";

export function validityOf(certificate: Certificate, now: number): Validity {
  if (now < certificate.from) return "early";
  if (now > certificate.to) return "expired";
  return certificate.to - now <= kSoonMs ? "soon" : "valid";
}

/** A fingerprint in groups of four capitals, as people read it to one another. */
export function grouped(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/.{1,4}/g) ?? []).join(" ");
}

/** The common name of a subject like `CN=PLC\, east,O=Plant` (RFC 2253); the whole subject when it has none. */
export function commonName(subject: string): string {
  const name = /(?:^|[,+])\s*CN=((?:\\.|[^\\,+])*)/i.exec(subject)?.[1];
  return (name && unescaped(name).trim()) || subject;
}

/** RFC 2253 writes special characters as `\,` and bytes of UTF-8 as `\E5`. */
function unescaped(text: string): string {
  const bytes = (run: string) =>
    new Uint8Array((run.match(/[0-9a-f]{2}/gi) ?? []).map((two) => parseInt(two, 16)));
  return text
    .replace(/(?:\\[0-9a-f]{2})+/gi, (run) => new TextDecoder().decode(bytes(run)))
    .replace(/\\(.)/g, "$1");
}

/** Where a certificate stands. */
export type Standing = "own" | "trusted" | "rejected";

export function standingOf(answer: CertificatesAnswer, fingerprint: string): Standing | undefined {
  const isMeant = (certificate: Certificate) => certificate.fingerprint === fingerprint;
  if (answer.rejected.some(isMeant)) return "rejected";
  if (answer.trusted.some(isMeant)) return "trusted";
  return answer.own && isMeant(answer.own) ? "own" : undefined;
}

/** What a source's trouble has to do with certificates, and which one it names. */
export interface CertificateTrouble {
  readonly fingerprint: string | undefined;
}

/** StatusCodes with which a server says that it does not know us, or not well enough. */
const kRefusals: ReadonlySet<string> = new Set([
  "BadApplicationSignatureInvalid",
  "BadNoValidCertificates",
  "BadSecurityChecksFailed",
]);

/**
 * What the program says where a server ended the connection when it saw our certificate: many do so without any code
 * that says why.
 */
const kAboutOurs = /\btrust our certificate there\b/;

/** Undefined when the source has no trouble with certificates. */
export function certificateTrouble(source: SourceStatus): CertificateTrouble | undefined {
  if (source.state === "live" || !source.why) return undefined;
  const told = source.why.startsWith("BadCertificate") || kRefusals.has(source.why);
  if (!told && !kAboutOurs.test(source.msg ?? "")) return undefined;
  return { fingerprint: /\b[0-9a-f]{64}\b/i.exec(source.msg ?? "")?.[0].toLowerCase() };
}

/** Names of the sources that wait for a decision on this certificate. */
export function waitingFor(sources: readonly SourceStatus[], fingerprint: string): string[] {
  return sources
    .filter((source) => certificateTrouble(source)?.fingerprint === fingerprint)
    .map((source) => source.n);
}
