/** The rows of a long list that are on the screen, by @tanstack/virtual-core. */
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";

export interface RowGeometry {
  readonly count: number;
  /** Height of a row in px. */
  heightOf(index: number): number;
  /** Identity of a row: the same element shows it wherever it moves. */
  keyOf(index: number): string | number;
  /** Height in px of the sticky header within the scroller. */
  readonly header: number;
}

const kOverscan = 6;

export class VirtualRows {
  items = $state.raw<readonly VirtualItem[]>([]);
  total = $state(0);
  /** Always rendered, so that the keyboard focus is not lost by scrolling. */
  private pinned = -1;
  private scroller: HTMLElement | null = null;
  private geometry: RowGeometry = { count: 0, heightOf: () => 1, keyOf: (index) => index, header: 0 };
  private readonly virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.options());

  /** Follows the scrolling of `element` until the returned function is called. */
  follow(element: HTMLElement): () => void {
    this.scroller = element;
    this.virtualizer.setOptions(this.options());
    const unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    this.publish();
    return () => {
      unmount();
      this.scroller = null;
    };
  }

  update(geometry: RowGeometry): void {
    this.geometry = geometry;
    this.virtualizer.setOptions(this.options());
    this.virtualizer._willUpdate();
    this.virtualizer.measure();
    this.publish();
  }

  pin(index: number): void {
    this.pinned = index;
    // New options: the rows are worked out anew only when the function that chooses them is another.
    this.virtualizer.setOptions(this.options());
    this.publish();
  }

  scrollTo(index: number): void {
    this.virtualizer.scrollToIndex(index, { align: "auto" });
  }

  /** Offset of an item below the header, px. */
  offsetOf(item: VirtualItem): number {
    return item.start - this.geometry.header;
  }

  private publish(): void {
    this.items = this.virtualizer.getVirtualItems();
    this.total = this.virtualizer.getTotalSize();
  }

  private options() {
    return {
      count: this.geometry.count,
      getScrollElement: () => this.scroller,
      estimateSize: (index: number) => this.geometry.heightOf(index),
      getItemKey: (index: number) => this.geometry.keyOf(index),
      scrollMargin: this.geometry.header,
      scrollPaddingStart: this.geometry.header,
      overscan: kOverscan,
      rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range);
        const { pinned } = this;
        if (pinned < 0 || pinned >= range.count || shown.includes(pinned)) return shown;
        return [...shown, pinned].sort((a, b) => a - b);
      },
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.publish(),
    };
  }
}
