/** What it takes to see a page, where it takes more than to see values. */
import type { ActionName, Role } from "@tagwire/client";
import type { PageName } from "../state/view.svelte.js";
import type { Access } from "./access.svelte.js";

const kNeeds: Partial<Record<PageName, ActionName>> = {
  account: "ManageOwnAccount",
  users: "ManageUsers",
  audit: "ReadAudit",
};

/** Whether a way to the page is offered. */
export function isOffered(page: PageName, access: Pick<Access, "may">): boolean {
  const action = kNeeds[page];
  return action === undefined || access.may(action);
}

/** The least role that may do it. */
export const kLeastRole: Partial<Record<ActionName, Role>> = {
  WriteTag: "operator",
  AcknowledgeAlarm: "operator",
  BrowseAddressSpace: "engineer",
  ManageCertificates: "engineer",
  ReadConfiguration: "engineer",
  ChangeConfiguration: "engineer",
  ManageOwnAccount: "viewer",
  ManageUsers: "administrator",
  ReadAudit: "administrator",
};
