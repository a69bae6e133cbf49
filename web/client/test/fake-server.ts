import { type AddressInfo, type WebSocket, WebSocketServer } from "ws";
import type { ClientFrame, Row, ServerFrame, SubFrame, TagDesc } from "../src/index.js";

/** A WebSocket server whose every answer the test decides. Real sockets, no mocks of the client's side. */
export class FakeServer {
  readonly received: ClientFrame[] = [];
  readonly sockets: WebSocket[] = [];
  boot = "b7f30001";
  ping = 20_000;
  version = 1;
  onConnect: (socket: WebSocket) => void = (socket) => this.hello(socket);
  onFrame: (frame: ClientFrame, socket: WebSocket) => void = () => {};
  private readonly waiting: { matches(frame: ClientFrame): boolean; resolve(frame: ClientFrame): void }[] =
    [];

  private constructor(private readonly server: WebSocketServer) {
    server.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.on("message", (data) => this.take(JSON.parse(String(data)) as ClientFrame, socket));
      this.onConnect(socket);
    });
  }

  static async start(port = 0): Promise<FakeServer> {
    const server = new WebSocketServer({ host: "127.0.0.1", port });
    await new Promise((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
    });
    return new FakeServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  get last(): WebSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nobody has connected");
    return socket;
  }

  hello(socket: WebSocket): void {
    this.send(
      {
        t: "hello",
        v: this.version as 1,
        boot: this.boot,
        now: Date.now(),
        ping: this.ping,
        server: "Fake 1.0",
        max: { frame: 65_536, tags: 20_000, subs: 16 },
      },
      socket,
    );
  }

  send(frame: ServerFrame, socket = this.last): void {
    socket.send(JSON.stringify(frame));
  }

  /** The next frame of type `t` that has not been looked at yet, or the one that comes. */
  next<T extends ClientFrame["t"]>(t: T): Promise<Extract<ClientFrame, { t: T }>> {
    const index = this.received.findIndex((frame) => frame.t === t);
    if (index >= 0)
      return Promise.resolve(this.received.splice(index, 1)[0] as Extract<ClientFrame, { t: T }>);
    return new Promise((resolve) => {
      this.waiting.push({
        matches: (frame) => frame.t === t,
        resolve: (frame) => resolve(frame as Extract<ClientFrame, { t: T }>),
      });
    });
  }

  /** Answers a subscription with its tags and a snapshot. */
  serve(frame: SubFrame, tags: readonly TagDesc[], rows: readonly Row[], seq: number): void {
    this.send({ t: "ok", id: frame.id, sub: 1, resumed: false, tags });
    this.send({ t: "data", sub: 1, seq, b: Date.now(), snap: 1, v: rows });
  }

  private take(frame: ClientFrame, socket: WebSocket): void {
    this.onFrame(frame, socket);
    const index = this.waiting.findIndex((waiter) => waiter.matches(frame));
    if (index >= 0) this.waiting.splice(index, 1)[0]?.resolve(frame);
    else this.received.push(frame);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
