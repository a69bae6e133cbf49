/** Screens and drawings as files of the reader's machine. */
import { type Checked, checkScreen } from "../screens/document/check.js";
import { cleanSvg } from "../screens/document/clean-svg.js";
import { kLimits, type ScreenDocument } from "../screens/document/types.js";
import { freeId, idsOf, withElement } from "./edit.js";

export type Imported =
  | {
      readonly kind: "imported";
      readonly screen: ScreenDocument;
      readonly id: string;
      readonly dropped: readonly string[];
    }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** An imported drawing is not wider than this at first. */
const kWidest = 400;

/** The screen with the drawing as a picture of its own in the middle. */
export function withPicture(screen: ScreenDocument, source: string, fileName: string): Imported {
  const cleaned = cleanSvg(source);
  if (!cleaned.ok) return { kind: "unreadable", reason: cleaned.reason };
  if (cleaned.svg.length > kLimits.pictureLength) return { kind: "tooLarge" };
  const pictures = screen.pictures ?? {};
  const stem = fileName.replace(/\.svg$/i, "").slice(0, kLimits.id - 8) || "picture";
  const name = freeId(new Set(Object.keys(pictures)), stem);
  const scale = Math.min(1, kWidest / cleaned.width);
  const [width, height] = [Math.max(2, cleaned.width * scale), Math.max(2, cleaned.height * scale)].map(
    Math.round,
  ) as [number, number];
  const id = freeId(idsOf(screen), "picture");
  const next = withElement(
    { ...screen, pictures: { ...pictures, [name]: cleaned.svg } },
    {
      id,
      symbol: "picture",
      x: Math.round((screen.width - width) / 2),
      y: Math.round((screen.height - height) / 2),
      width,
      height,
      parameters: { picture: name },
    },
  );
  return { kind: "imported", screen: next, id, dropped: cleaned.dropped };
}

/** A screen from the text of a file; undefined: no JSON. */
export function readScreen(text: string): Checked | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return checkScreen(value);
}

export function download(screen: ScreenDocument, name: string): void {
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(screen, null, 2)}\n`], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name || "screen"}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
