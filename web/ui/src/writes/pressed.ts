/** Presses a button as it is set up: with its values as texts. */
import type { Button, TagDesc, TagwireClient } from "@tagwire/client";
import { parseInput } from "./input.js";
import { problemText } from "./outcome.js";
import type { WriteWords } from "./words.js";

export function pressed(
  client: Pick<TagwireClient, "press">,
  tag: TagDesc,
  press: string,
  release: string,
  words: WriteWords,
): { readonly button: Button } | { readonly problem: string } {
  const values = [press || "1", release || "0"].map((text) => parseInput(tag, text));
  const wrong = values.find((typed) => !typed.ok);
  if (wrong && !wrong.ok)
    return { problem: words.button.badValue(problemText(wrong.problem, words, String)) };
  const [down, up] = values;
  if (!down?.ok || !up?.ok) return { problem: words.button.badValue("") };
  return { button: client.press(tag.n, down.value, up.value) };
}
