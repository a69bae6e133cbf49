import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import {
  encodeValue,
  type PressFrame,
  type SocketConstructor,
  TagwireClient,
  WriteError,
  type WriteFrame,
} from "../src/index.js";
import { FakeServer } from "./fake-server.js";

describe("values that are sent", () => {
  it("are exact", () => {
    expect(encodeValue(2n ** 63n - 1n)).toBe("9223372036854775807");
    expect(encodeValue(-(2n ** 63n))).toBe("-9223372036854775808");
    expect(encodeValue(5n)).toBe(5);
    expect(encodeValue([1, [2n ** 60n]])).toEqual([1, ["1152921504606846976"]]);
    expect(encodeValue("NaN")).toBe("NaN");
    expect(encodeValue(false)).toBe(false);
  });

  it("are numbers, texts, booleans and arrays of those", () => {
    expect(() => encodeValue(Number.NaN)).toThrow(RangeError);
    expect(() => encodeValue({ locale: "en", text: "x" })).toThrow(TypeError);
  });
});

describe("writing by a real WebSocket", () => {
  let server: FakeServer;
  let client: TagwireClient;

  beforeEach(async () => {
    server = await FakeServer.start();
    client = new TagwireClient({ url: server.url, WebSocket: WebSocket as unknown as SocketConstructor });
    client.connect();
    await vi.waitFor(() => expect(client.state.name).toBe("live"));
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it("tells what came of each value", async () => {
    const answer = client.write({ "Line.SP": 55.5, "Line.Count": 2n ** 62n }, { ttl: 1000, key: "k1" });
    const asked = await server.next("write");
    expect(asked).toEqual({
      t: "write",
      id: asked.id,
      key: "k1",
      ttl: 1000,
      w: [
        ["Line.SP", 55.5],
        ["Line.Count", "4611686018427387904"],
      ],
    });
    server.send({
      t: "ok",
      id: asked.id as number,
      w: [
        ["Line.SP", 0, 50, "clamped"],
        ["Line.Count", 0x803b0000, null, "read-only"],
      ],
    });
    expect(await answer).toEqual([
      { tag: "Line.SP", status: 0, value: 50, message: "clamped" },
      { tag: "Line.Count", status: 0x803b0000, value: null, message: "read-only" },
    ]);
  });

  it("has a key of its own each time", async () => {
    const [first, second] = [client.write({ A: 1 }), client.write({ A: 1 })];
    const keys = [await server.next("write"), await server.next("write")].map(
      (frame) => (frame as WriteFrame).key,
    );
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).not.toBe(keys[1]);
    server.last.terminate();
    await expect(first).rejects.toMatchObject({ code: "lost" });
    await expect(second).rejects.toBeInstanceOf(WriteError);
  });

  it("rejects with what the server says, and at once where there is none", async () => {
    const answer = client.write({ A: 1 });
    const { id } = (await server.next("write")) as WriteFrame;
    server.send({ t: "err", id, code: "unreachable", msg: "plc1 is away", retry: true });
    await expect(answer).rejects.toMatchObject({ code: "unreachable", message: "plc1 is away", retry: true });
    client.close();
    await expect(client.write({ A: 1 })).rejects.toMatchObject({ code: "not_connected" });
    expect(server.received.filter(({ t }) => t === "write")).toEqual([]);
  });

  it("holds a button until it is let go", async () => {
    const button = client.press("Line.Jog", true, false);
    const { id, ...press } = (await server.next("press")) as PressFrame;
    expect(press).toEqual({ t: "press", w: ["Line.Jog", true], release: false });
    server.send({ t: "ok", id, w: [["Line.Jog", 0, true]] });
    expect(await button.pressed).toMatchObject({ status: 0, value: true });
    expect(await server.next("hold")).toEqual({ t: "hold", id });
    expect(await server.next("hold")).toEqual({ t: "hold", id });
    const released = button.release();
    expect(await server.next("release")).toEqual({ t: "release", id });
    server.send({ t: "ok", id, w: [["Line.Jog", 0, false]] });
    expect(await released).toMatchObject({ status: 0, value: false });
    const holds = server.received.filter(({ t }) => t === "hold").length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(server.received.filter(({ t }) => t === "hold")).toHaveLength(holds);
    await button.release();
    expect(server.received.filter(({ t }) => t === "release")).toEqual([]);
  });

  it("ends with a button that was refused, let go by the server, or cut off", async () => {
    const refused = client.press("A", true, false);
    const first = (await server.next("press")) as PressFrame;
    server.send({ t: "ok", id: first.id, w: [["A", 0x803b0000, null, "read-only"]] });
    expect(await refused.pressed).toMatchObject({ message: "read-only" });
    await expect(refused.released).rejects.toMatchObject({ code: "not_found" });

    const forgotten = client.press("A", true, false);
    const second = (await server.next("press")) as PressFrame;
    server.send({ t: "ok", id: second.id, w: [["A", 0, true]] });
    await forgotten.pressed;
    server.send({ t: "err", id: second.id, code: "not_found", msg: "not held any more", retry: false });
    await expect(forgotten.released).rejects.toMatchObject({ code: "not_found" });

    const cut = client.press("A", true, false);
    await server.next("press");
    server.last.terminate();
    await expect(cut.pressed).rejects.toMatchObject({ code: "lost" });
    await expect(cut.release()).rejects.toMatchObject({ code: "lost" });
  });
});
