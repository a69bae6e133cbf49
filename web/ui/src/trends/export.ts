/** The chart as a file: a table of every recorded sample, or a picture. */
import type { TagwireRest } from "@tagwire/client";
import type { Pen, PlotColours } from "../trend/axes.js";
import type { Bounds } from "./time-window.js";

/** Spreadsheets take no more. */
export const kMaxTableLines = 1_000_000;
const kPageSamples = 20_000;
const kByteOrderMark = "\uFEFF";

export interface Table {
  readonly text: string;
  /** There were more lines than a table may have. */
  readonly cut: boolean;
}

/** Page by page; `progress` is told the number of lines so far. */
export async function fetchTable(
  rest: TagwireRest,
  tags: readonly string[],
  { from, to }: Bounds,
  progress: (lines: number) => void,
  signal: AbortSignal,
): Promise<Table> {
  const parts: string[] = [];
  let lines = 0;
  let url: URL | undefined = rest.historyCsvUrl({ tags, from, to, max: kPageSamples });
  while (url && lines < kMaxTableLines) {
    const page: { text: string; next: URL | undefined } = await rest.historyCsv(url, signal);
    const text = page.text.replace(kByteOrderMark, "");
    const head = text.indexOf("\n") + 1;
    parts.push(parts.length === 0 ? text : text.slice(head));
    lines += text.slice(head).split("\n").length - 1;
    progress(lines);
    url = page.next;
  }
  return { text: kByteOrderMark + parts.join(""), cut: url !== undefined };
}

export interface Caption {
  readonly pen: Pen;
  readonly text: string;
}

const kLine = 20;
const kMargin = 12;

/** The chart with its title and the values of its pens, in the colours of the page. */
export function drawPicture(
  chart: HTMLCanvasElement,
  title: string,
  captions: readonly Caption[],
  colours: PlotColours,
): HTMLCanvasElement {
  const ratio = window.devicePixelRatio;
  const canvas = document.createElement("canvas");
  const top = kMargin + kLine * (captions.length + 1);
  canvas.width = chart.width;
  canvas.height = chart.height + top * ratio;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.scale(ratio, ratio);
  context.fillStyle = colours.pen("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.pen("--text");
  context.font = '600 13px system-ui, "Noto Sans CJK SC", sans-serif';
  context.fillText(title, kMargin, kLine);
  context.font = '13px system-ui, "Noto Sans CJK SC", sans-serif';
  captions.forEach(({ pen, text }, index) => {
    const y = kLine * (index + 2);
    context.fillStyle = colours.pen(pen.colour);
    context.fillRect(kMargin, y - 6, 16, 3);
    context.fillStyle = colours.pen("--text");
    context.fillText(text, kMargin + 24, y);
  });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(chart, 0, top * ratio);
  return canvas;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has read the address when the click returns, but not what is behind it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
