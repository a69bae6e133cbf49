/**
 * A button that is held: from pressing until letting go, however that happens: the pointer is lifted, cancelled or
 * taken away, the key is released, the window loses the focus or is hidden, the element goes. The client says that
 * it is held; the server lets go when nobody says so any more.
 */

/** What was pressed; `Button` of the client is one. */
export interface Held {
  release(): unknown;
}

export interface MomentaryOptions {
  /** Undefined: it cannot be pressed now. */
  press(): Held | undefined;
  /** Told at each change. */
  held(held: boolean): void;
}

export class Momentary {
  private current: Held | undefined;

  constructor(private readonly options: MomentaryOptions) {}

  get isHeld(): boolean {
    return this.current !== undefined;
  }

  press(): boolean {
    if (this.current) return true;
    this.current = this.options.press();
    if (this.current) this.options.held(true);
    return this.current !== undefined;
  }

  release(): void {
    const held = this.current;
    if (!held) return;
    this.current = undefined;
    held.release();
    this.options.held(false);
  }
}

const kKeys = new Set([" ", "Enter"]);

/** Makes an element a button that is held; the result takes that away, and lets go. */
export function makeMomentary(element: HTMLElement | SVGElement, options: MomentaryOptions): () => void {
  const button = new Momentary(options);
  const off = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    action: (event: HTMLElementEventMap[K]) => void,
  ) => element.addEventListener(type, action as EventListener, { signal: off.signal });
  const release = () => button.release();

  /** Of a press that is over: its click is none of whoever listens further out. */
  let clicked = false;

  on("pointerdown", (event) => {
    clicked = event.button === 0 && button.press();
    if (!clicked) return;
    // Also when the finger slides off, its end is told to this element.
    element.setPointerCapture(event.pointerId);
    event.stopPropagation();
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture", "blur"] as const) on(type, release);
  on("keydown", (event) => {
    if (!kKeys.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.repeat ? button.isHeld : button.press()) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  on("keyup", (event) => {
    if (kKeys.has(event.key)) release();
  });
  on("click", (event) => {
    if (clicked) event.stopPropagation();
    clicked = false;
  });
  // A long touch would open a menu, and the pointer would be lost to it.
  on("contextmenu", (event) => event.preventDefault());
  window.addEventListener("blur", release, { signal: off.signal });
  window.addEventListener("pagehide", release, { signal: off.signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "hidden") release();
    },
    { signal: off.signal },
  );
  return () => {
    off.abort();
    release();
  };
}
