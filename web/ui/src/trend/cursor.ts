/** What the pens were where the cursor of the chart is. */
export interface CursorReading {
  /** ms since 1970 */
  readonly time: number;
  /** One value a pen; null where there was none. */
  readonly values: readonly (number | null)[];
}
