/**
 * What hands do on the chart: a wheel zooms or moves, a finger moves, two fingers zoom, a click sets the ruler. A mouse
 * selects a part, which uPlot does itself.
 */
import { type Bounds, panned, pinched, zoomed } from "./time-window.js";

export interface GestureTarget {
  /** The time that is shown. */
  bounds(): Bounds;
  /** Width of what shows it, CSS pixels. */
  width(): number;
  now(): number;
  look(bounds: Bounds): void;
  /** A click, px from the left edge. */
  click(x: number): void;
}

const kWheelZoom = 1.2;
/** What moves less is a click. */
export const kClickPx = 4;

/**
 * The chart as it was when the fingers took hold of it, and where they were, px from its left edge. While it follows
 * them the labels of its axes may become wider, and move that edge.
 */
interface Grip {
  readonly bounds: Bounds;
  readonly left: number;
  readonly width: number;
  readonly at: readonly number[];
}

export class ChartGestures {
  /** The pointers that are down, by id: px from the left edge of the window. */
  private readonly down = new Map<number, number>();
  private grip: Grip | undefined;
  /** Whether the fingers did more than a click. */
  private moved = false;

  constructor(
    private readonly over: HTMLElement,
    private readonly target: GestureTarget,
  ) {
    over.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    // Before uPlot's own listener: a pan is no selection.
    over.addEventListener("mousedown", (event) => event.shiftKey && event.stopImmediatePropagation(), true);
    over.addEventListener("pointerdown", (event) => this.press(event));
    over.addEventListener("pointermove", (event) => this.drag(event));
    over.addEventListener("pointerup", (event) => this.release(event));
    over.addEventListener("pointercancel", (event) => this.letGo(event));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { target } = this;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const delta = event.deltaX || event.deltaY;
      target.look(panned(target.bounds(), Math.sign(delta) * 0.1, target.now()));
      return;
    }
    const factor = event.deltaY > 0 ? kWheelZoom : 1 / kWheelZoom;
    target.look(zoomed(target.bounds(), event.offsetX / target.width(), factor, target.now()));
  }

  private press(event: PointerEvent): void {
    // Where a pointer was let go of outside of the window, nobody told.
    if (event.isPrimary) {
      this.down.clear();
      this.moved = false;
    }
    this.down.set(event.pointerId, event.clientX);
    if (this.takesHold(event)) this.over.setPointerCapture(event.pointerId);
    this.hold();
  }

  /** A mouse selects unless Shift is held. */
  private takesHold(event: PointerEvent): boolean {
    return event.pointerType === "touch" || event.shiftKey;
  }

  private drag(event: PointerEvent): void {
    const { grip, target } = this;
    if (!grip || !this.down.has(event.pointerId)) return;
    this.down.set(event.pointerId, event.clientX);
    const [x = 0, other] = [...this.down.values()].map((at) => at - grip.left);
    const [begin = 0, otherBegin] = grip.at;
    if (Math.abs(x - begin) >= kClickPx || other !== undefined) this.moved = true;
    if (!this.moved || !this.takesHold(event)) return;
    const bounds =
      other === undefined || otherBegin === undefined
        ? panned(grip.bounds, (begin - x) / grip.width, target.now())
        : pinched(grip.bounds, [begin, otherBegin], [x, other], grip.width, target.now());
    target.look(bounds);
  }

  private release(event: PointerEvent): void {
    const known = this.down.has(event.pointerId);
    this.letGo(event);
    if (known && !this.moved && this.down.size === 0) {
      this.target.click(event.clientX - this.over.getBoundingClientRect().left);
    }
  }

  private letGo(event: PointerEvent): void {
    this.down.delete(event.pointerId);
    this.hold();
  }

  /** From here on the chart follows the fingers that are down. */
  private hold(): void {
    const { left } = this.over.getBoundingClientRect();
    this.grip =
      this.down.size === 0
        ? undefined
        : {
            bounds: this.target.bounds(),
            left,
            width: this.target.width(),
            at: [...this.down.values()].slice(0, 2).map((at) => at - left),
          };
  }
}
