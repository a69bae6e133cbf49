/// What arrived and was not yet asked for, in order.
import { within } from './wait.mjs';

export class Inbox {
  #items = [];
  #waiting = [];
  #what;
  #ended;

  constructor(what) {
    this.#what = what;
  }

  push(item) {
    const at = this.#waiting.findIndex(({ where }) => where(item));
    if (at < 0) this.#items.push(item);
    else this.#waiting.splice(at, 1)[0].resolve(item);
  }

  /// Nothing more comes; whoever waits is told why.
  end(reason) {
    this.#ended = new Error(reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  /// Removes and returns the first item that matches, waiting for it.
  take(where, timeout = 5000) {
    const at = this.#items.findIndex(where);
    if (at >= 0) return Promise.resolve(this.#items.splice(at, 1)[0]);
    if (this.#ended) return Promise.reject(this.#ended);
    const waiter = { where };
    const item = new Promise((resolve, reject) => Object.assign(waiter, { resolve, reject }));
    this.#waiting.push(waiter);
    item.catch(() => {});
    return within(timeout, () => `${this.#what} ${where}; waiting unread: ${this.#summary()}`, item).finally(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
    });
  }

  /// Removes and returns everything there is.
  drain() {
    return this.#items.splice(0);
  }

  #summary() {
    return this.#items.length === 0 ? 'nothing' : JSON.stringify(this.#items.slice(-5)).slice(0, 2000);
  }
}
