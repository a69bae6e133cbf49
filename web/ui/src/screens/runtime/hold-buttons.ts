/** Buttons on a screen: elements that write while they are held. Loaded with the first screen that has some. */
import type { Button } from "@tagwire/client";
import type { Access } from "../../access/access.svelte.js";
import type { Locale } from "../../i18n/locale.js";
import type { LiveSession } from "../../live/session.svelte.js";
import { makeMomentary } from "../../writes/momentary.js";
import { reasonOf } from "../../writes/outcome.js";
import { pressed } from "../../writes/pressed.js";
import { rightTo } from "../../writes/right.js";
import { writeWords } from "../../writes/words.js";
import type { ScreenElement } from "../document/types.js";

interface Surroundings {
  readonly live: LiveSession;
  readonly access: Access;
  readonly locale: Locale;
  /** Told why a press came to nothing; empty: a new one has begun. */
  problem(text: string): void;
}

/** Whoever may not write opens the faceplate instead, which tells why. The result takes the button away. */
export function makeHoldButton(
  group: SVGGElement,
  { bind, parameters = {} }: ScreenElement,
  { live, access, locale, problem }: Surroundings,
): () => void {
  const words = writeWords(locale);
  const tell = (error: unknown) => problem(reasonOf(error, words));
  const press = (): Button | undefined => {
    const slot = bind?.value && live.client.store.slotOf(bind.value.tag);
    if (slot === undefined) return undefined;
    const tag = live.client.store.describe(slot);
    if (rightTo(tag, access.session, live.link) !== "may") return undefined;
    problem("");
    const made = pressed(
      live.client,
      tag,
      String(parameters["press"] ?? ""),
      String(parameters["release"] ?? ""),
      words,
    );
    if ("problem" in made) {
      problem(made.problem);
      return undefined;
    }
    made.button.pressed.catch(tell);
    made.button.released.catch(tell);
    return made.button;
  };
  return makeMomentary(group, { press, held: (held) => group.classList.toggle("held", held) });
}
