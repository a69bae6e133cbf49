/** What the API names in access control, as lists. */
import type { AuditOutcome, Role } from "./generated/protocol.js";

/** In rising order: each may do what those before it may. */
export const kRoles: readonly Role[] = ["viewer", "operator", "engineer", "administrator"];

export const kAuditOutcomes: readonly AuditOutcome[] = ["done", "refused", "failed"];

/** What can be asked of the server, by the names of its rules. */
export type ActionName =
  | "UsePublic"
  | "ReadTag"
  | "ReadHistory"
  | "ReadSources"
  | "ReadMetrics"
  | "ReadDocuments"
  | "WriteTag"
  | "AcknowledgeAlarm"
  | "BrowseAddressSpace"
  | "ManageCertificates"
  | "ReadConfiguration"
  | "ChangeConfiguration"
  | "ManageOwnAccount"
  | "ManageUsers"
  | "ReadAudit";
