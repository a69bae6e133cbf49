/** Who may do what: logging in, the own account, users, sessions, tokens and the audit log (`/api/v1/…`). */
import type { ActionName, AuditOutcome, RoleName } from "./access-names.js";
import { HttpApi, parametersOf } from "./http.js";

/** Who this client is for the server. Times are ms since 1970. */
export interface SessionInfo {
  readonly kind: "anonymous" | "user" | "token";
  readonly user: string;
  /** Null: nothing but what is public. */
  readonly role: RoleName | null;
  /** Tag patterns. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** What each change has to send along; null where none is needed. */
  readonly csrf: string | null;
  readonly expires: number | null;
  /** Whether there is any user. */
  readonly users: boolean;
  /** Whether the first administrator can be made with the link of the console. */
  readonly setUp: boolean;
  readonly may: readonly ActionName[];
}

export interface SessionEntry {
  readonly id: string;
  readonly user: string;
  readonly address: string;
  readonly agent: string;
  readonly begun: number;
  readonly seen: number;
  readonly expires: number;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

export interface TokenEntry {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly role: RoleName;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly created: number;
  /** Null: it does not end by itself. */
  readonly expires: number | null;
  /** Null: never. */
  readonly used: number | null;
}

export interface NewToken {
  readonly name: string;
  readonly role: RoleName;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly expires?: number;
}

export interface MadeToken {
  readonly token: TokenEntry;
  /** Told this once. */
  readonly secret: string;
}

export interface UserEntry {
  readonly name: string;
  readonly role: RoleName;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly disabled: boolean;
  readonly created: number;
  readonly lastLogin: number | null;
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly role: RoleName;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** What is to be other than it is. */
export type UserChange = Partial<
  Pick<UserEntry, "role" | "read" | "write" | "disabled"> & { readonly password: string }
>;

export interface AuditEntry {
  readonly n: number;
  readonly time: number;
  /** Empty: somebody unknown. */
  readonly user: string;
  /** Name of the token where a program acted for the user. */
  readonly token: string;
  readonly address: string;
  readonly action: string;
  readonly target: string;
  /** JSON text; empty: not known, or there is none. */
  readonly before: string;
  readonly after: string;
  readonly outcome: AuditOutcome;
  readonly detail: string;
}

export interface AuditQuery {
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly to?: number;
  readonly user?: string;
  /** `user` is also `user.add`. */
  readonly action?: string;
  /** Part of target or detail. */
  readonly text?: string;
  readonly outcome?: AuditOutcome;
  /** Entries with a lower number, to page on. */
  readonly before?: number;
  readonly limit?: number;
}

export interface AuditAnswer {
  /** The latest first. */
  readonly entries: readonly AuditEntry[];
  readonly more: boolean;
}

export interface AuditVerdict {
  readonly intact: boolean;
  readonly entries: number;
  /** The first thing that is wrong. */
  readonly problem?: string;
}

/** Every method throws a RestError, or what fetch throws. */
export class TagwireAccess extends HttpApi {
  session(signal?: AbortSignal): Promise<SessionInfo> {
    return this.get("session", new URLSearchParams(), signal);
  }

  login(user: string, password: string): Promise<SessionInfo> {
    return this.post("session", { user, password });
  }

  logout(): Promise<void> {
    return this.carryOut("DELETE", "session");
  }

  /** Makes the first administrator, with the secret of the link on the console. */
  setUp(secret: string, user: string, password: string): Promise<SessionInfo> {
    return this.post("setup", { secret, user, password });
  }

  changePassword(old: string, password: string): Promise<void> {
    return this.carryOut("PUT", "account/password", { old, password });
  }

  /** `of`: one's own, or everybody's. */
  async sessions(of: Whose, signal?: AbortSignal): Promise<readonly SessionEntry[]> {
    const path = `${kOf[of]}sessions`;
    return (await this.get<{ sessions: SessionEntry[] }>(path, new URLSearchParams(), signal)).sessions;
  }

  endSession(of: Whose, id: string): Promise<void> {
    return this.carryOut("DELETE", `${kOf[of]}sessions/${encodeURIComponent(id)}`);
  }

  async tokens(of: Whose, signal?: AbortSignal): Promise<readonly TokenEntry[]> {
    const path = `${kOf[of]}tokens`;
    return (await this.get<{ tokens: TokenEntry[] }>(path, new URLSearchParams(), signal)).tokens;
  }

  /** One's own. */
  makeToken(token: NewToken): Promise<MadeToken> {
    return this.post("account/tokens", token);
  }

  revokeToken(of: Whose, id: string): Promise<void> {
    return this.carryOut("DELETE", `${kOf[of]}tokens/${encodeURIComponent(id)}`);
  }

  async users(signal?: AbortSignal): Promise<readonly UserEntry[]> {
    return (await this.get<{ users: UserEntry[] }>("users", new URLSearchParams(), signal)).users;
  }

  addUser(user: NewUser): Promise<UserEntry> {
    return this.post("users", user);
  }

  changeUser(name: string, change: UserChange): Promise<UserEntry> {
    return this.change("PATCH", `users/${encodeURIComponent(name)}`, change);
  }

  removeUser(name: string): Promise<void> {
    return this.carryOut("DELETE", `users/${encodeURIComponent(name)}`);
  }

  audit(query: AuditQuery, signal?: AbortSignal): Promise<AuditAnswer> {
    return this.get("audit", parametersOf(query), signal);
  }

  /** Address of the same entries as a file. */
  auditCsvUrl(query: AuditQuery): string {
    const url = this.address("audit");
    url.search = parametersOf({ ...query, format: "csv" }).toString();
    return url.href;
  }

  /** Whether the log is as it was written, from its beginning. */
  verifyAudit(signal?: AbortSignal): Promise<AuditVerdict> {
    return this.get("audit/verify", new URLSearchParams(), signal);
  }
}

export type Whose = "own" | "all";
const kOf: Readonly<Record<Whose, string>> = { own: "account/", all: "" };
