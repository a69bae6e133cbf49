import { describe, expect, it } from "vitest";
import { addressOf, freeName, newSource, prefixOf, waysOf } from "../src/sources/add/new-server.js";

describe("the address that is typed", () => {
  it.each([
    ["plc1", "opc.tcp://plc1:4840"],
    [" 192.168.0.10 ", "opc.tcp://192.168.0.10:4840"],
    ["plc1:48010", "opc.tcp://plc1:48010"],
    ["plc1/UA/Server", "opc.tcp://plc1:4840/UA/Server"],
    ["fe80::1", "opc.tcp://[fe80::1]:4840"],
    ["[fe80::1]:4841", "opc.tcp://[fe80::1]:4841"],
    ["opc.tcp://plc1:4840", "opc.tcp://plc1:4840"],
    ["http://plc1", "http://plc1"],
    ["", ""],
  ])("%j becomes %j", (typed, address) => {
    expect(addressOf(typed)).toBe(address);
  });
});

describe("a name that is free", () => {
  it.each([
    ["opc.tcp://plc1.plant.example:4840", [], "plc1"],
    ["opc.tcp://192.168.0.10:4840", [], "192.168.0.10"],
    ["opc.tcp://[fe80::1]:4840", [], "fe80::1"],
    ["opc.tcp://plc1:4840", ["plc1", "plc1-2"], "plc1-3"],
    ["", [], "server"],
  ])("%s besides %j is %s", (address, taken, name) => {
    expect(freeName(address, taken)).toBe(name);
  });

  it("makes a prefix that is one level", () => {
    expect(prefixOf("192.168.0.10")).toBe("192-168-0-10");
    expect(prefixOf("line 1 *")).toBe("line-1-");
  });
});

const way = (policy: string, mode: string) => ({
  url: "u",
  policy,
  mode,
  words: "",
  secure: mode !== "None",
  tokens: [],
});

describe("what is sent", () => {
  const choice = { address: "opc.tcp://a:1", name: "a", user: "", password: "", everything: true };

  it("names policy and mode in the words of the configuration", () => {
    expect(newSource({ ...choice, endpoint: way("Aes128_Sha256_RsaOaep", "Sign") })).toEqual({
      name: "a",
      endpoint: "opc.tcp://a:1",
      prefix: "a",
      policy: "aes128_sha256_rsaoaep",
      mode: "sign",
      subtrees: [{ node: "i=85" }],
    });
  });

  it("names no mode without security, and a user only where there is one", () => {
    const sent = newSource({
      ...choice,
      endpoint: way("None", "None"),
      user: "u",
      password: "p",
      everything: false,
    });
    expect(sent).toEqual({
      name: "a",
      endpoint: "opc.tcp://a:1",
      prefix: "a",
      policy: "none",
      user: "u",
      password: "p",
    });
  });
});

it("shows each way once, and none that Tagwire does not speak", () => {
  const strong = way("Basic256Sha256", "SignAndEncrypt");
  const none = way("None", "None");
  expect(
    waysOf([strong, way("Basic256Sha256", "SignAndEncrypt"), way("Basic128Rsa15", "Sign"), none]),
  ).toEqual([strong, none]);
});
