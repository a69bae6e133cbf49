/** Axes of values: pens of one unit share one, truth values and enumerations have their own. */
import type { TagDesc } from "@tagwire/client";
import type uPlot from "uplot";
import type { Formatter } from "../live/format.js";
import { leastSpanOf } from "../live/limits.js";
import { isStepped, scaleOf } from "./series.js";

export interface Pen {
  readonly slot: number;
  readonly tag: TagDesc;
  /** CSS custom property of its colour. */
  readonly colour: string;
}

export interface PlotColours {
  readonly axis: string;
  readonly grid: string;
  /** The colour of a CSS custom property. */
  pen(name: string): string;
}

/** As the theme has them for this element now. */
export function coloursOf(element: HTMLElement): PlotColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return { axis: read("--axis"), grid: read("--grid"), pen: read };
}

export interface AxesOptions {
  readonly pens: readonly Pen[];
  readonly narrow: boolean;
  colours(): PlotColours;
  format(): Formatter;
}

/** A chart that is narrower has no room for a third axis and for units beside them. */
export const kNarrowPx = 560;

const kMaxAxes = 3;
const kMaxAxesNarrow = 2;
/** An axis spans at least this part of the range of its tags. */
const kLeastPart = 0.04;
const kAxisFont = '12px system-ui, "Noto Sans CJK SC", sans-serif';
const kPlainReal: TagDesc = { h: 0, n: "", ty: "f64", src: "" };

export function sharedAxis(colours: () => PlotColours): uPlot.Axis {
  return {
    font: kAxisFont,
    stroke: () => colours().axis,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { stroke: () => colours().grid, width: 1, size: 4 },
  };
}

export function valueScales(pens: readonly Pen[]): uPlot.Scales {
  const scales: uPlot.Scales = {};
  for (const { tag } of pens) scales[scaleOf(tag)] ??= { range: rangeOf(pens, scaleOf(tag)) };
  return scales;
}

export function valueAxes({ pens, narrow, colours, format }: AxesOptions): uPlot.Axis[] {
  const shared = sharedAxis(colours);
  const scales = [...new Set(pens.map((pen) => scaleOf(pen.tag)))];
  return scales.slice(0, narrow ? kMaxAxesNarrow : kMaxAxes).map((scale, index): uPlot.Axis => {
    const sharing = pens.filter((pen) => scaleOf(pen.tag) === scale);
    const tag = sharing[0]?.tag;
    const colour = sharing.length === 1 ? sharing[0]?.colour : undefined;
    return {
      ...shared,
      // An axis of one pen has its colour; one that several share cannot.
      stroke: () => (colour ? colours().pen(colour) : colours().axis),
      scale,
      side: index === 1 ? 1 : 3,
      size: (_plot, texts) => Math.max(34, ...(texts ?? []).map((text) => text.length * 7 + 14)),
      gap: 4,
      space: 28,
      grid: { ...shared.grid, show: index === 0 },
      ...(tag?.u && !narrow ? { label: tag.u, labelSize: 18, labelGap: 0, labelFont: kAxisFont } : {}),
      ...(tag && isStepped(tag) ? { incrs: [1, 2, 5, 10, 20, 50, 100] } : {}),
      values: (_plot, splits) => axisTexts(splits, tag, format()),
    };
  });
}

/** Discrete axes show all their states, the others what there is to see. */
function rangeOf(pens: readonly Pen[], scale: string): uPlot.Scale.Range {
  const sharing = pens.map(({ tag }) => tag).filter((tag) => scaleOf(tag) === scale);
  const states = sharing
    .filter(isStepped)
    .flatMap((tag) => (tag.ty === "bool" ? [0, 1] : Object.keys(tag.en ?? {}).map(Number)));
  if (states.length) return [Math.min(...states) - 0.2, Math.max(...states) + 0.2];
  // Noise that is small in the range of its tags must not look like a swing.
  const least = Math.max(0, ...sharing.map((tag) => leastSpanOf(tag, kLeastPart)));
  return (_plot, low, high) => paddedRange(low, high, least);
}

/** A range with a little room; a constant value gets a range of its own around it. */
function paddedRange(low: number | null, high: number | null, least: number): [number, number] {
  if (low === null || high === null) return [0, 1];
  const span = high - low || least || Math.max(Math.abs(high) * 0.1, 1);
  const missing = Math.max(0, least - (high - low)) / 2;
  return [low - missing - span * 0.08, high + missing + span * 0.08];
}

/** Axis labels: no more decimals than the distance of the ticks asks for. */
function axisTexts(splits: readonly number[], tag: TagDesc | undefined, format: Formatter): string[] {
  const distance = splits.length > 1 ? Math.abs((splits[1] as number) - (splits[0] as number)) : 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(distance) + 1e-9));
  return splits.map((value) => {
    if (tag && isStepped(tag)) {
      if (!Number.isInteger(value) || (tag.ty === "bool" && (value < 0 || value > 1))) return "";
      return tag.en?.[String(value)] ?? String(value);
    }
    return Math.abs(value) >= 1e6 ? format.value(kPlainReal, value).text : format.fixed(value, decimals);
  });
}
