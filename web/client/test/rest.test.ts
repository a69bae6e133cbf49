import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RestError, TagwireRest } from "../src/index.js";

describe("TagwireRest", () => {
  let http: Server;
  let rest: TagwireRest;
  const asked: string[] = [];
  const sent: { method: string | undefined; type: string | undefined; body: string }[] = [];
  let answer: { status: number; body: string; link?: string } = { status: 200, body: "{}" };

  beforeAll(async () => {
    http = createServer(async (request, response) => {
      asked.push(request.url ?? "");
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, headers } = request;
      sent.push({ method, type: headers["content-type"], body: Buffer.concat(chunks).toString() });
      const link = answer.link === undefined ? {} : { link: answer.link };
      response.writeHead(answer.status, { "content-type": "application/json", ...link }).end(answer.body);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    rest = new TagwireRest(`http://127.0.0.1:${(http.address() as AddressInfo).port}/plant/`);
  });

  afterAll(() => {
    http.close();
  });

  it("asks for the documented addresses, with everything escaped", async () => {
    asked.length = 0;
    await rest.info();
    await rest.sources();
    await rest.tags({ match: "Sim.**", q: "a&b", limit: 5 });
    await rest.tag("Bucket Brigade/A&B.Int1");
    await rest.values(["A", "B.*"]);
    await rest.source("line 1/a");
    await rest.conditions("line1");
    await rest.browse("line1");
    await rest.browse("line1", { node: "nsu=urn:a;s=B&C", limit: 5, continuation: "7" });
    await rest.node("line1", "i=85");
    await rest.search("line1", { q: "temp" });
    expect(asked).toEqual([
      "/plant/api/v1/info",
      "/plant/api/v1/sources",
      "/plant/api/v1/tags?match=Sim.**&q=a%26b&limit=5",
      "/plant/api/v1/tags/Bucket%20Brigade%2FA%26B.Int1",
      "/plant/api/v1/values?tags=A&tags=B.*",
      "/plant/api/v1/sources/line%201%2Fa",
      "/plant/api/v1/sources/line1/conditions",
      "/plant/api/v1/sources/line1/browse",
      "/plant/api/v1/sources/line1/browse?node=nsu%3Durn%3Aa%3Bs%3DB%26C&limit=5&continuation=7",
      "/plant/api/v1/sources/line1/node?node=i%3D85",
      "/plant/api/v1/sources/line1/search?q=temp",
    ]);
  });

  it("asks for the history, in CSV page by page", async () => {
    asked.length = 0;
    answer = { status: 200, body: "{}" };
    await rest.history({ tags: ["A", "B,C"], from: 1, to: 9, form: "minmax", intervals: 5 });
    answer = { status: 200, body: "tag,…", link: '<?tags=A&cursor=x%2Fy>; rel="next"' };
    const page = await rest.historyCsv(rest.historyCsvUrl({ tags: ["A"], from: 1, to: 9, max: 100 }));
    expect(page.text).toBe("tag,…");
    expect(page.next?.search).toBe("?tags=A&cursor=x%2Fy");
    answer = { status: 200, body: "" };
    const last = await rest.historyCsv(page.next as URL);
    expect(last.next).toBeUndefined();
    expect(asked).toEqual([
      "/plant/api/v1/history?tags=A&tags=B%2CC&from=1&to=9&form=minmax&intervals=5",
      "/plant/api/v1/history?tags=A&from=1&to=9&limit=100&format=csv",
      "/plant/api/v1/history?tags=A&cursor=x%2Fy",
    ]);
  });

  it("reads certificates and endpoints", async () => {
    asked.length = 0;
    sent.length = 0;
    answer = { status: 200, body: '{"folder":"/pki","trusted":[],"rejected":[]}' };
    expect(await rest.certificates()).toEqual({ folder: "/pki", trusted: [], rejected: [] });
    answer = { status: 200, body: '{"endpoints":[]}' };
    expect(await rest.endpoints("opc.tcp://plc:4840/a?b")).toEqual({ endpoints: [] });
    expect(asked).toEqual([
      "/plant/api/v1/opcua/certificates",
      "/plant/api/v1/opcua/endpoints?url=opc.tcp%3A%2F%2Fplc%3A4840%2Fa%3Fb",
    ]);
    expect(sent.map(({ method, body }) => [method, body])).toEqual([
      ["GET", ""],
      ["GET", ""],
    ]);
    expect(new URL(rest.ownCertificateUrl()).pathname).toBe("/plant/api/v1/opcua/certificates/own.der");
  });

  it("posts decisions on certificates as JSON and answers how things stand", async () => {
    asked.length = 0;
    sent.length = 0;
    const fingerprint = "ab".repeat(32);
    answer = { status: 200, body: '{"folder":"/pki","trusted":[],"rejected":[]}' };
    expect((await rest.trustCertificate(fingerprint)).folder).toBe("/pki");
    await rest.rejectCertificate(fingerprint);
    await rest.removeCertificate(fingerprint);
    expect(asked).toEqual(
      ["trust", "reject", "remove"].map((action) => `/plant/api/v1/opcua/certificates/${action}`),
    );
    for (const { method, type, body } of sent) {
      expect([method, type, JSON.parse(body)]).toEqual(["POST", "application/json", { fingerprint }]);
    }
    answer = { status: 403, body: '{"code":"forbidden","msg":"only on the machine of the server"}' };
    await expect(rest.trustCertificate(fingerprint)).rejects.toMatchObject({
      status: 403,
      code: "forbidden",
      message: "only on the machine of the server",
    });
  });

  it("reads the metrics", async () => {
    asked.length = 0;
    answer = { status: 200, body: 'tagwire_source_up{source="plc"} 1\n' };
    expect(await rest.metrics()).toMatchObject([{ name: "source_up", labels: { source: "plc" }, value: 1 }]);
    expect(asked).toEqual(["/plant/metrics"]);
  });

  it("can be told to stop waiting", async () => {
    await expect(rest.trustCertificate("ab".repeat(32), AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it("turns an error answer into code and words", async () => {
    answer = { status: 404, body: '{"code":"unknown_tag","msg":"no tag Nope"}' };
    const error = await rest.tag("Nope").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RestError);
    expect(error).toMatchObject({ status: 404, code: "unknown_tag", message: "no tag Nope" });
    answer = { status: 502, body: "<html>" };
    await expect(rest.info()).rejects.toMatchObject({ status: 502, code: "internal" });
  });
});
