/**
 * Imported drawings: an SVG is read by a strict reader of XML and written anew from the elements and attributes that a
 * still picture needs. What is not on the lists does not exist in the result: scripts, event handlers, links, styles,
 * foreign objects, references to anything outside. The result is only ever shown as an image (`<image>` with a data
 * address), where a browser runs no script and loads nothing: two walls, each of which would do.
 */

export type CleanedSvg =
  | {
      readonly ok: true;
      readonly svg: string;
      readonly width: number;
      readonly height: number;
      /** Names of elements that were left out. */
      readonly dropped: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

const kLongest = 1_000_000;
const kMostElements = 5_000;
const kDeepest = 64;

const kElements: ReadonlySet<string> = new Set([
  "svg",
  "g",
  "defs",
  "title",
  "desc",
  "path",
  "rect",
  "circle",
  "ellipse",
  "line",
  "polyline",
  "polygon",
  "text",
  "tspan",
  "linearGradient",
  "radialGradient",
  "stop",
  "clipPath",
]);

/** Elements that text may stand in. */
const kTextual: ReadonlySet<string> = new Set(["text", "tspan", "title", "desc"]);

/** Presentation attributes; as declarations of `style` they become attributes. */
const kPresentation: ReadonlySet<string> = new Set([
  "fill",
  "fill-opacity",
  "fill-rule",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-miterlimit",
  "stroke-dasharray",
  "stroke-dashoffset",
  "opacity",
  "color",
  "stop-color",
  "stop-opacity",
  "clip-path",
  "clip-rule",
  "display",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "dominant-baseline",
]);

const kAttributes: ReadonlySet<string> = new Set([
  ...kPresentation,
  "id",
  "d",
  "points",
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "cx",
  "cy",
  "r",
  "rx",
  "ry",
  "fx",
  "fy",
  "dx",
  "dy",
  "width",
  "height",
  "viewBox",
  "preserveAspectRatio",
  "transform",
  "gradientTransform",
  "gradientUnits",
  "spreadMethod",
  "offset",
  "clipPathUnits",
]);

const kEntities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

class Unreadable extends Error {}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

/** Elements, attributes and text of a document; comments and instructions are left out. Throws Unreadable. */
function read(source: string): Element {
  let at = source.startsWith("\ufeff") ? 1 : 0;
  let elements = 0;
  let root: Element | undefined;
  const open: Element[] = [];

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) at += found[0].length;
    return found;
  };
  const until = (end: string): string => {
    const stop = source.indexOf(end, at);
    if (stop < 0) throw new Unreadable(`${end} is missing`);
    const text = source.slice(at, stop);
    at = stop + end.length;
    return text;
  };
  const put = (text: string): void => {
    const parent = open.at(-1);
    if (parent) parent.children.push(text);
    else if (text.trim()) throw new Unreadable("there is text outside of <svg>");
  };

  while (at < source.length) {
    const text = match(/[^<]+/y);
    if (text) {
      put(decoded(text[0]));
    } else if (match(/<!--/y)) {
      until("-->");
    } else if (match(/<!\[CDATA\[/y)) {
      put(until("]]>"));
    } else if (match(/<\?/y)) {
      until("?>");
    } else if (match(/<!DOCTYPE/iy)) {
      if (until(">").includes("[")) throw new Unreadable("it declares entities of its own");
    } else if (match(/<\//y)) {
      const name = match(/([\w:.-]+)\s*>/y)?.[1];
      if (name === undefined || open.pop()?.name !== name)
        throw new Unreadable(`</${name ?? ""} closes nothing`);
    } else {
      const name = match(/<([A-Za-z_][\w:.-]*)/y)?.[1];
      if (name === undefined) throw new Unreadable(`what follows < at ${at} is no element`);
      if (++elements > kMostElements) throw new Unreadable(`it has more than ${kMostElements} elements`);
      const attributes = new Map<string, string>();
      for (;;) {
        const attribute = match(/\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y);
        if (!attribute) break;
        const [, key = "", double, single] = attribute;
        if (attributes.has(key)) throw new Unreadable(`${key} is given twice`);
        attributes.set(key, decoded(double ?? single ?? ""));
      }
      const end = match(/\s*(\/?)>/y);
      if (!end) throw new Unreadable(`<${name} does not end`);
      const element: Element = { name, attributes, children: [] };
      const parent = open.at(-1);
      if (parent) parent.children.push(element);
      else if (root) throw new Unreadable("it has two roots");
      else root = element;
      if (!end[1]) open.push(element);
      if (open.length > kDeepest) throw new Unreadable(`it is nested deeper than ${kDeepest}`);
    }
  }
  if (open.length > 0) throw new Unreadable(`<${open.at(-1)?.name} is not closed`);
  if (!root) throw new Unreadable("it is empty");
  return root;
}

function decoded(text: string): string {
  return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
    const known = kEntities[name];
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name) ?? [];
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    if (!whole.endsWith(";") || !(code >= 0x20 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
      throw new Unreadable(`${whole.slice(0, 14)} is no character`);
    return String.fromCodePoint(code);
  });
}

function encoded(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Whether a value of an attribute names nothing outside of the drawing and is no program. */
function isHarmless(name: string, value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those have no place in a value
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) return false;
  if (name === "id") return /^[A-Za-z_][\w.-]{0,127}$/.test(value);
  if (name === "font-family") return /^[\w\s,'"\u4e00-\u9fff-]*$/.test(value);
  // Escapes of CSS could spell anything.
  if (/[\\@]|\/\*/.test(value)) return false;
  if (/url/i.test(value)) return /^\s*url\(\s*(['"]?)#[\w.-]+\1\s*\)(\s+(none|[#\w]+))?\s*$/.test(value);
  return !/[a-z][a-z0-9+.-]*\s*:/i.test(value) && !/expression|data\s*:/i.test(value);
}

function attributesOf(element: Element): Map<string, string> {
  const kept = new Map<string, string>();
  for (const [name, value] of element.attributes) {
    if (kAttributes.has(name) && isHarmless(name, value)) kept.set(name, value.trim());
    // Gradients may go on from another one of the same drawing.
    else if (/^(xlink:)?href$/.test(name) && element.name.endsWith("Gradient") && /^#[\w.-]+$/.test(value))
      kept.set("href", value);
  }
  for (const declaration of (element.attributes.get("style") ?? "").split(";")) {
    const colon = declaration.indexOf(":");
    const name = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important\s*$/i, "")
      .trim();
    if (kPresentation.has(name) && value && isHarmless(name, value)) kept.set(name, value);
  }
  return kept;
}

function write(element: Element, dropped: Set<string>, root: boolean): string {
  const attributes = attributesOf(element);
  if (root) attributes.set("xmlns", "http://www.w3.org/2000/svg");
  const head = [...attributes].map(([name, value]) => ` ${name}="${encoded(value)}"`).join("");
  const body = element.children.map((child) => {
    if (typeof child === "string") return kTextual.has(element.name) ? encoded(child) : "";
    if (kElements.has(child.name)) return write(child, dropped, false);
    dropped.add(child.name);
    return "";
  });
  return `<${element.name}${head}>${body.join("")}</${element.name}>`;
}

/** A length in pixels; undefined for percentages and what is no length. */
function pixels(text: string | undefined): number | undefined {
  const [, number, unit = ""] = /^\s*([0-9.]+(?:e[0-9]+)?)\s*(px|pt|mm|cm|in)?\s*$/i.exec(text ?? "") ?? [];
  const factor = { "": 1, px: 1, pt: 4 / 3, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 }[unit.toLowerCase()];
  const length = Number(number) * (factor ?? Number.NaN);
  return length > 0 && Number.isFinite(length) ? length : undefined;
}

function sizeOf(root: Element): readonly [number, number] | undefined {
  const box = (root.attributes.get("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = pixels(root.attributes.get("width")) ?? box[2];
  const height = pixels(root.attributes.get("height")) ?? box[3];
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? [width, height] : undefined;
}

export function cleanSvg(source: string): CleanedSvg {
  if (source.length > kLongest) return { ok: false, reason: `it is longer than ${kLongest} characters` };
  try {
    const root = read(source);
    if (root.name !== "svg") return { ok: false, reason: `its root is <${root.name}>, not <svg>` };
    const size = sizeOf(root);
    if (!size) return { ok: false, reason: "it has neither viewBox nor width and height" };
    const attributes = new Map(root.attributes);
    if (!attributes.has("viewBox")) attributes.set("viewBox", `0 0 ${size[0]} ${size[1]}`);
    attributes.set("width", String(size[0]));
    attributes.set("height", String(size[1]));
    const dropped = new Set<string>();
    const svg = write({ ...root, attributes }, dropped, true);
    return { ok: true, svg, width: size[0], height: size[1], dropped: [...dropped].slice(0, 20) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

/** The address under which a cleaned drawing is shown. */
export function addressOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
