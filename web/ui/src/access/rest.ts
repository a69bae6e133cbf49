/** What the pages about users ask the server by; loaded with them. */
import { TagwireAccess } from "@tagwire/client";
import { access as currentAccess } from "./access.svelte.js";

/** For components while they are made. */
export function accessRest(): TagwireAccess {
  return new TagwireAccess(document.baseURI, currentAccess().fetch);
}
