/** Who may do what: logging in, the own account, users, sessions, tokens and the audit log (`/api/v1/…`). */
import type {
  AuditAnswer,
  AuditOutcome,
  AuditVerdict,
  Login,
  MadeToken,
  NewToken,
  NewUser,
  PasswordChange,
  Session,
  SessionSummary,
  SessionsAnswer,
  SetUp,
  TokenSummary,
  TokensAnswer,
  UserChange,
  UserSummary,
  UsersAnswer,
} from "./generated/protocol.js";
import { HttpApi, parametersOf } from "./http.js";

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

/** Every method throws a RestError, or what fetch throws. */
export class TagwireAccess extends HttpApi {
  session(signal?: AbortSignal): Promise<Session> {
    return this.get("session", new URLSearchParams(), signal);
  }

  login(user: string, password: string): Promise<Session> {
    const body: Login = { user, password };
    return this.post("session", body);
  }

  logout(): Promise<void> {
    return this.carryOut("DELETE", "session");
  }

  /** Makes the first administrator, with the secret of the link on the console. */
  setUp(secret: string, user: string, password: string): Promise<Session> {
    const body: SetUp = { secret, user, password };
    return this.post("setup", body);
  }

  changePassword(old: string, password: string): Promise<void> {
    const body: PasswordChange = { old, password };
    return this.carryOut("PUT", "account/password", body);
  }

  /** `of`: one's own, or everybody's. */
  async sessions(of: Whose, signal?: AbortSignal): Promise<readonly SessionSummary[]> {
    const path = `${kOf[of]}sessions`;
    return (await this.get<SessionsAnswer>(path, new URLSearchParams(), signal)).sessions;
  }

  endSession(of: Whose, id: string): Promise<void> {
    return this.carryOut("DELETE", `${kOf[of]}sessions/${encodeURIComponent(id)}`);
  }

  async tokens(of: Whose, signal?: AbortSignal): Promise<readonly TokenSummary[]> {
    const path = `${kOf[of]}tokens`;
    return (await this.get<TokensAnswer>(path, new URLSearchParams(), signal)).tokens;
  }

  /** One's own. */
  makeToken(token: NewToken): Promise<MadeToken> {
    return this.post("account/tokens", token);
  }

  revokeToken(of: Whose, id: string): Promise<void> {
    return this.carryOut("DELETE", `${kOf[of]}tokens/${encodeURIComponent(id)}`);
  }

  async users(signal?: AbortSignal): Promise<readonly UserSummary[]> {
    return (await this.get<UsersAnswer>("users", new URLSearchParams(), signal)).users;
  }

  addUser(user: NewUser): Promise<UserSummary> {
    return this.post("users", user);
  }

  changeUser(name: string, change: UserChange): Promise<UserSummary> {
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
