/** The chart of the trend, by uPlot. Loaded only when there is something to draw. */
import type { TagDesc } from "@tagwire/client";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Formatter } from "../live/format.js";
import { leastSpanOf } from "../live/limits.js";
import type { Recorder } from "../live/recorder.js";
import type { CursorReading } from "./cursor.js";
import {
  type Column,
  gridUntil,
  isStepped,
  penColumns,
  scaleOf,
  type TimeGrid,
  windowFor,
} from "./series.js";

export interface Pen {
  readonly slot: number;
  readonly tag: TagDesc;
  /** CSS custom property of its colour. */
  readonly colour: string;
}

export interface PlotColours {
  readonly axis: string;
  readonly grid: string;
  pen(name: string): string;
}

export interface PlotOptions {
  readonly target: HTMLElement;
  readonly pens: readonly Pen[];
  readonly recorder: Recorder;
  now(): number;
  format(): Formatter;
  colours(): PlotColours;
  /** Values of the pens where the cursor is; undefined when it is not over the chart. */
  /** Length of the time shown, ms: it grows with what has been recorded. */
  onWindow(ms: number): void;
  onCursor(reading: CursorReading | undefined): void;
}

const kStepMs = 250;
const kMaxAxes = 3;
/** An axis spans at least this part of the range of its tags. */
const kLeastPart = 0.04;
const kAxisFont = '12px system-ui, "Noto Sans CJK SC", sans-serif';
const kDash = [5, 4];
const kNarrowPx = 560;

export class TrendPlot {
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;
  private grid: TimeGrid;

  constructor(private readonly options: PlotOptions) {
    this.grid = this.currentGrid();
    this.plot = new uPlot(this.configuration(), this.data(), options.target);
    this.observer = new ResizeObserver(() => this.plot.setSize(this.size()));
    this.observer.observe(options.target);
  }

  /** Draws up to now. */
  advance(): void {
    this.grid = this.currentGrid();
    this.plot.setData(this.data());
  }

  /** The theme or the language changed. */
  restyle(): void {
    this.plot.redraw(false, true);
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }

  private currentGrid(): TimeGrid {
    const { now, pens, recorder, onWindow } = this.options;
    const oldest = Math.min(...pens.map((pen) => recorder.ring(pen.slot).firstTime));
    const window = windowFor(now() - oldest);
    onWindow(window);
    return gridUntil(now(), window, kStepMs);
  }

  private size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.options.target;
    return { width: Math.max(clientWidth, 80), height: Math.max(clientHeight, 60) };
  }

  private data(): uPlot.AlignedData {
    const { from, step, count } = this.grid;
    const times = Array.from({ length: count }, (_, index) => (from + index * step) / 1000);
    const columns: Column[] = [];
    for (const pen of this.options.pens) {
      const { good, uncertain } = penColumns(this.options.recorder.ring(pen.slot), pen.tag, this.grid);
      columns.push(good, uncertain);
    }
    return [times, ...columns];
  }

  private configuration(): uPlot.Options {
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: this.scales(),
      axes: this.axes(),
      series: this.series(),
      hooks: { setCursor: [(plot) => this.followCursor(plot)] },
    };
  }

  private scales(): uPlot.Scales {
    const scales: uPlot.Scales = { x: { time: true } };
    for (const { tag } of this.options.pens) {
      const scale = scaleOf(tag);
      if (scale in scales) continue;
      scales[scale] = { range: this.rangeOf(scale) };
    }
    return scales;
  }

  /** Discrete axes show all their states, the others what there is to see. */
  private rangeOf(scale: string): uPlot.Scale.Range {
    const states = this.options.pens
      .filter(({ tag }) => scaleOf(tag) === scale && isStepped(tag))
      .flatMap(({ tag }) => (tag.ty === "bool" ? [0, 1] : Object.keys(tag.en ?? {}).map(Number)));
    if (states.length) return [Math.min(...states) - 0.2, Math.max(...states) + 0.2];
    const least = this.leastSpan(scale);
    return (_plot, low, high) => paddedRange(low, high, least);
  }

  /** The least span of an axis: noise that is small in the range of its tags must not look like a swing. */
  private leastSpan(scale: string): number {
    const spans = this.options.pens
      .filter(({ tag }) => scaleOf(tag) === scale)
      .map(({ tag }) => leastSpanOf(tag, kLeastPart));
    return Math.max(0, ...spans);
  }

  private axes(): uPlot.Axis[] {
    const { colours, format } = this.options;
    const shared = {
      font: kAxisFont,
      stroke: () => colours().axis,
      grid: { stroke: () => colours().grid, width: 1 },
      ticks: { stroke: () => colours().grid, width: 1, size: 4 },
    };
    const time: uPlot.Axis = {
      ...shared,
      size: 26,
      gap: 4,
      space: 70,
      values: (_plot, splits) => splits.map((seconds) => format().time(seconds * 1000)),
    };
    const narrow = this.size().width < kNarrowPx;
    const scales = [...new Set(this.options.pens.map((pen) => scaleOf(pen.tag)))].slice(
      0,
      narrow ? 2 : kMaxAxes,
    );
    const values = scales.map((scale, index): uPlot.Axis => {
      const tag = this.options.pens.find((pen) => scaleOf(pen.tag) === scale)?.tag;
      const discrete = tag !== undefined && isStepped(tag);
      const sharing = this.options.pens.filter((pen) => scaleOf(pen.tag) === scale);
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
        ...(discrete ? { incrs: [1, 2, 5, 10, 20, 50, 100] } : {}),
        values: (_plot, splits) => axisTexts(splits, tag, format()),
      };
    });
    return [time, ...values];
  }

  private series(): uPlot.Series[] {
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    const lines = this.options.pens.flatMap((pen): uPlot.Series[] => {
      const line: uPlot.Series = {
        scale: scaleOf(pen.tag),
        stroke: () => this.options.colours().pen(pen.colour),
        width: 1.6,
        points: { show: false },
        ...(isStepped(pen.tag) && stepped ? { paths: stepped } : {}),
      };
      return [line, { ...line, dash: kDash }];
    });
    return [{}, ...lines];
  }

  private followCursor(plot: uPlot): void {
    const { idx, left } = plot.cursor;
    if (idx === null || idx === undefined || left === undefined || left < 0) {
      this.options.onCursor(undefined);
      return;
    }
    const values = this.options.pens.map(
      (_, index) => plot.data[1 + index * 2]?.[idx] ?? plot.data[2 + index * 2]?.[idx] ?? null,
    );
    this.options.onCursor({ time: (plot.data[0][idx] as number) * 1000, values });
  }
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

const kPlainReal: TagDesc = { h: 0, n: "", ty: "f64", src: "" };
