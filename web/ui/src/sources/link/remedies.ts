/** What somebody can do about the reason why a source is not connected. */
import type { SourceStatus } from "@tagwire/client";
import { certificateTrouble } from "../certificates/facts.js";

export type Remedy =
  /** Somebody has to vouch for the server's certificate. */
  | "trust"
  /** The server does not know us. */
  | "introduce"
  | "renew"
  | "certificate"
  | "user"
  | "security"
  | "reach"
  | "room"
  | "start"
  | "wait";

const kByCode: Readonly<Record<string, Remedy>> = {
  BadCertificateTimeInvalid: "renew",
  BadCertificateIssuerTimeInvalid: "renew",
  BadIdentityTokenInvalid: "user",
  BadIdentityTokenRejected: "user",
  BadUserAccessDenied: "user",
  BadSecurityModeRejected: "security",
  BadSecurityPolicyRejected: "security",
  BadConnectionClosed: "reach",
  BadConnectionRejected: "reach",
  BadCommunicationError: "reach",
  BadNoCommunication: "reach",
  BadNotConnected: "reach",
  BadTimeout: "reach",
  BadTcpEndpointUrlInvalid: "reach",
  BadTcpServerTooBusy: "room",
  BadTooManySessions: "room",
  BadTooManySubscriptions: "room",
  BadMaxConnectionsReached: "room",
  BadServerHalted: "start",
  BadShutdown: "start",
};

/** Undefined while nothing is wrong. */
export function remedyOf(source: SourceStatus): Remedy | undefined {
  if (source.state === "live" || source.state === "idle") return undefined;
  if (!source.why?.startsWith("Bad")) return undefined;
  const known = kByCode[source.why];
  const trouble = certificateTrouble(source);
  if (!trouble) return known ?? "wait";
  if (known === "renew") return known;
  if (trouble.fingerprint !== undefined) return "trust";
  // What we find wrong with a certificate we name; what has no name comes from the server, and is about ours.
  return source.why === "BadCertificateHostNameInvalid" || source.why === "BadCertificateUriInvalid"
    ? "certificate"
    : "introduce";
}
