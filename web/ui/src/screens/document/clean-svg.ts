/**
 * Imported drawings. DOMPurify writes an SVG anew from the elements and attributes that a still picture needs: no
 * scripts, event handlers, links, style sheets, foreign objects, and no reference to anything outside. The result is
 * only ever shown as an image (`<image>` with a data address), where a browser runs no script and loads nothing: two
 * walls, each of which would do. Needs a browser.
 */
import createPurifier, { type DOMPurify } from "dompurify";

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
const kMostDropped = 20;
/** What the attribute `style` is called until it is spelt out. */
const kStyle = "data-style";

const kElements = [
  ...["svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline"],
  ...["polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "#text"],
];

/** Presentation attributes; as declarations of `style` they become attributes. */
const kPresentation = [
  ...["fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap"],
  ...["stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color"],
  ...["stop-color", "stop-opacity", "clip-path", "clip-rule", "display", "visibility", "font-family"],
  ...["font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"],
];

const kAttributes = [
  ...kPresentation,
  ...["id", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx"],
  ...["dy", "width", "height", "viewBox", "preserveAspectRatio", "transform", "gradientTransform"],
  ...["gradientUnits", "spreadMethod", "offset", "clipPathUnits", "href", "xlink:href"],
];

/** Whether a value names nothing outside of the drawing. */
function isWithin(name: string, value: string): boolean {
  if (name === "href" || name === "xlink:href") return /^#[\w.-]+$/.test(value);
  if (name === "id") return /^[A-Za-z_][\w.-]{0,127}$/.test(value);
  // Escapes of CSS could spell anything.
  if (/[\\@]|\/\*/.test(value)) return false;
  return !/url/i.test(value) || /^\s*url\(\s*(['"]?)#[\w.-]+\1\s*\)(\s+(none|[#\w]+))?\s*$/.test(value);
}

let purifier: DOMPurify | undefined;

function madePurifier(): DOMPurify {
  const made = createPurifier(window);
  made.addHook("uponSanitizeAttribute", (_element, attribute) => {
    if (!isWithin(attribute.attrName, attribute.attrValue)) attribute.keepAttr = false;
  });
  return made;
}

/**
 * Handlers and styles under other names: a browser reports those of a page with a strict policy to the console as soon
 * as they are parsed, even where they would never run. Nothing is clean by this alone.
 */
function quiet(source: string): string {
  let count = 0;
  return source
    .replace(/(\s)on[a-z]+(\s*=\s*["'])/gi, (_all, before, after) => `${before}data-off-${++count}${after}`)
    .replace(/(\s)style(\s*=\s*["'])/g, `$1${kStyle}$2`)
    .replace(/<(\/?)style(?=[\s/>])/gi, "<$1style-sheet");
}

/** Declarations that are a picture's own, as attributes: style sheets do not stay. */
function spellOutStyles(root: Element): void {
  for (const element of [root, ...root.querySelectorAll(`[${kStyle}]`)]) {
    for (const declaration of (element.getAttribute(kStyle) ?? "").split(";")) {
      const colon = declaration.indexOf(":");
      const name = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
      const value = declaration
        .slice(colon + 1)
        .replace(/!\s*important\s*$/i, "")
        .trim();
      if (kPresentation.includes(name) && value) element.setAttribute(name, value);
    }
    element.removeAttribute(kStyle);
  }
}

/** A length in pixels; undefined for percentages and what is no length. */
function pixels(text: string | null): number | undefined {
  const [, number, unit = ""] = /^\s*([0-9.]+(?:e[0-9]+)?)\s*(px|pt|mm|cm|in)?\s*$/i.exec(text ?? "") ?? [];
  const factor = { "": 1, px: 1, pt: 4 / 3, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 }[unit.toLowerCase()];
  const length = Number(number) * (factor ?? Number.NaN);
  return length > 0 && Number.isFinite(length) ? length : undefined;
}

function sizeOf(root: Element): readonly [number, number] | undefined {
  const box = (root.getAttribute("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = pixels(root.getAttribute("width")) ?? box[2];
  const height = pixels(root.getAttribute("height")) ?? box[3];
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? [width, height] : undefined;
}

function refused(reason: string): CleanedSvg {
  return { ok: false, reason };
}

export function cleanSvg(source: string): CleanedSvg {
  if (source.length > kLongest) return refused(`it is longer than ${kLongest} characters`);
  if (/<!(ENTITY|ATTLIST)/i.test(source)) return refused("it declares entities of its own");
  const root = new DOMParser().parseFromString(quiet(source), "image/svg+xml").documentElement;
  if (root.querySelector("parsererror")) return refused("it is no well-formed XML");
  if (root.localName !== "svg" || root.namespaceURI !== "http://www.w3.org/2000/svg")
    return refused(`its root is <${root.nodeName}>, not <svg> of SVG`);
  if (root.querySelectorAll("*").length > kMostElements)
    return refused(`it has more than ${kMostElements} elements`);
  const size = sizeOf(root);
  if (!size) return refused("it has neither viewBox nor width and height");
  spellOutStyles(root);
  purifier ??= madePurifier();
  if (!purifier.isSupported) return refused("this browser cannot clean it");
  const cleaned = purifier.sanitize(root, {
    ALLOWED_TAGS: kElements,
    ALLOWED_ATTR: kAttributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    KEEP_CONTENT: false,
    RETURN_DOM_FRAGMENT: true,
  }).firstElementChild;
  if (cleaned?.localName !== "svg") return refused("nothing of it can be shown");
  const dropped = new Set(
    purifier.removed.flatMap((each) =>
      "element" in each && each.element.nodeType === 1 ? [each.element.nodeName] : [],
    ),
  );
  if (!cleaned.hasAttribute("viewBox")) cleaned.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
  cleaned.setAttribute("width", String(size[0]));
  cleaned.setAttribute("height", String(size[1]));
  return {
    ok: true,
    svg: new XMLSerializer().serializeToString(cleaned),
    width: size[0],
    height: size[1],
    dropped: [...dropped].slice(0, kMostDropped),
  };
}

/** The address under which a cleaned drawing is shown. */
export function addressOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
