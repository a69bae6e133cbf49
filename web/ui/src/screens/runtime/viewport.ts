/** What of a screen is seen: pure arithmetic of panning and zooming. */
import type { Size } from "../../symbols/shape.js";

export interface Viewport {
  /** Upper left corner of what is seen, in units of the screen. */
  readonly x: number;
  readonly y: number;
  /** Pixels a unit. */
  readonly scale: number;
}

/** Below this scale digits cannot be read: a phone shows a part, and the rest by panning. */
const kReadable = 0.62;
const kLargest = 6;

/** The scale at which all of the screen is seen. */
export function fitScale(screen: Size, room: Size): number {
  return Math.min(room.width / screen.width, room.height / screen.height);
}

/** All of the screen in the middle of the room. */
export function fitted(screen: Size, room: Size): Viewport {
  return settled({ x: 0, y: 0, scale: fitScale(screen, room) }, screen, room);
}

/** As at first: all of it, or as much as can be read from the upper left corner on. */
export function opening(screen: Size, room: Size): Viewport {
  return settled({ x: 0, y: 0, scale: Math.max(fitScale(screen, room), kReadable) }, screen, room);
}

/** Nothing beside the screen is shown where it is larger than the room; it stands in the middle where it is smaller. */
export function settled({ x, y, scale }: Viewport, screen: Size, room: Size): Viewport {
  const axis = (at: number, whole: number, pixels: number) => {
    const seen = pixels / scale;
    return seen >= whole ? (whole - seen) / 2 : Math.min(Math.max(0, at), whole - seen);
  };
  return { x: axis(x, screen.width, room.width), y: axis(y, screen.height, room.height), scale };
}

/** Zoomed by `factor` around the pixel `px`, `py` of the room. */
export function zoomed(
  view: Viewport,
  factor: number,
  px: number,
  py: number,
  screen: Size,
  room: Size,
): Viewport {
  const least = fitScale(screen, room);
  const scale = Math.min(Math.max(view.scale * factor, least), Math.max(kLargest, least));
  const at = { x: view.x + px / view.scale, y: view.y + py / view.scale };
  return settled({ x: at.x - px / scale, y: at.y - py / scale, scale }, screen, room);
}

/** Moved by pixels: the screen follows the pointer. */
export function panned(view: Viewport, dx: number, dy: number, screen: Size, room: Size): Viewport {
  return settled({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale }, screen, room);
}

/** Moved so far that the box is seen. */
export function revealing(
  view: Viewport,
  box: Size & { readonly x: number; readonly y: number },
  screen: Size,
  room: Size,
): Viewport {
  const margin = 24 / view.scale;
  const axis = (at: number, seen: number, from: number, length: number) =>
    from - margin < at
      ? from - margin
      : from + length + margin > at + seen
        ? from + length + margin - seen
        : at;
  return settled(
    {
      x: axis(view.x, room.width / view.scale, box.x, box.width),
      y: axis(view.y, room.height / view.scale, box.y, box.height),
      scale: view.scale,
    },
    screen,
    room,
  );
}

export function viewBoxOf({ x, y, scale }: Viewport, room: Size): string {
  return [x, y, room.width / scale, room.height / scale].map((n) => n.toFixed(2)).join(" ");
}
