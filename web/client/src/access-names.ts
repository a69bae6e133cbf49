/** The names that the API has for roles, actions and outcomes. */

/** In rising order: each may do what those before it may. */
export const kRoles = ["viewer", "operator", "engineer", "administrator"] as const;
export type RoleName = (typeof kRoles)[number];

/** What can be asked of the server, by the names of its rules. */
export type ActionName =
  | "UsePublic"
  | "ReadTag"
  | "ReadHistory"
  | "ReadSources"
  | "ReadMetrics"
  | "WriteTag"
  | "AcknowledgeAlarm"
  | "BrowseAddressSpace"
  | "ManageCertificates"
  | "ReadConfiguration"
  | "ChangeConfiguration"
  | "ManageOwnAccount"
  | "ManageUsers"
  | "ReadAudit";

/** How something came out that is in the audit log. */
export const kAuditOutcomes = ["done", "refused", "failed"] as const;
export type AuditOutcome = (typeof kAuditOutcomes)[number];
