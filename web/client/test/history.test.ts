import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type HistFrame, HistoryError, type SocketConstructor, TagwireClient } from "../src/index.js";
import { FakeServer } from "./fake-server.js";

const kQuestion = { tags: ["Sim.T0", "Sim.P0"], from: 1000, to: 9000 };

describe("the history by a real WebSocket", () => {
  let server: FakeServer;
  let client: TagwireClient;

  beforeEach(async () => {
    server = await FakeServer.start();
    client = new TagwireClient({
      url: server.url,
      WebSocket: WebSocket as unknown as SocketConstructor,
      nextFrame: (draw) => void setTimeout(draw, 2),
    });
    client.connect();
    await vi.waitFor(() => expect(client.state.name).toBe("live"));
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it("is put together from its parts", async () => {
    const answer = client.history({ ...kQuestion, form: "minmax", intervals: 10 });
    const asked = await server.next("hist");
    expect(asked).toEqual({ t: "hist", id: asked.id, ...kQuestion, form: "minmax", intervals: 10 });
    const part = { t: "hist", id: asked.id, n: "Sim.T0", ty: "f64", b: 1000 } as const;
    server.send({ ...part, before: [-500, 1.5], v: [[0, 2]] });
    server.send({ ...part, v: [[1000, null, 0x809d0000]] });
    server.send({ t: "hist", id: asked.id, n: "Sim.P0", ty: "bool", b: 1000, v: [[5, true, 0, 20, 1]] });
    const bad = { n: "Nope", code: "unknown_tag", msg: "?" } as const;
    server.send({ t: "ok", id: asked.id, bad: [bad], next: "cursor" });
    const { series, ...rest } = await answer;
    expect(rest).toEqual({ bad: [bad], next: "cursor" });
    expect(series.map(({ tag, samples }) => [tag, samples.map(({ time, value }) => [time, value])])).toEqual([
      [
        "Sim.T0",
        [
          [1000, 2],
          [2000, null],
        ],
      ],
      ["Sim.P0", [[1005, true]]],
    ]);
    expect(series[0]?.before).toMatchObject({ time: 500, value: 1.5 });
    expect(series[1]?.samples[0]).toMatchObject({ serverTime: 1025, origin: "backfill" });
  });

  it("shows a value of another type as it was sent", async () => {
    const answer = client.history(kQuestion);
    const { id } = await server.next("hist");
    server.send({ t: "hist", id, n: "Sim.T0", ty: "bool", b: 0, v: [[0, "open"]] });
    server.send({ t: "ok", id });
    expect((await answer).series[0]?.samples[0]?.value).toBe("open");
  });

  it("rejects with what the server says", async () => {
    const answer = client.history(kQuestion);
    const { id } = await server.next("hist");
    server.send({ t: "err", id, code: "no_history", msg: "switched off", retry: false });
    await expect(answer).rejects.toMatchObject({ code: "no_history", message: "switched off", retry: false });
  });

  it("tells the server what is not wanted any more", async () => {
    const abort = new AbortController();
    const answer = client.history(kQuestion, abort.signal);
    const { id } = await server.next("hist");
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect(await server.next("cancel")).toEqual({ t: "cancel", id });
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    server.send({ t: "err", id, code: "cancelled", msg: "", retry: false });
    const second = client.history(kQuestion);
    server.send({ t: "ok", id: ((await server.next("hist")) as HistFrame).id });
    expect((await second).series).toEqual([]);
    expect(error).not.toHaveBeenCalled();
  });

  it("does not ask for what was aborted before", async () => {
    await expect(client.history(kQuestion, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(server.received.some(({ t }) => t === "hist")).toBe(false);
  });

  it("rejects when the connection is lost, and where there is none", async () => {
    const answer = client.history(kQuestion);
    await server.next("hist");
    server.last.terminate();
    await expect(answer).rejects.toBeInstanceOf(HistoryError);
    await expect(client.history(kQuestion)).rejects.toMatchObject({ code: "not_connected", retry: true });
  });
});
