/** A screen as it is kept: JSON, format 1. docs/screens.md tells every field; check.ts enforces it. */
import type { EquipmentState, Parameters } from "../../symbols/symbol.js";

export type Point = readonly [x: number, y: number];

/** A value that a rule is about: exactly `is`, or within `from` … `to` (both included, either may be missing). */
export interface Match {
  readonly is?: number | string | boolean;
  readonly from?: number;
  readonly to?: number;
}

export interface StateRule extends Match {
  readonly state: EquipmentState;
}

export interface ValueBinding {
  readonly tag: string;
  /** Decimal places; the tag's own without. */
  readonly decimals?: number;
  /** Instead of the unit of the tag. */
  readonly unit?: string;
}

/** `low`, `high`: values at which a level is empty and full; the range of the tag without. */
export interface LevelBinding {
  readonly tag: string;
  readonly low?: number;
  readonly high?: number;
}

/** The first rule that fits says the state; `unknown` where none does. */
export interface StateBinding {
  readonly tag: string;
  readonly map: readonly StateRule[];
}

/** Shown while one of the rules fits. */
export interface VisibleBinding {
  readonly tag: string;
  readonly when: readonly Match[];
}

/** Turned from `from` degrees at `low` to `to` degrees at `high`. */
export interface RotationBinding {
  readonly tag: string;
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

export interface Bindings {
  readonly value?: ValueBinding;
  readonly level?: LevelBinding;
  readonly state?: StateBinding;
  readonly visible?: VisibleBinding;
  readonly rotation?: RotationBinding;
}

export type LabelPlace = "top" | "bottom" | "left" | "right" | "none";
export const kLabelPlaces: readonly LabelPlace[] = ["bottom", "top", "left", "right", "none"];

export interface ScreenElement {
  /** Unique within the screen. */
  readonly id: string;
  readonly symbol: string;
  /** Upper left corner and size before rotation, in units of the screen. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise around the middle. */
  readonly rotation?: number;
  /** Left and right exchanged. */
  readonly mirror?: boolean;
  readonly label?: string;
  readonly labelZh?: string;
  readonly labelAt?: LabelPlace;
  readonly parameters?: Parameters;
  readonly bind?: Bindings;
  /** Further tags of the faceplate, such as setpoint, output and mode of a controller. */
  readonly tags?: readonly string[];
  /** Name of the screen that a click leads to, instead of a faceplate. */
  readonly link?: string;
}

export type PipeKind = "process" | "utility" | "signal";
export const kPipeKinds: readonly PipeKind[] = ["process", "utility", "signal"];
export type PipeArrow = "none" | "end" | "start";
export const kPipeArrows: readonly PipeArrow[] = ["end", "none", "start"];

export interface PipeEnd {
  readonly element: string;
  readonly port: string;
}

/** A run of straight pieces. An end at a port follows its element; `points` are then what lies between. */
export interface Pipe {
  readonly id: string;
  readonly kind: PipeKind;
  readonly arrow?: PipeArrow;
  readonly from?: PipeEnd;
  readonly to?: PipeEnd;
  readonly points: readonly Point[];
}

export interface ScreenDocument {
  readonly format: 1;
  readonly title: string;
  readonly titleZh?: string;
  /** Name of the screen above in the hierarchy. */
  readonly parent?: string;
  readonly width: number;
  readonly height: number;
  readonly background: "panel" | "canvas";
  /** Imported drawings by name: SVG, cleaned. */
  readonly pictures?: Readonly<Record<string, string>>;
  readonly pipes: readonly Pipe[];
  readonly elements: readonly ScreenElement[];
}

export const kLimits = {
  elements: 2_000,
  pipes: 2_000,
  points: 100,
  rules: 50,
  tags: 16,
  pictures: 20,
  pictureLength: 100_000,
  /** Of all pictures of a screen together. */
  picturesLength: 600_000,
  title: 120,
  label: 120,
  tag: 512,
  id: 64,
  unit: 24,
  smallest: 100,
  largest: 10_000,
  coordinate: 20_000,
} as const;

/** An empty screen. */
export function newScreen(title: string): ScreenDocument {
  return { format: 1, title, width: 1280, height: 720, background: "panel", pipes: [], elements: [] };
}
