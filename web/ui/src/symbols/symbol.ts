/** What a symbol declares: its drawing, and all that the designer and the checker of documents must know of it. */
import type { Locale } from "../i18n/locale.js";
import type { Shape, Size } from "./shape.js";

export type Names = Readonly<Record<Locale, string>>;

export function names(en: string, zh: string): Names {
  return { en, zh };
}

export type SymbolGroup =
  | "valves"
  | "machines"
  | "vessels"
  | "exchangers"
  | "separation"
  | "solids"
  | "piping"
  | "instruments"
  | "displays";
export const kSymbolGroups: readonly SymbolGroup[] = [
  "displays",
  "valves",
  "machines",
  "vessels",
  "exchangers",
  "separation",
  "solids",
  "piping",
  "instruments",
];

export type ParameterValue = string | number | boolean;
export type Parameters = Readonly<Record<string, ParameterValue>>;

interface Declared {
  readonly key: string;
  readonly name: Names;
}

export type Parameter = Declared &
  (
    | {
        readonly kind: "choice";
        readonly otherwise: string;
        readonly options: readonly { readonly value: string; readonly name: Names }[];
      }
    | {
        readonly kind: "number";
        readonly otherwise: number;
        readonly min: number;
        readonly max: number;
        /** Whether only whole numbers make sense. */
        readonly whole?: boolean;
      }
    | { readonly kind: "boolean"; readonly otherwise: boolean }
    | { readonly kind: "text"; readonly otherwise: string; readonly longest: number }
  );

export type Side = "left" | "right" | "top" | "bottom";

/** Where a pipe may begin or end; `x`, `y` are parts of width and height, 0…1, on the edge. */
export interface Port {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly side: Side;
}

/** What equipment may be in (ISA-101: only the abnormal has a colour). */
export type EquipmentState = "unknown" | "running" | "stopped" | "transition" | "fault";
export const kStates: readonly EquipmentState[] = ["unknown", "running", "stopped", "transition", "fault"];
/** In which words a state is told: a motor runs, a valve is open. */
export type StateWords = "none" | "machine" | "valve";

/** What of an element a tag may drive. */
export type BindKind = "value" | "level" | "state" | "visible" | "rotation";
export const kBindKinds: readonly BindKind[] = ["value", "level", "state", "visible", "rotation"];

/** What a scale shows beside its pointer, from the limits of its tag; parts of the range, 0…1. */
export interface ScaleMarks {
  readonly band?: readonly [number, number];
  readonly zones: readonly { readonly level: string; readonly from: number; readonly to: number }[];
}
export const kNoMarks: ScaleMarks = { zones: [] };

export interface ProcessSymbol {
  readonly id: string;
  readonly group: SymbolGroup;
  readonly name: Names;
  /** As it is placed at first, in units of the screen. */
  readonly size: Size;
  readonly parameters: readonly Parameter[];
  readonly states: StateWords;
  /** Without `visible`, which every element has. */
  readonly binds: readonly Exclude<BindKind, "visible">[];
  readonly ports: readonly Port[] | ((parameters: Parameters) => readonly Port[]);
  /** Within 0…width, 0…height. Pure: the same arguments, the same drawing. */
  draw(parameters: Parameters, size: Size, marks: ScaleMarks): readonly Shape[];
}

const port = (id: string, x: number, y: number, side: Side): Port => ({ id, x, y, side });

export const kLeft = (y = 0.5, id = "left"): Port => port(id, 0, y, "left");
export const kRight = (y = 0.5, id = "right"): Port => port(id, 1, y, "right");
export const kTop = (x = 0.5, id = "top"): Port => port(id, x, 0, "top");
export const kBottom = (x = 0.5, id = "bottom"): Port => port(id, x, 1, "bottom");

export function choice(
  key: string,
  name: Names,
  options: readonly (readonly [value: string, name: Names])[],
  otherwise = options[0]?.[0] ?? "",
): Parameter {
  return {
    key,
    name,
    kind: "choice",
    otherwise,
    options: options.map(([value, text]) => ({ value, name: text })),
  };
}

export function number(
  key: string,
  name: Names,
  otherwise: number,
  min: number,
  max: number,
  whole = false,
): Parameter {
  return { key, name, kind: "number", otherwise, min, max, whole };
}

export function flag(key: string, name: Names, otherwise: boolean): Parameter {
  return { key, name, kind: "boolean", otherwise };
}

export function words(key: string, name: Names, otherwise: string, longest = 120): Parameter {
  return { key, name, kind: "text", otherwise, longest };
}

export function portsOf(symbol: ProcessSymbol, parameters: Parameters = {}): readonly Port[] {
  return typeof symbol.ports === "function" ? symbol.ports(parameters) : symbol.ports;
}

/**
 * All parameters of a symbol: those given, and defaults for the rest. A text with a Chinese one beside it (`text`,
 * `textZh`) is that of the language.
 */
export function parametersOf(symbol: ProcessSymbol, given: Parameters, locale: Locale): Parameters {
  const all = Object.fromEntries(
    symbol.parameters.map(({ key, otherwise }) => [key, given[key] ?? otherwise]),
  );
  if (locale === "zh") {
    for (const key of Object.keys(all)) {
      const chinese = all[`${key}Zh`];
      if (typeof chinese === "string" && chinese) all[key] = chinese;
    }
  }
  return all;
}
