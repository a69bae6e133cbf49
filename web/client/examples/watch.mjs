// Prints the changes of tags in a terminal.
//   node watch.mjs [ws://127.0.0.1:5000/ws] [TAG…]
// Node 22 and newer have a WebSocket of their own; for older ones the package ws is taken.
import { Quality, TagwireClient } from "@tagwire/client";

const words = process.argv.slice(2);
const url = words[0]?.includes("://") ? words.shift() : "ws://127.0.0.1:5000/ws";
const tags = words.length > 0 ? words : ["Random.*"];

const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;
const client = new TagwireClient({ url, WebSocket });

client.onState((state) => {
  const why = "loss" in state ? ` ${state.loss.reason || `(${state.loss.code})`}` : "";
  console.error(`${state.name}${why}`);
});

client.store.flushed.on(({ slots, count }) => {
  for (let i = 0; i < count; i++) {
    const { path, value, quality, time } = client.store.read(slots[i]);
    const unit = client.store.describe(slots[i])?.u ?? "";
    console.log(path, value, unit, Quality[quality], Number.isNaN(time) ? "" : new Date(time).toISOString());
  }
});

const subscription = client.subscribe(tags);
subscription.stateChanged.on(() => {
  for (const { n, msg } of subscription.bad) console.error(`${n}: ${msg}`);
  if (subscription.refusal) console.error(subscription.refusal.msg);
});

client.connect();
process.on("SIGINT", () => client.close());
