/** How a source that was just added does at first, so that whoever added it is led on by what came of it. */
import type { SourceBook, SourceStatus, TagwireRest } from "@tagwire/client";
import { certificateTrouble } from "../certificates/facts.js";

/** Longer nobody wants to wait before a form; the page that comes next tells how it goes on. */
const kLongestMs = 20_000;

type Book = Pick<SourceBook, "get" | "changed">;
type Rest = Pick<TagwireRest, "trustCertificate">;

/**
 * Waits until the source `name` is connected, or has told what is in its way, and trusts the certificate with the
 * fingerprint `vouchedFor` when the source asks for just that one. Throws what the server says against it.
 */
export async function firstAttempt(
  book: Book,
  rest: Rest,
  name: string,
  vouchedFor: string | undefined,
  longest = kLongestMs,
): Promise<void> {
  const source = await settled(book, name, longest);
  if (source === undefined || vouchedFor === undefined) return;
  if (certificateTrouble(source)?.fingerprint === vouchedFor) await rest.trustCertificate(vouchedFor);
}

/** The source once it is connected, or waits with a reason; undefined when the time is up. */
function settled(book: Book, name: string, longest: number): Promise<SourceStatus | undefined> {
  return new Promise((resolve) => {
    const end = (source?: SourceStatus) => {
      stop();
      clearTimeout(timer);
      resolve(source);
    };
    const look = () => {
      const source = book.get(name);
      if (source?.state === "live" || source?.state === "backoff") end(source);
    };
    const timer = setTimeout(end, longest);
    const stop = book.changed.on(look);
    look();
  });
}
