/**
 * Everything live of one page: the client, what it recorded, what is drawn, and the few facts that components
 * render as ordinary state (connection, sources, counts; at most once a second).
 */
import {
  type LinkState,
  type SourceStatus,
  type Subscription,
  TagwireClient,
  TagwireRest,
} from "@tagwire/client";
import { createContext } from "svelte";
import type { Messages } from "../i18n/en.js";
import { type Locale, messagesOf } from "../i18n/locale.js";
import { LiveBoard } from "./board.js";
import { ConditionsWatch } from "./conditions.svelte.js";
import { Formatter } from "./format.js";
import { Recorder } from "./recorder.js";
import type { SparkStyle } from "./sparkline.js";
import { kEmptySummary, type Summary, summarise } from "./summary.js";

/** Faster updates than the digits change would only cost. */
const kFrameIntervalMs = 250;
/** After the page is shown again, until the newest values have arrived. */
const kCatchUpMs = 600;
const kSummaryMs = 1_000;

/** What the cells of the live core need. */
export interface LiveContext {
  readonly client: TagwireClient;
  readonly recorder: Recorder;
  readonly format: Formatter;
  readonly locale: Locale;
  readonly words: Messages;
  readonly sparkStyle: SparkStyle;
}

export interface Rates {
  /** Rows that arrived in the last second. */
  readonly updates: number;
  /** Time since the last data frame, ms; NaN before the first. */
  readonly dataAge: number;
}

export class LiveSession implements LiveContext {
  readonly client: TagwireClient;
  readonly recorder: Recorder;
  readonly board: LiveBoard;
  readonly subscription: Subscription;
  readonly conditions: ConditionsWatch;

  link = $state.raw<LinkState>({ name: "idle" });
  /** Whether hello has ever arrived: before that there is nothing to keep on the screen. */
  everLive = $state(false);
  /** When the link was lost (ms, this machine's clock); undefined while it lives. */
  lostSince = $state<number>();
  sources = $state.raw<readonly SourceStatus[]>([]);
  summary = $state.raw<Summary>(kEmptySummary);
  rates = $state.raw<Rates>({ updates: 0, dataAge: Number.NaN });
  /** Counts changes of the set of tags: components that list tags depend on it. */
  tagsVersion = $state(0);
  subscribed = $state<Subscription["state"]>("pending");

  /** Numbers and times in the language of the page. */
  format = $state.raw<Formatter>(new Formatter("en"));
  locale: Locale;
  words: Messages;
  sparkStyle: SparkStyle = { line: "", uncertain: "" };

  private lastRows = 0;
  private tagsChangePlanned = false;

  constructor(
    readonly url: string,
    /** Address of the server's pages and API. */
    base: string,
    locale: Locale,
    fetcher: typeof fetch,
  ) {
    this.locale = locale;
    this.words = messagesOf(locale);
    this.format = new Formatter(locale);
    this.client = new TagwireClient({ url });
    this.recorder = new Recorder(this.client.store, () => this.client.serverNow());
    this.board = new LiveBoard(this.client.store);
    this.subscription = this.client.subscribe(["**"], { min: kFrameIntervalMs });
    this.conditions = new ConditionsWatch(new TagwireRest(base, fetcher), () => this.sources);
    this.subscription.stateChanged.on((state) => {
      this.subscribed = state;
    });
    this.client.onState((state) => this.followLink(state));
    this.client.sources.changed.on(() => {
      this.sources = this.client.sources.all();
    });
    this.client.store.tagsChanged.on(() => this.planTagsChange());
    setInterval(() => this.count(), kSummaryMs);
    document.addEventListener("visibilitychange", () => this.followVisibility());
  }

  start(): void {
    this.client.connect();
  }

  speak(locale: Locale): void {
    this.locale = locale;
    this.words = messagesOf(locale);
    this.format = new Formatter(locale);
    this.board.redraw();
  }

  /** Takes the colours of canvases from the style sheet; call after the theme changed. */
  takeColours(): void {
    const style = getComputedStyle(document.documentElement);
    this.sparkStyle = {
      line: style.getPropertyValue("--spark").trim(),
      uncertain: style.getPropertyValue("--text-soft").trim(),
    };
    this.board.redraw();
  }

  private followLink(state: LinkState): void {
    this.link = state;
    if (state.name === "live") {
      this.everLive = true;
      this.lostSince = undefined;
    } else if (this.everLive) {
      this.lostSince ??= this.client.lastHeard;
    }
  }

  /** Many frames may add tags within one drawn frame; the table is built once. */
  private planTagsChange(): void {
    if (this.tagsChangePlanned) return;
    this.tagsChangePlanned = true;
    requestAnimationFrame(() => {
      this.tagsChangePlanned = false;
      this.tagsVersion += 1;
      this.summary = summarise(this.client.store);
    });
  }

  private count(): void {
    if (document.visibilityState === "hidden") return;
    const { rows, lastData } = this.client.stats;
    this.rates = { updates: rows - this.lastRows, dataAge: lastData ? Date.now() - lastData : Number.NaN };
    this.lastRows = rows;
    const summary = summarise(this.client.store);
    const same = (Object.keys(summary) as (keyof Summary)[]).every(
      (key) => summary[key] === this.summary[key],
    );
    if (!same) this.summary = summary;
  }

  private followVisibility(): void {
    if (document.visibilityState === "hidden") this.recorder.lookAway();
    else setTimeout(() => this.recorder.lookAgain(), kCatchUpMs);
  }
}

export const [liveSession, provideLiveSession] = createContext<LiveSession>();
