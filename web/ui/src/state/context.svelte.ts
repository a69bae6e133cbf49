/** What every component may ask for: the view, the words of its language, and the announcer. */
import { createContext } from "svelte";
import type { Messages } from "../i18n/en.js";
import { type Locale, messagesOf } from "../i18n/locale.js";
import type { View } from "./view.svelte.js";

const kPoliteIntervalMs = 5_000;

/** Texts for screen readers: polite ones at most every five seconds (the newest wins), urgent ones at once. */
export class Announcer {
  polite = $state("");
  urgent = $state("");
  private lastPolite = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.timer);
    const rest = this.lastPolite + kPoliteIntervalMs - performance.now();
    this.timer = setTimeout(
      () => {
        this.lastPolite = performance.now();
        this.polite = text;
      },
      Math.max(0, rest),
    );
  }

  alert(text: string): void {
    this.urgent = text;
  }
}

export class Ui {
  readonly announcer = new Announcer();

  constructor(readonly view: View) {}

  get locale(): Locale {
    return this.view.current.lang;
  }

  get words(): Messages {
    return messagesOf(this.view.current.lang);
  }
}

export const [ui, provideUi] = createContext<Ui>();
