/** What is typed about a server that shall be added, and what becomes of it. */
import type { Certificate, NewSource, ServerEndpoint } from "@tagwire/client";

/** OPC UA's own port (IANA). */
const kPort = 4840;

/** `plc1` → `opc.tcp://plc1:4840`; whole addresses stay as they are. */
export function addressOf(typed: string): string {
  const text = typed.trim();
  if (text === "" || text.includes("://")) return text;
  const [authority = "", ...path] = text.split("/");
  const hasPort = /:\d+$/.test(authority) && (authority.startsWith("[") || authority.split(":").length === 2);
  const isIpv6 = !authority.startsWith("[") && authority.split(":").length > 2;
  const host = isIpv6 ? `[${authority}]` : authority;
  return ["opc.tcp://", hasPort ? host : `${host}:${kPort}`, ...path.map((part) => `/${part}`)].join("");
}

/** The host of an address; `[::1]` without its brackets. */
export function hostOf(address: string): string {
  return /^[a-z.]+:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(address)?.[1]?.replace(/[[\]]/g, "") ?? "";
}

/** Whether a certificate says that it was made for this host. */
export function isMadeFor({ hosts }: Pick<Certificate, "hosts">, host: string): boolean {
  return hosts.some((each) => each.toLowerCase() === host.toLowerCase());
}

/** A name for the source at this address that nobody has yet. */
export function freeName(address: string, taken: readonly string[]): string {
  const host = hostOf(address);
  const first = /^[\d.]+$|:/.test(host) ? host : (host.split(".")[0] ?? "");
  const base = first === "" ? "server" : first.slice(0, 60);
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}

/** Text that can stand before the path of a tag: a dot would begin a new level. */
export const prefixOf = (name: string): string => name.replace(/[.*\s]+/g, "-");

export interface Choice {
  readonly address: string;
  readonly name: string;
  readonly endpoint: ServerEndpoint;
  readonly user: string;
  readonly password: string;
  readonly everything: boolean;
}

export function newSource({ address, name, endpoint, user, password, everything }: Choice): NewSource {
  const secure = endpoint.mode !== "None";
  return {
    name,
    endpoint: address,
    prefix: prefixOf(name),
    policy: secure ? endpoint.policy.toLowerCase() : "none",
    ...(secure ? { mode: endpoint.mode === "Sign" ? "sign" : "sign_and_encrypt" } : {}),
    ...(user === "" ? {} : { user, password }),
    ...(everything ? { subtrees: [{ node: "i=85" }] } : {}),
  };
}

/** Policies that Tagwire speaks; others are shown, but cannot be chosen. */
const kPolicies = ["None", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"];

/** The ways that differ for Tagwire, the strongest first: servers name one for each of their addresses. */
export function waysOf(endpoints: readonly ServerEndpoint[]): ServerEndpoint[] {
  const seen = new Set<string>();
  return endpoints.filter(({ policy, mode }) => {
    const key = `${policy} ${mode}`;
    if (seen.has(key) || !kPolicies.includes(policy)) return false;
    seen.add(key);
    return true;
  });
}
