/** What a set of tags costs on the way to a browser. */

/**
 * A changed value in a frame, estimated: handle, a number of five to eight digits, time, and the share of the frame
 * around it, before compression.
 */
export const kBytesPerChange = 20;

/** Bytes a second for this many tags, each of which changes once a second. */
export function bytesPerSecond(tags: number): number {
  return tags * kBytesPerChange;
}

/** `12 kB`, `0.3 kB`, `1.2 MB`. */
export function bytesText(bytes: number, fixed: (value: number, decimals: number) => string): string {
  const [value, unit] = bytes < 999_500 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${fixed(value, value < 9.95 ? 1 : 0)} ${unit}`;
}
