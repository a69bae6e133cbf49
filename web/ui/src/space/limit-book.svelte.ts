/** What was typed into the limits of ticked variables; forgotten with the page. */
import type { Limits } from "@tagwire/client";
import { type LimitOrder, type LimitTexts, orderOf, sameLimits, textsOf } from "./limit-proposals.js";

export class LimitBook {
  private typed = $state.raw<ReadonlyMap<string, LimitTexts>>(new Map());

  textsOf(node: string, proposed: Limits): LimitTexts {
    return this.typed.get(node) ?? textsOf(proposed);
  }

  orderOf(node: string, proposed: Limits): LimitOrder {
    return orderOf(this.textsOf(node, proposed));
  }

  type(node: string, texts: LimitTexts): void {
    this.typed = new Map(this.typed).set(node, texts);
  }

  /** What is to be ordered; undefined: just what the server names. */
  changed(node: string, proposed: Limits): Limits | undefined {
    const order = this.orderOf(node, proposed);
    return order.name === "ok" && !sameLimits(order.limits, proposed) ? order.limits : undefined;
  }
}
