import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RestError, TagwireRest } from "../src/index.js";

describe("TagwireRest", () => {
  let http: Server;
  let rest: TagwireRest;
  const asked: string[] = [];
  let answer: { status: number; body: string } = { status: 200, body: "{}" };

  beforeAll(async () => {
    http = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
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
    expect(asked).toEqual([
      "/plant/api/v1/info",
      "/plant/api/v1/sources",
      "/plant/api/v1/tags?match=Sim.**&q=a%26b&limit=5",
      "/plant/api/v1/tags/Bucket%20Brigade%2FA%26B.Int1",
      "/plant/api/v1/values?tags=A&tags=B.*",
    ]);
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
