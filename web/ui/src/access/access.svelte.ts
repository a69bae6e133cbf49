/**
 * Who uses this page and what he may do, as the server told it, and the one fetch by which the page asks the server:
 * it signs changes with what the session demands, and notices when a login is needed.
 */
import type { ActionName, LoginProblem, Session } from "@tagwire/client";
import { createContext } from "svelte";

/** Why the login is shown: somebody wants it, the session ended, or nothing can be done without. */
export type LoginReason = "wanted" | "ended" | "needed";

/** `first`: it is known now; `rights`: he may do other things than before; `other`: another user than the last one. */
export type Change = "first" | "rights" | "other";

/** Here 401 says that a name, password or secret is wrong. */
const kAboutPasswords = /\/api\/v1\/(session|setup|account\/password)$/;
const kSafe = new Set(["GET", "HEAD"]);
const kSecretOfSetUp = /^#([\w-]{8,256})$/;

export class Access {
  /** Undefined until the server has answered. */
  session = $state.raw<Session>();
  /** Undefined: no login over the page. */
  asking = $state.raw<LoginReason>();
  /** Why a provider's login came to nothing. */
  problem = $state.raw<LoginProblem>();

  /** Who was logged in last: what the page holds is his. */
  private lastUser = "";
  private dismissed = false;

  /** `changed`: told when somebody may do other things than before, or is somebody else. */
  constructor(
    private readonly base: string,
    private readonly changed: (how: Change) => void = () => {},
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** For everything that the page asks of the server. */
  readonly fetch: typeof fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const csrf = this.session?.csrf;
    if (csrf && !kSafe.has(init.method ?? "GET")) headers.set("x-tagwire-csrf", csrf);
    const answer = await this.fetcher(input, { ...init, headers });
    if (answer.status === 401 && !kAboutPasswords.test(pathOf(input)))
      this.refused(!kSafe.has(init.method ?? "GET"));
    return answer;
  };

  /** Whether whoever uses the page may do it; false until the server has answered. */
  may(action: ActionName): boolean {
    return this.session?.may.includes(action) ?? false;
  }

  /** Whether it is known that he may not: what cannot be known yet is not taken away. */
  mayNot(action: ActionName): boolean {
    return this.session !== undefined && !this.may(action);
  }

  /** Nothing but what is public is shown to whoever uses the page. */
  get shut(): boolean {
    return this.mayNot("ReadTag");
  }

  /** Asks who one is. Where nobody answers, all stays as it is: the page says elsewhere that the link is lost. */
  async load(): Promise<void> {
    try {
      const answer = await this.fetch(new URL("api/v1/session", this.base), { cache: "no-store" });
      if (answer.ok) this.take((await answer.json()) as Session);
    } catch {
      // Asked again with the next connection.
    }
  }

  /** Somebody logged in here. */
  welcome(session: Session): void {
    this.take(session);
    this.asking = undefined;
    this.problem = undefined;
  }

  /** Forgets the session at the server; whether that is done. What the page holds goes with a reload. */
  async logout(): Promise<boolean> {
    const answer = await this.fetch(new URL("api/v1/session", this.base), { method: "DELETE" });
    return answer.ok;
  }

  ask(problem?: LoginProblem): void {
    this.problem = problem;
    this.asking = "wanted";
  }

  /** Later: what the page asks by itself does not ask for the login again. */
  dismiss(): void {
    // A dialog that goes because somebody has logged in closes, too.
    if (this.asking === undefined) return;
    this.asking = undefined;
    this.dismissed = true;
  }

  /**
   * The server refused somebody it does not know, or knows no longer. `wanted`: somebody has asked for what was
   * refused, rather than the page by itself.
   */
  async refused(wanted: boolean): Promise<void> {
    const known = this.session?.kind === "user";
    if (wanted || (known && !this.dismissed)) this.asking ??= known ? "ended" : "needed";
    await this.load();
  }

  private take(session: Session): void {
    const before = this.session;
    this.session = session;
    if (session.kind === "user") this.dismissed = false;
    const other = session.user !== "" && this.lastUser !== "" && session.user !== this.lastUser;
    if (session.user) this.lastUser = session.user;
    if (!before) this.changed("first");
    else if (other) this.changed("other");
    else if (before.user !== session.user || before.role !== session.role) this.changed("rights");
  }
}

function pathOf(input: RequestInfo | URL): string {
  if (input instanceof URL) return input.pathname;
  return typeof input === "string" ? input : input.url;
}

/** What the address says about making the first administrator. */
export interface SetUpLink {
  /** Empty: the address lacks it. */
  readonly secret: string;
}

/** Reads the link that the console shows, and takes its secret out of the address at once. */
export function takeSetUpLink(place: Location, past: History): SetUpLink | undefined {
  if (!/\/setup\/?$/.test(place.pathname)) return undefined;
  const secret = kSecretOfSetUp.exec(place.hash)?.[1] ?? "";
  past.replaceState(null, "", place.pathname.replace(/setup\/?$/, "") + place.search);
  return { secret };
}

/** What a provider's login came to, and takes it out of the address: it is told once. */
export function takeLoginProblem(place: Location, past: History): LoginProblem | undefined {
  const { searchParams, pathname } = new URL(place.href);
  const problem = searchParams.get("login");
  if (problem === null) return undefined;
  searchParams.delete("login");
  past.replaceState(null, "", `${pathname}?${searchParams}`);
  return problem as LoginProblem;
}

export const [access, provideAccess] = createContext<Access>();
