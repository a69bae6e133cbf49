/** Which entries of the audit log are shown: a part of the view, so that a link shows the same ones. */
import { type AuditOutcome, type AuditQuery, kAuditOutcomes } from "@tagwire/client";

export interface AuditFilter {
  readonly user: string;
  readonly action: string;
  /** Part of target or detail. */
  readonly text: string;
  readonly outcome: AuditOutcome | "";
  /** ms since 1970. */
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export const kNoFilter: AuditFilter = {
  user: "",
  action: "",
  text: "",
  outcome: "",
  since: undefined,
  until: undefined,
};

const kLongest = 200;

export function isFiltered(filter: AuditFilter): boolean {
  return Object.values(filter).some((value) => value !== "" && value !== undefined);
}

/** Reads the filter from the parameters of a URL. */
export function parseAuditFilter(parameters: URLSearchParams): AuditFilter {
  const text = (name: string) => (parameters.get(`audit-${name}`) ?? "").slice(0, kLongest);
  const time = (name: string) => {
    const ms = Number(text(name) || Number.NaN);
    return Number.isSafeInteger(ms) ? ms : undefined;
  };
  const outcome = text("outcome");
  return {
    user: text("user"),
    action: text("action"),
    text: text("text"),
    outcome: kAuditOutcomes.find((each) => each === outcome) ?? "",
    since: time("since"),
    until: time("until"),
  };
}

/** Writes it there; what says nothing is left out. */
export function putAuditFilter(filter: AuditFilter, parameters: URLSearchParams): void {
  for (const [name, value] of Object.entries(filter) as [string, string | number | undefined][]) {
    if (value === "" || value === undefined) parameters.delete(`audit-${name}`);
    else parameters.set(`audit-${name}`, String(value));
  }
}

/** What the server is asked for. */
export function queryOf({ user, action, text, outcome, since, until }: AuditFilter): AuditQuery {
  return {
    ...(user && { user }),
    ...(action && { action }),
    ...(text && { text }),
    ...(outcome && { outcome }),
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
  };
}

/** A time as a field of kind datetime-local shows it, in the zone of the browser; empty for none. */
export function fieldOfTime(time: number | undefined): string {
  if (time === undefined) return "";
  const shifted = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The time that such a field says; undefined for none. */
export function timeOfField(text: string): number | undefined {
  const time = text ? new Date(text).getTime() : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}
