/**
 * What the client needs from its surroundings. Browsers have all of it; Node has what is not about a page;
 * tests pass their own.
 */

/** The part of the WebSocket interface the client uses; the browser's, Node's and the `ws` package's fit. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols?: string | string[]) => SocketLike;

/** Whether anybody can see the page. Outside a browser everything is always visible. */
export interface Visibility {
  hidden(): boolean;
  /** Called when the page is shown or hidden, and when the network comes back; returns the remover. */
  onChange(listener: () => void): () => void;
}

/** Runs a callback at the next drawn frame. A hidden page draws no frames, so there it waits. */
export type FrameScheduler = (draw: () => void) => void;

const kAlwaysVisible: Visibility = { hidden: () => false, onChange: () => () => {} };

/** Outside a browser a frame is what a 60 Hz screen would give. */
const kFrameWithoutScreenMs = 16;

export function defaultVisibility(): Visibility {
  if (typeof document === "undefined" || typeof window === "undefined") return kAlwaysVisible;
  return {
    hidden: () => document.visibilityState === "hidden",
    onChange(listener) {
      document.addEventListener("visibilitychange", listener);
      window.addEventListener("pageshow", listener);
      window.addEventListener("online", listener);
      return () => {
        document.removeEventListener("visibilitychange", listener);
        window.removeEventListener("pageshow", listener);
        window.removeEventListener("online", listener);
      };
    },
  };
}

export function defaultFrameScheduler(): FrameScheduler {
  if (typeof requestAnimationFrame === "function") {
    return (draw) => {
      requestAnimationFrame(draw);
    };
  }
  return (draw) => {
    setTimeout(draw, kFrameWithoutScreenMs);
  };
}

export function defaultSocketConstructor(): SocketConstructor {
  if (typeof WebSocket === "undefined") {
    throw new Error(
      "This runtime has no WebSocket: use Node 22 or later, or pass { WebSocket } from the 'ws' package.",
    );
  }
  return WebSocket as unknown as SocketConstructor;
}
