/**
 * A screen on the wall: nobody touches it for weeks. It stays awake, goes from page to page, and loads itself anew when
 * the server was updated, because its pages are those of the version before.
 */
import type { TagwireClient } from "@tagwire/client";
import { kPageGroups, type PageName, type View, type ViewState } from "../state/view.svelte.js";

/**
 * The page that follows: those for running the plant, in turn; screens and dashboards where the address names one.
 */
export function pageAfter({
  page,
  screen,
  dashboard,
}: Pick<ViewState, "page" | "screen" | "dashboard">): PageName {
  const named: Partial<Record<PageName, string>> = { screens: screen, dashboards: dashboard };
  const pages: readonly PageName[] = kPageGroups.operation.filter((each) => named[each] !== "");
  return pages[(pages.indexOf(page) + 1) % pages.length] ?? "overview";
}

/** Goes to the next page every `seconds`; the result ends it. */
export function cyclePages(view: Pick<View, "current" | "set">, seconds: number): () => void {
  const next = () => view.set({ page: pageAfter(view.current), unit: "", element: "" });
  const timer = setInterval(next, seconds * 1000);
  return () => clearInterval(timer);
}

/** Keeps the screen on while the page is seen; browsers let go of it when the page is hidden. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let ended = false;
  const take = async () => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      const taken = await navigator.wakeLock.request("screen");
      if (ended) await taken.release();
      else lock = taken;
    } catch {
      // Not allowed, or the battery is low: the screen follows the settings of the machine.
    }
  };
  document.addEventListener("visibilitychange", take);
  void take();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", take);
    void lock?.release();
  };
}

/** Calls `reload` when the server says another version than at first. */
export function followVersion(
  client: Pick<TagwireClient, "state" | "onState">,
  reload: () => void,
): () => void {
  let version = client.state.name === "live" ? client.state.hello.server : undefined;
  return client.onState((state) => {
    if (state.name !== "live") return;
    version ??= state.hello.server;
    if (state.hello.server !== version) reload();
  });
}
