/** Why the server did not answer a question about an address space. */
import { RestError } from "@tagwire/client";

export interface Trouble {
  /** `forbidden`: the server shows this to others only. */
  readonly code: string;
  readonly reason: string;
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof RestError) {
    return {
      code: error.status === 403 || error.status === 401 ? "forbidden" : error.code,
      reason: error.message,
    };
  }
  return { code: "unreachable", reason: error instanceof Error ? error.message : String(error) };
}
