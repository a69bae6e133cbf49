/** Times of a chart, by the clock of the browser or of the plant. */
import { type Locale, languageTag } from "../i18n/locale.js";

const kMinute = 60_000;
const kDay = 86_400_000;

export class ChartClock {
  private readonly dates: Intl.DateTimeFormat;
  private readonly minutes: Intl.DateTimeFormat;
  private readonly seconds: Intl.DateTimeFormat;
  private readonly whole: Intl.DateTimeFormat;

  /** `zone`: an IANA name; undefined is the browser's own. */
  constructor(
    locale: Locale,
    readonly zone: string | undefined,
  ) {
    const language = languageTag(locale);
    const timeZone = zone === undefined ? {} : { timeZone: zone };
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...timeZone } as const;
    this.dates = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", ...timeZone });
    this.minutes = new Intl.DateTimeFormat(language, clock);
    this.seconds = new Intl.DateTimeFormat(language, { ...clock, second: "2-digit" });
    this.whole = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", ...timeZone });
  }

  /** 2026-11-25 14:32:07 */
  full(ms: number): string {
    return this.whole.format(ms);
  }

  /** The mark of an axis whose marks are `distance` ms apart; midnight is told as its date. */
  tick(ms: number, distance: number): string {
    const clock = this.minutes.format(ms);
    if (distance >= kDay || (clock === "00:00" && ms % kMinute === 0)) return this.dates.format(ms);
    return distance >= kMinute ? clock : this.seconds.format(ms);
  }
}

/** Whether this browser knows the zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
