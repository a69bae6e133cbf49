import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import {
  type LinkState,
  Quality,
  type SocketConstructor,
  type TagDesc,
  TagwireClient,
  type Visibility,
} from "../src/index.js";
import { FakeServer } from "./fake-server.js";

const kTemperature: TagDesc = { h: 17, n: "Sim.T0", ty: "f64", src: "sim", u: "°C" };
const kPump: TagDesc = { h: 18, n: "Sim.P0", ty: "bool", src: "sim" };

/** A page that the test shows and hides. */
class FakePage implements Visibility {
  isHidden = false;
  private readonly listeners = new Set<() => void>();
  hidden = () => this.isHidden;
  onChange = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };
  set(hidden: boolean): void {
    this.isHidden = hidden;
    for (const listener of this.listeners) listener();
  }
}

describe("TagwireClient against a real WebSocket server", () => {
  let server: FakeServer;
  let client: TagwireClient;
  let page: FakePage;
  const states: LinkState[] = [];

  const until = (condition: () => void) => vi.waitFor(condition, { timeout: 3000, interval: 5 });
  const named = (name: LinkState["name"]) => until(() => expect(client.state.name).toBe(name));
  const slot = (path: string): number => client.store.slotOf(path) as number;

  function makeClient(url: string, token?: string): TagwireClient {
    const made = new TagwireClient({
      url,
      token,
      WebSocket: WebSocket as unknown as SocketConstructor,
      backoff: { min: 20, max: 80 },
      visibility: page,
      nextFrame: (draw) => {
        // As in a browser: a hidden page draws nothing.
        const frame = setInterval(() => {
          if (page.isHidden) return;
          clearInterval(frame);
          draw();
        }, 2);
      },
    });
    made.onState((state) => states.push(state));
    return made;
  }

  beforeEach(async () => {
    states.length = 0;
    page = new FakePage();
    server = await FakeServer.start();
    client = makeClient(server.url);
  });

  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it("says its token before anything else, and gives up when the server does not take it", async () => {
    const known = makeClient(server.url, "twt_secret");
    known.subscribe(["Sim.T0"]);
    known.connect();
    const auth = await server.next("auth");
    expect(auth.token).toBe("twt_secret");
    const sub = await server.next("sub");
    expect(sub.id).toBeGreaterThan(auth.id);
    server.send({ t: "err", id: auth.id, code: "unauthorized", msg: "revoked", retry: false });
    await until(() =>
      expect(known.state).toMatchObject({
        name: "refused",
        policy: "after_login",
        loss: { code: 4001, reason: "revoked" },
      }),
    );
    known.close();
  });

  it("subscribes before connecting, offers the subprotocol, and fills the store", async () => {
    const subscription = client.subscribe(["Sim.**", "Nope"], { min: 250 });
    client.connect();
    const sub = await server.next("sub");
    expect(server.last.protocol).toBe("tagwire.v1");
    expect(sub).toEqual({ t: "sub", id: sub.id, tags: ["Sim.**", "Nope"], min: 250, credits: 2 });
    server.send({
      t: "ok",
      id: sub.id,
      sub: 5,
      tags: [kTemperature],
      bad: [{ n: "Nope", code: "unknown_tag", msg: "no such tag" }],
    });
    server.send({ t: "tags", sub: 5, add: [kPump] });
    server.send({ t: "data", sub: 5, seq: 1, b: 1000, snap: 1, more: 1, v: [[17, 92.1, -5]] });
    server.send({ t: "data", sub: 5, seq: 1, b: 1000, snap: 1, v: [[18, true]] });
    await until(() => expect(client.store.size && client.store.quality(slot("Sim.P0"))).toBe(Quality.Good));
    expect(client.store.read(slot("Sim.T0"))).toMatchObject({
      value: 92.1,
      time: 995,
      quality: Quality.Good,
    });
    expect(subscription.bad.map((bad) => bad.n)).toEqual(["Nope"]);
    expect(subscription.state).toBe("active");
    expect(client.stats).toMatchObject({ frames: 2, rows: 2 });
  });

  it("returns one credit for each drawn frame, and none while hidden", async () => {
    client.subscribe(["**"]);
    client.connect();
    server.serve(await server.next("sub"), [kTemperature], [[17, 1]], 1);
    expect(await server.next("credit")).toEqual({ t: "credit", sub: 1, n: 1 });
    page.set(true);
    server.send({ t: "data", sub: 1, seq: 2, b: 0, v: [[17, 2]] });
    server.send({ t: "data", sub: 1, seq: 3, b: 0, v: [] });
    await until(() => expect(client.stats.frames).toBe(3));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.received).toEqual([]);
    page.set(false);
    expect(await server.next("credit")).toEqual({ t: "credit", sub: 1, n: 2 });
  });

  it("resumes after a lost link where the last complete frame ended", async () => {
    client.subscribe(["**"]);
    client.connect();
    server.serve(
      await server.next("sub"),
      [kTemperature, kPump],
      [
        [17, 1],
        [18, false],
      ],
      10,
    );
    server.send({ t: "data", sub: 1, seq: 12, b: 0, v: [[17, 2]] });
    server.send({ t: "data", sub: 1, seq: 99, b: 0, more: 1, v: [[17, 3]] });
    await until(() => expect(client.store.value(slot("Sim.T0"))).toBe(3));
    server.last.terminate();
    await until(() => expect(client.store.quality(slot("Sim.T0"))).toBe(Quality.Stale));
    expect(client.store.value(slot("Sim.T0"))).toBe(3);

    const again = await server.next("sub");
    expect(again.resume).toEqual({ boot: "b7f30001", seq: 12 });
    expect(client.store.quality(slot("Sim.P0"))).toBe(Quality.Stale);
    server.send({ t: "ok", id: again.id, sub: 2, resumed: true, tags: [kTemperature, kPump] });
    server.send({ t: "data", sub: 2, seq: 100, b: 0, v: [[17, 4]] });
    await until(() => expect(client.store.value(slot("Sim.T0"))).toBe(4));
    expect(client.store.quality(slot("Sim.P0"))).toBe(Quality.Good);
    expect(client.store.value(slot("Sim.P0"))).toBe(false);
  });

  it("takes the snapshot of a restarted server: new handles, vanished tags", async () => {
    const subscription = client.subscribe(["**"]);
    client.connect();
    server.serve(
      await server.next("sub"),
      [kTemperature, kPump],
      [
        [17, 1],
        [18, true],
      ],
      10,
    );
    await until(() => expect(client.store.value(slot("Sim.P0"))).toBe(true));
    const before = slot("Sim.T0");

    server.boot = "b7f30002";
    server.last.close(4000, "restart");
    const again = await server.next("sub");
    expect(again.resume).toEqual({ boot: "b7f30001", seq: 10 });
    expect(client.store.quality(before)).toBe(Quality.Stale);
    server.serve(again, [{ ...kTemperature, h: 0 }], [[0, 7]], 3);
    await until(() => expect(client.store.value(before)).toBe(7));
    expect(slot("Sim.T0")).toBe(before);
    expect(client.store.quality(before)).toBe(Quality.Good);
    expect(client.store.isLive(slot("Sim.P0"))).toBe(false);
    expect([...subscription.slots]).toEqual([before]);
  });

  it("keeps trying with growing waits while the server is away", async () => {
    const { port } = server;
    client.connect();
    await named("live");
    await server.stop();
    await until(() => {
      expect(states.filter((state) => state.name === "waiting").length).toBeGreaterThan(3);
    });
    const waits = states.filter((state) => state.name === "waiting").map((state) => state.attempt);
    expect(waits).toEqual(waits.map((_, index) => index + 1));
    server = await FakeServer.start(port);
    await named("live");
  });

  it.each([
    [4000, "waiting"],
    [4008, "waiting"],
    [1011, "waiting"],
    [4001, "refused"],
    [4003, "refused"],
    [4009, "refused"],
  ])("after close code %i it is %s", async (code, name) => {
    client.connect();
    await named("live");
    server.last.close(code, "because");
    await until(() =>
      expect(states.at(-1)?.name === "live" ? "" : states.map((s) => s.name)).toContain(name),
    );
    const state = states.find((entered) => entered.name === "waiting" || entered.name === "refused");
    expect(state).toMatchObject({ name, loss: { code, reason: "because" } });
    if (name === "waiting") return;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(server.sockets).toHaveLength(1);
    client.connect();
    await named("live");
  });

  it("drops a link on which nothing was heard for two heartbeats", async () => {
    server.ping = 40;
    client.connect();
    await named("live");
    const began = Date.now();
    await until(() => expect(states.some((state) => state.name === "waiting")).toBe(true));
    expect(Date.now() - began).toBeGreaterThanOrEqual(60);
    expect(states.find((state) => state.name === "waiting")).toMatchObject({ loss: { code: 1006 } });
  });

  it("keeps a link that only pings", async () => {
    server.ping = 40;
    client.connect();
    await named("live");
    const pings = setInterval(() => server.send({ t: "ping", now: Date.now() }), 30);
    await new Promise((resolve) => setTimeout(resolve, 300));
    clearInterval(pings);
    expect(states.map((state) => state.name)).toEqual(["connecting", "live"]);
  });

  it("on waking drops a link whose last message is old", async () => {
    client.connect();
    await named("live");
    const slept = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 41_000);
    page.set(false);
    slept.mockRestore();
    expect(states.at(-1)).toMatchObject({ name: "waiting" });
    await named("live");
    expect(server.sockets).toHaveLength(2);
  });

  it("on waking does not wait for the backoff to end", async () => {
    client.close();
    client = makeClient("ws://127.0.0.1:9/ws");
    client.connect();
    await named("waiting");
    page.set(false);
    expect(client.state.name).toBe("connecting");
  });

  it("refuses a server of another protocol version or of no protocol at all", async () => {
    server.version = 2;
    client.connect();
    await named("refused");
    expect(client.state).toMatchObject({ policy: "version" });
    server.onConnect = (socket) => socket.send("<html>");
    client.connect();
    await until(() => expect(client.state).toMatchObject({ name: "refused", policy: "no" }));
  });

  it("tells a refused subscription why, and the states of sources", async () => {
    const subscription = client.subscribe(["**"]);
    client.connect();
    const sub = await server.next("sub");
    server.send({
      t: "src",
      n: "plc1",
      kind: "opcua",
      state: "backoff",
      since: 5,
      why: "BadConnectionClosed",
    });
    server.send({ t: "err", id: sub.id, code: "too_many_tags", msg: "20001 tags", retry: false });
    await until(() => expect(subscription.state).toBe("refused"));
    expect(subscription.refusal).toMatchObject({ code: "too_many_tags" });
    expect(client.sources.all()).toEqual([
      { n: "plc1", kind: "opcua", state: "backoff", since: 5, why: "BadConnectionClosed" },
    ]);
  });

  it("ends a subscription at the server too", async () => {
    const subscription = client.subscribe(["**"]);
    client.connect();
    server.serve(await server.next("sub"), [kTemperature], [[17, 1]], 1);
    await until(() => expect(subscription.state).toBe("active"));
    client.unsubscribe(subscription);
    expect(await server.next("unsub")).toMatchObject({ t: "unsub", sub: 1 });
    expect(client.store.isLive(slot("Sim.T0"))).toBe(false);
  });

  it("hands out every change of a subscription in mode all, and its lag", async () => {
    const seen: unknown[] = [];
    const subscription = client.subscribe(["**"], { mode: "all", credits: 0 });
    subscription.dataArrived.on((frame) => seen.push(...frame.v.map((row) => row[1])));
    subscription.lagged.on((lag) => seen.push(lag.skipped));
    client.connect();
    const sub = await server.next("sub");
    expect(sub).not.toHaveProperty("credits");
    expect(sub.mode).toBe("all");
    server.serve(sub, [kTemperature], [[17, 1]], 1);
    server.send({
      t: "data",
      sub: 1,
      seq: 2,
      b: 0,
      v: [
        [17, 2],
        [17, 3],
      ],
    });
    server.send({ t: "lag", sub: 1, skipped: 40, state: "conflating" });
    await until(() => expect(seen).toEqual([1, 2, 3, 40]));
    expect(server.received).toEqual([]);
  });

  it("follows the server's clock", async () => {
    client.connect();
    await named("live");
    server.send({ t: "pong", now: Date.now() + 3_600_000 });
    await until(() => expect(client.serverNow() - Date.now()).toBeGreaterThan(3_599_000));
  });
});
