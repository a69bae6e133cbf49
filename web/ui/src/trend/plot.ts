/** The chart of the trend, by uPlot. Loaded only when there is something to draw. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Formatter } from "../live/format.js";
import type { Recorder } from "../live/recorder.js";
import { kNarrowPx, type Pen, type PlotColours, sharedAxis, valueAxes, valueScales } from "./axes.js";
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

export interface PlotOptions {
  readonly target: HTMLElement;
  readonly pens: readonly Pen[];
  readonly recorder: Recorder;
  now(): number;
  format(): Formatter;
  colours(): PlotColours;
  /** Length of the time shown, ms: it grows with what has been recorded. */
  onWindow(ms: number): void;
  /** Values of the pens where the cursor is; undefined when it is not over the chart. */
  onCursor(reading: CursorReading | undefined): void;
}

const kStepMs = 250;
const kDash = [5, 4];

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
    const { pens, colours, format } = this.options;
    const narrow = this.size().width < kNarrowPx;
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true }, ...valueScales(pens) },
      axes: [this.timeAxis(), ...valueAxes({ pens, narrow, colours, format })],
      series: this.series(),
      hooks: { setCursor: [(plot) => this.followCursor(plot)] },
    };
  }

  private timeAxis(): uPlot.Axis {
    const { colours, format } = this.options;
    return {
      ...sharedAxis(colours),
      size: 26,
      gap: 4,
      space: 70,
      values: (_plot, splits) => splits.map((seconds) => format().time(seconds * 1000)),
    };
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
