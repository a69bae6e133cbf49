/** A text node whose text is written only when it changes. */
export class LiveText {
  private readonly node: Text;
  private shown = "";

  constructor(parent: Element) {
    this.node = document.createTextNode("");
    parent.replaceChildren(this.node);
  }

  set(text: string): boolean {
    if (text === this.shown) return false;
    this.shown = text;
    this.node.data = text;
    return true;
  }
}
