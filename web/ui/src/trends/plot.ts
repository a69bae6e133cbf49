/** The chart of the page of trends, by uPlot: draws lines, and tells what is looked at. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Formatter } from "../live/format.js";
import { kNarrowPx, type Pen, type PlotColours, sharedAxis, valueAxes, valueScales } from "../trend/axes.js";
import { scaleOf } from "../trend/series.js";
import type { ChartClock } from "./clock.js";
import { ChartGestures, kClickPx } from "./gestures.js";
import type { Lines } from "./lines.js";
import { type Bounds, between } from "./time-window.js";

export interface TrendsPlotOptions {
  readonly target: HTMLElement;
  readonly pens: readonly Pen[];
  now(): number;
  format(): Formatter;
  clock(): ChartClock;
  colours(): PlotColours;
  /** The pen whose limits are drawn. */
  focus(): Pen | undefined;
  /** Where the ruler stands; undefined: nowhere. */
  ruler(): number | undefined;
  /** The reader zoomed or moved. */
  onBounds(bounds: Bounds): void;
  /** The pointer is over this time; undefined when it has left. */
  onPointer(time: number | undefined): void;
  /** The reader put the ruler here. */
  onRuler(time: number): void;
}

const kDash = [5, 4];

export class TrendsPlot {
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;
  private bounds: Bounds = { from: 0, to: 1 };

  constructor(private readonly options: TrendsPlotOptions) {
    this.plot = new uPlot(this.configuration(), [[]], options.target);
    this.observer = new ResizeObserver(() => this.plot.setSize(this.size()));
    this.observer.observe(options.target);
    new ChartGestures(this.plot.over, {
      bounds: () => this.bounds,
      width: () => this.width,
      now: options.now,
      look: options.onBounds,
      click: (x) => options.onRuler(Math.round(this.timeAt(x))),
    });
  }

  /** Width of the part that shows lines, in CSS pixels. */
  get width(): number {
    return Math.max(1, this.plot.over.clientWidth);
  }

  show(lines: Lines, bounds: Bounds): void {
    this.bounds = bounds;
    this.plot.batch(() => {
      this.plot.setData([lines.times, ...lines.columns], false);
      this.plot.setScale("x", { min: bounds.from / 1000, max: bounds.to / 1000 });
    });
  }

  /** The theme, the language, the clock, the focus or the ruler changed. */
  restyle(): void {
    this.plot.redraw(false, true);
  }

  picture(): HTMLCanvasElement {
    return this.plot.ctx.canvas;
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }

  private size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.options.target;
    return { width: Math.max(clientWidth, 80), height: Math.max(clientHeight, 60) };
  }

  private configuration(): uPlot.Options {
    const { pens, colours, format, clock } = this.options;
    const narrow = this.size().width < kNarrowPx;
    return {
      ...this.size(),
      legend: { show: false },
      // The marks of the axis stand at whole hours and days of the zone.
      tzDate: (seconds) => {
        const date = new Date(seconds * 1000);
        const { zone } = clock();
        return zone === undefined ? date : uPlot.tzDate(date, zone);
      },
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false, setScale: false },
        // A double click would show everything at once.
        bind: { dblclick: () => null },
      },
      scales: { x: { time: true, auto: false }, ...valueScales(pens) },
      axes: [
        {
          ...sharedAxis(colours),
          size: 28,
          gap: 4,
          space: narrow ? 64 : 80,
          values: (_plot, splits) => this.ticks(splits),
        },
        ...valueAxes({ pens, narrow, colours, format }),
      ],
      series: [{}, ...pens.flatMap((pen) => this.series(pen))],
      hooks: {
        setSelect: [(plot) => this.select(plot)],
        setCursor: [(plot) => this.follow(plot)],
        drawAxes: [(plot) => this.drawLimits(plot)],
        draw: [(plot) => this.drawRuler(plot)],
      },
    };
  }

  private series(pen: Pen): uPlot.Series[] {
    const line: uPlot.Series = {
      scale: scaleOf(pen.tag),
      stroke: () => this.options.colours().pen(pen.colour),
      width: 1.6,
      points: { show: false },
    };
    return [line, { ...line, dash: kDash }];
  }

  private ticks(splits: readonly number[]): string[] {
    const [first = 0, second = first + 1] = splits;
    const distance = (second - first) * 1000;
    return splits.map((seconds) => this.options.clock().tick(seconds * 1000, distance));
  }

  private timeAt(x: number): number {
    return this.bounds.from + ((this.bounds.to - this.bounds.from) * x) / this.width;
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < kClickPx) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const { onBounds, now } = this.options;
    onBounds(between(this.timeAt(left), this.timeAt(left + width), now()));
  }

  private follow(plot: uPlot): void {
    const { left } = plot.cursor;
    this.options.onPointer(left === undefined || left < 0 ? undefined : this.timeAt(left));
  }

  /** What lies beyond the limits of the focused pen is shaded, and the limits themselves are lines. */
  private drawLimits(plot: uPlot): void {
    const pen = this.options.focus();
    if (!pen?.tag.lim) return;
    const scale = scaleOf(pen.tag);
    const { ctx, bbox } = plot;
    const { ll, l, h, hh } = pen.tag.lim;
    const yOf = (value: number) => plot.valToPos(value, scale, true);
    const bottom = bbox.top + bbox.height;
    const clamp = (y: number) => Math.min(bottom, Math.max(bbox.top, y));
    ctx.save();
    ctx.fillStyle = this.options.colours().pen("--limit-band");
    const high = h ?? hh;
    const low = l ?? ll;
    if (high !== undefined) ctx.fillRect(bbox.left, bbox.top, bbox.width, clamp(yOf(high)) - bbox.top);
    if (low !== undefined) ctx.fillRect(bbox.left, clamp(yOf(low)), bbox.width, bottom - clamp(yOf(low)));
    ctx.strokeStyle = this.options.colours().pen("--limit-line");
    for (const [value, outer] of [
      [ll, true],
      [l, false],
      [h, false],
      [hh, true],
    ] as const) {
      if (value === undefined) continue;
      const y = yOf(value);
      if (y < bbox.top || y > bottom) continue;
      ctx.lineWidth = (outer ? 2 : 1) * uPlot.pxRatio;
      ctx.setLineDash(outer ? [] : [2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  private drawRuler(plot: uPlot): void {
    const time = this.options.ruler();
    if (time === undefined || time < this.bounds.from || time > this.bounds.to) return;
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(time / 1000, "x", true));
    ctx.save();
    ctx.strokeStyle = this.options.colours().axis;
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}
