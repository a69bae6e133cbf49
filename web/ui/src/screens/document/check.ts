/** Makes a screen of JSON, or says what is wrong with it. */
import { kSymbols } from "../../symbols/library.js";
import { kStates, type Parameter, type Parameters, type ParameterValue } from "../../symbols/symbol.js";
import { Checker, join, type Problem } from "./checker.js";
import { cleanSvg } from "./clean-svg.js";
import { portsOfElement } from "./geometry.js";
import {
  type Bindings,
  kLabelPlaces,
  kLimits,
  kPipeArrows,
  kPipeKinds,
  type Match,
  type Pipe,
  type PipeEnd,
  type Point,
  type ScreenDocument,
  type ScreenElement,
  type StateRule,
} from "./types.js";

export type Checked =
  | { readonly ok: true; readonly screen: ScreenDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `value` is parsed JSON; pictures of the result are cleaned. Screens of a format to come are refused. */
export function checkScreen(value: unknown): Checked {
  const check = new Checker();
  const screen = screenOf(check, value);
  return screen && check.problems.length === 0
    ? { ok: true, screen }
    : { ok: false, problems: check.problems };
}

function screenOf(check: Checker, value: unknown): ScreenDocument | undefined {
  const fields = check.fields(value, "", [
    "format",
    "title",
    "titleZh",
    "parent",
    "width",
    "height",
    "background",
    "pictures",
    "pipes",
    "elements",
  ]);
  if (!fields) return undefined;
  if (fields.format !== 1) return check.fail("format", "notOneOf", "1");
  const { smallest, largest } = kLimits;
  const screen: ScreenDocument = {
    format: 1,
    title: check.text(fields.title, "title", kLimits.title, 1),
    ...optional("titleZh", fields.titleZh, (each) => check.text(each, "titleZh", kLimits.title)),
    ...optional("parent", fields.parent, (each) => check.text(each, "parent", kLimits.id, 1)),
    width: check.number(fields.width, "width", smallest, largest),
    height: check.number(fields.height, "height", smallest, largest),
    background: check.oneOf(fields.background, "background", ["panel", "canvas"]),
    ...optional("pictures", fields.pictures, (each) => picturesOf(check, each)),
    pipes: check.list(fields.pipes, "pipes", kLimits.pipes, (pipe, at) => pipeOf(check, pipe, at)),
    elements: check.list(fields.elements, "elements", kLimits.elements, (element, at) =>
      elementOf(check, element, at),
    ),
  };
  checkReferences(check, screen);
  return screen;
}

/** A field that may be missing. */
function optional<Key extends string, T>(
  key: Key,
  value: unknown,
  read: (value: unknown) => T | undefined,
): { readonly [K in Key]?: T } {
  if (value === undefined) return {};
  const checked = read(value);
  return checked === undefined ? {} : ({ [key]: checked } as { readonly [K in Key]?: T });
}

function picturesOf(check: Checker, value: unknown): Record<string, string> | undefined {
  const given = check.record(value, "pictures");
  if (!given) return undefined;
  const entries = Object.entries(given);
  if (entries.length > kLimits.pictures) check.fail("pictures", "tooMany", String(kLimits.pictures));
  const pictures: [string, string][] = [];
  let length = 0;
  for (const [name, picture] of entries.slice(0, kLimits.pictures)) {
    const at = join("pictures", name.slice(0, kLimits.id));
    if (name.length > kLimits.id) check.fail(at, "tooLong", `1 … ${kLimits.id}`);
    const text = check.text(picture, at, kLimits.pictureLength, 1);
    length += text.length;
    if (!text) continue;
    const cleaned = cleanSvg(text);
    if (cleaned.ok) pictures.push([name, cleaned.svg]);
    else check.fail(at, "badPicture", cleaned.reason);
  }
  if (length > kLimits.picturesLength) check.fail("pictures", "tooLong", `0 … ${kLimits.picturesLength}`);
  return Object.fromEntries(pictures);
}

function elementOf(check: Checker, value: unknown, at: string): ScreenElement | undefined {
  const fields = check.fields(value, at, [
    "id",
    "symbol",
    "x",
    "y",
    "width",
    "height",
    "rotation",
    "mirror",
    "label",
    "labelZh",
    "labelAt",
    "parameters",
    "bind",
    "tags",
    "link",
  ]);
  if (!fields) return undefined;
  const symbol = typeof fields.symbol === "string" ? kSymbols.get(fields.symbol) : undefined;
  if (!symbol) return check.fail(join(at, "symbol"), "dangling", String(fields.symbol).slice(0, kLimits.id));
  const { coordinate, largest, label } = kLimits;
  const place = (key: "x" | "y") => check.number(fields[key], join(at, key), -coordinate, coordinate);
  const side = (key: "width" | "height") => check.number(fields[key], join(at, key), 2, largest);
  return {
    id: check.text(fields.id, join(at, "id"), kLimits.id, 1),
    symbol: symbol.id,
    x: place("x"),
    y: place("y"),
    width: side("width"),
    height: side("height"),
    ...optional("rotation", fields.rotation, (each) => check.number(each, join(at, "rotation"), -360, 360)),
    ...optional("mirror", fields.mirror, (each) => check.boolean(each, join(at, "mirror"))),
    ...optional("label", fields.label, (each) => check.text(each, join(at, "label"), label)),
    ...optional("labelZh", fields.labelZh, (each) => check.text(each, join(at, "labelZh"), label)),
    ...optional("labelAt", fields.labelAt, (each) => check.oneOf(each, join(at, "labelAt"), kLabelPlaces)),
    ...optional("parameters", fields.parameters, (each) =>
      parametersOf(check, each, join(at, "parameters"), symbol.parameters),
    ),
    ...optional("bind", fields.bind, (each) => bindingsOf(check, each, join(at, "bind"))),
    ...optional("tags", fields.tags, (each) =>
      check.list(each, join(at, "tags"), kLimits.tags, (tag, where) =>
        check.text(tag, where, kLimits.tag, 1),
      ),
    ),
    ...optional("link", fields.link, (each) => check.text(each, join(at, "link"), kLimits.id, 1)),
  };
}

function parametersOf(
  check: Checker,
  value: unknown,
  at: string,
  declared: readonly Parameter[],
): Parameters | undefined {
  const fields = check.fields(
    value,
    at,
    declared.map(({ key }) => key),
  );
  if (!fields) return undefined;
  return Object.fromEntries(
    declared
      .filter(({ key }) => fields[key] !== undefined)
      .map((parameter) => [
        parameter.key,
        parameterOf(check, fields[parameter.key], join(at, parameter.key), parameter),
      ]),
  );
}

function parameterOf(check: Checker, value: unknown, at: string, declared: Parameter): ParameterValue {
  switch (declared.kind) {
    case "boolean":
      return check.boolean(value, at);
    case "number":
      return check.number(value, at, declared.min, declared.max);
    case "text":
      return check.text(value, at, declared.longest);
    case "choice":
      return check.oneOf(
        value,
        at,
        declared.options.map((option) => option.value),
      );
  }
}

function bindingsOf(check: Checker, value: unknown, at: string): Bindings | undefined {
  const fields = check.fields(value, at, ["value", "level", "state", "visible", "rotation"]);
  if (!fields) return undefined;
  const within = (key: string) => join(at, key);
  return {
    ...optional("value", fields.value, (each) => {
      const found = check.fields(each, within("value"), ["tag", "decimals", "unit"]);
      if (!found) return undefined;
      return {
        tag: tagOf(check, found.tag, within("value.tag")),
        ...optional("decimals", found.decimals, (places) =>
          Math.round(check.number(places, within("value.decimals"), 0, 10)),
        ),
        ...optional("unit", found.unit, (unit) => check.text(unit, within("value.unit"), kLimits.unit)),
      };
    }),
    ...optional("level", fields.level, (each) => {
      const found = check.fields(each, within("level"), ["tag", "low", "high"]);
      if (!found) return undefined;
      return {
        tag: tagOf(check, found.tag, within("level.tag")),
        ...optional("low", found.low, (low) => anyNumber(check, low, within("level.low"))),
        ...optional("high", found.high, (high) => anyNumber(check, high, within("level.high"))),
      };
    }),
    ...optional("state", fields.state, (each) => {
      const found = check.fields(each, within("state"), ["tag", "map"]);
      if (!found) return undefined;
      return {
        tag: tagOf(check, found.tag, within("state.tag")),
        map: check.list(found.map, within("state.map"), kLimits.rules, (rule, where) =>
          stateRuleOf(check, rule, where),
        ),
      };
    }),
    ...optional("visible", fields.visible, (each) => {
      const found = check.fields(each, within("visible"), ["tag", "when"]);
      if (!found) return undefined;
      return {
        tag: tagOf(check, found.tag, within("visible.tag")),
        when: check.list(found.when, within("visible.when"), kLimits.rules, (rule, where) => {
          const match = check.fields(rule, where, ["is", "from", "to"]);
          return match && matchOf(check, match, where);
        }),
      };
    }),
    ...optional("rotation", fields.rotation, (each) => {
      const found = check.fields(each, within("rotation"), ["tag", "low", "high", "from", "to"]);
      if (!found) return undefined;
      const number = (key: "low" | "high" | "from" | "to") =>
        anyNumber(check, found[key], within(`rotation.${key}`));
      return {
        tag: tagOf(check, found.tag, within("rotation.tag")),
        low: number("low"),
        high: number("high"),
        from: number("from"),
        to: number("to"),
      };
    }),
  };
}

function tagOf(check: Checker, value: unknown, at: string): string {
  return check.text(value, at, kLimits.tag, 1);
}

function anyNumber(check: Checker, value: unknown, at: string): number {
  return check.number(value, at, -Number.MAX_VALUE, Number.MAX_VALUE);
}

function stateRuleOf(check: Checker, value: unknown, at: string): StateRule | undefined {
  const fields = check.fields(value, at, ["is", "from", "to", "state"]);
  if (!fields) return undefined;
  return { ...matchOf(check, fields, at), state: check.oneOf(fields.state, join(at, "state"), kStates) };
}

function matchOf(check: Checker, fields: Partial<Record<"is" | "from" | "to", unknown>>, at: string): Match {
  const { is, from, to } = fields;
  if (is === undefined && from === undefined && to === undefined) check.fail(join(at, "is"), "missing");
  return {
    ...optional("is", is, (each) => {
      if (typeof each === "boolean") return each;
      return typeof each === "string"
        ? check.text(each, join(at, "is"), kLimits.label)
        : anyNumber(check, each, join(at, "is"));
    }),
    ...optional("from", from, (each) => anyNumber(check, each, join(at, "from"))),
    ...optional("to", to, (each) => anyNumber(check, each, join(at, "to"))),
  };
}

function pipeOf(check: Checker, value: unknown, at: string): Pipe | undefined {
  const fields = check.fields(value, at, ["id", "kind", "arrow", "from", "to", "points"]);
  if (!fields) return undefined;
  return {
    id: check.text(fields.id, join(at, "id"), kLimits.id, 1),
    kind: check.oneOf(fields.kind, join(at, "kind"), kPipeKinds),
    ...optional("arrow", fields.arrow, (each) => check.oneOf(each, join(at, "arrow"), kPipeArrows)),
    ...optional("from", fields.from, (each) => endOf(check, each, join(at, "from"))),
    ...optional("to", fields.to, (each) => endOf(check, each, join(at, "to"))),
    points: check.list(
      fields.points,
      join(at, "points"),
      kLimits.points,
      (point, where): Point | undefined => {
        if (!Array.isArray(point) || point.length !== 2) return check.fail(where, "notList");
        const [x, y] = point.map((each, index) =>
          check.number(each, `${where}[${index}]`, -kLimits.coordinate, kLimits.coordinate),
        );
        return [x as number, y as number];
      },
    ),
  };
}

function endOf(check: Checker, value: unknown, at: string): PipeEnd | undefined {
  const fields = check.fields(value, at, ["element", "port"]);
  if (!fields) return undefined;
  return {
    element: check.text(fields.element, join(at, "element"), kLimits.id, 1),
    port: check.text(fields.port, join(at, "port"), kLimits.id, 1),
  };
}

/** What names something within the screen must name something that is there. */
function checkReferences(check: Checker, { elements, pipes, pictures }: ScreenDocument): void {
  const byId = new Map<string, ScreenElement>();
  for (const [index, element] of elements.entries()) {
    if (byId.has(element.id)) check.fail(`elements[${index}].id`, "twice", element.id);
    byId.set(element.id, element);
    const picture = element.parameters?.["picture"];
    if (element.symbol === "picture" && picture && pictures?.[String(picture)] === undefined)
      check.fail(`elements[${index}].parameters.picture`, "dangling", String(picture));
  }
  const pipeIds = new Set<string>();
  for (const [index, pipe] of pipes.entries()) {
    const at = `pipes[${index}]`;
    if (pipeIds.has(pipe.id)) check.fail(`${at}.id`, "twice", pipe.id);
    pipeIds.add(pipe.id);
    for (const side of ["from", "to"] as const) {
      const end = pipe[side];
      if (!end) continue;
      const element = byId.get(end.element);
      if (!element) check.fail(`${at}.${side}.element`, "dangling", end.element);
      else if (!portsOfElement(element).some(({ id }) => id === end.port))
        check.fail(`${at}.${side}.port`, "dangling", end.port);
    }
    if (pipe.points.length + (pipe.from ? 1 : 0) + (pipe.to ? 1 : 0) < 2)
      check.fail(`${at}.points`, "missing");
  }
}
