// The protocol as the generators see it: the schema file with `extends` resolved and checked for slips.
import { readFileSync } from "node:fs";

const kPlainTypes = ["string", "integer", "number", "boolean", "object"];

export class SchemaError extends Error {}

/** Splits a type into its element and its shape: `TagDesc[]` → {base: "TagDesc", shape: "array"}. */
export function parseType(type) {
  if (type.endsWith("[]")) return { base: type.slice(0, -2), shape: "array" };
  if (type.startsWith("map:")) return { base: type.slice(4), shape: "map" };
  return { base: type, shape: "one" };
}

export const isRequired = (field) => field.required !== false;

/** `SubFrame` of `too_many_tags` → `TooManyTags`. */
export const camel = (name) => name.replace(/(?:^|_)([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function fail(where, problem) {
  throw new SchemaError(`tagwire-v1.json: ${where}: ${problem}`);
}

function resolveFields(structs, owner, where) {
  if (!owner.extends) return owner.fields;
  const base = structs[owner.extends] ?? fail(where, `extends unknown struct ${owner.extends}`);
  return [...resolveFields(structs, base, owner.extends), ...owner.fields];
}

function checkField(model, where, field) {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(field.name ?? "")) fail(where, `bad field name ${field.name}`);
  const path = `${where}.${field.name}`;
  if (!field.doc) fail(path, "has no doc");
  const { base } = parseType(field.type ?? "");
  const known = kPlainTypes.includes(base) || base in model.types || base in model.enums || base in model.structs;
  if (!known && base !== "ErrorCode") fail(path, `unknown type ${field.type}`);
  if (field.default !== undefined && isRequired(field)) fail(path, "a required field cannot have a default");
  if (base === "integer" && !("max" in (field.items ?? field))) fail(path, "an integer needs min and max");
  if (field.tooMany && !model.errorCodes.some((code) => code.name === field.tooMany)) {
    fail(path, `unknown error code ${field.tooMany}`);
  }
}

function checkFields(model, where, fields) {
  const seen = new Set();
  for (const field of fields) {
    checkField(model, where, field);
    if (seen.has(field.name)) fail(where, `field ${field.name} twice`);
    seen.add(field.name);
  }
}

export function loadModel(root) {
  const model = JSON.parse(readFileSync(`${root}/schema/tagwire-v1.json`, "utf8"));
  for (const [name, struct] of Object.entries(model.structs)) {
    struct.name = name;
    struct.allFields = resolveFields(model.structs, struct, name);
    checkFields(model, name, struct.allFields);
  }
  const names = new Set();
  for (const frame of model.frames) {
    if (!["client", "server"].includes(frame.direction)) fail(frame.name, "direction is client or server");
    if (names.has(`${frame.t} ${frame.direction}`)) fail(frame.name, "two frames of one type and direction");
    names.add(`${frame.t} ${frame.direction}`);
    frame.allFields = resolveFields(model.structs, frame, frame.name);
    checkFields(model, frame.name, frame.allFields);
  }
  for (const route of model.rest) {
    checkFields(model, route.path, route.params);
    for (const code of route.errors) {
      if (!model.errorCodes.some((known) => known.name === code)) fail(route.path, `unknown error code ${code}`);
    }
  }
  return model;
}

/** Chinese texts by key; every documented thing has one and there is none too many. */
export function loadChinese(root, model) {
  const texts = JSON.parse(readFileSync(`${root}/schema/tagwire-v1.zh-CN.json`, "utf8"));
  const keys = new Set(documentedThings(model).map(([key]) => key));
  const missing = [...keys].filter((key) => !texts[key]);
  const unknown = Object.keys(texts).filter((key) => !keys.has(key));
  if (missing.length || unknown.length) {
    throw new SchemaError(
      `tagwire-v1.zh-CN.json: missing: ${missing.join(", ") || "none"}; not in the schema: ${unknown.join(", ") || "none"}`,
    );
  }
  return texts;
}

/** By which the Chinese texts of a route are found: its path, after the method where that is not GET. */
export const routeKey = ({ path, method = "get" }) => (method === "get" ? path : `${method.toUpperCase()} ${path}`);

/** [key, English text] of everything that has a doc string. */
export function documentedThings(model) {
  const things = [];
  for (const one of model.constants) things.push([`constant ${one.name}`, one.doc]);
  for (const [name, one] of Object.entries(model.types)) things.push([`type ${name}`, one.doc]);
  for (const [name, one] of Object.entries(model.enums)) {
    things.push([name, one.doc]);
    for (const value of one.values) things.push([`${name}.${value.name}`, value.doc]);
  }
  for (const one of model.errorCodes) things.push([`error ${one.name}`, one.doc]);
  for (const one of model.closeCodes) things.push([`close ${one.code}`, one.doc]);
  for (const one of [...Object.values(model.structs), ...model.frames]) {
    things.push([one.name, one.doc]);
    for (const field of one.fields) things.push([`${one.name}.${field.name}`, field.doc]);
  }
  for (const one of model.rest) {
    things.push([routeKey(one), one.doc]);
    for (const param of one.params) things.push([`${routeKey(one)} ${param.name}`, param.doc]);
  }
  return things;
}

/** Rows of status-codes.csv in ascending order of the code. */
export function loadStatusCodes(root) {
  const [header, ...lines] = readFileSync(`${root}/schema/status-codes.csv`, "utf8").trimEnd().split(/\r?\n/);
  if (header !== "name,value,description") throw new SchemaError(`status-codes.csv:1: header is ${header}`);
  const codes = lines.map((line, index) => {
    const match = /^([A-Za-z_0-9]+),0x([0-9A-F]{8}),"([^"]*)"$/.exec(line);
    if (!match) throw new SchemaError(`status-codes.csv:${index + 2}: expected name,0x01234567,"description"`);
    return { name: match[1], code: Number.parseInt(match[2], 16), description: match[3] };
  });
  codes.sort((a, b) => a.code - b.code);
  for (let i = 1; i < codes.length; ++i) {
    if (codes[i].code === codes[i - 1].code) throw new SchemaError(`status-codes.csv: ${codes[i].name} repeats a code`);
  }
  return codes;
}
