// JSON Schema 2020-12 of the protocol's types, for OpenAPI 3.1 and AsyncAPI 3.0 alike.
import { isRequired, parseType } from "./model.mjs";

const kPlain = {
  string: { type: "string" },
  integer: { type: "integer" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  object: { type: "object" },
};

const kShapes = {
  value: { type: ["null", "boolean", "number", "string", "array", "object"] },
  Range: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
  Text: { oneOf: [{ type: "string" }, { type: "object", additionalProperties: { type: "string" } }] },
  Row: {
    type: "array",
    prefixItems: [
      { type: "integer", minimum: 0, maximum: 4294967295, title: "handle" },
      { type: ["null", "boolean", "number", "string", "array", "object"], title: "value" },
      { type: "integer", default: 0, title: "dt" },
      { type: "integer", minimum: 0, maximum: 4294967295, default: 0, title: "q" },
    ],
    items: false,
    minItems: 2,
    maxItems: 4,
  },
  Sample: {
    type: "array",
    prefixItems: [
      { type: "integer", title: "dt" },
      { type: ["null", "boolean", "number", "string", "array", "object"], title: "value" },
      { type: "integer", minimum: 0, maximum: 4294967295, default: 0, title: "q" },
      { type: "integer", default: 0, title: "delay" },
      { type: "integer", minimum: 0, maximum: 2, default: 0, title: "origin" },
    ],
    items: false,
    minItems: 2,
    maxItems: 5,
  },
  WriteItem: {
    type: "array",
    prefixItems: [
      { type: ["integer", "string"], title: "tag" },
      { type: ["null", "boolean", "number", "string", "array", "object"], title: "value" },
    ],
    items: false,
    minItems: 2,
    maxItems: 2,
  },
  WriteRow: {
    type: "array",
    prefixItems: [
      { type: ["integer", "string"], title: "tag" },
      { type: "integer", minimum: 0, maximum: 4294967295, title: "status" },
      { type: ["null", "boolean", "number", "string", "array", "object"], title: "value" },
      { type: "string", title: "why" },
    ],
    items: false,
    minItems: 3,
    maxItems: 4,
  },
  Interval: {
    type: "array",
    prefixItems: [
      { type: "integer", title: "dt" },
      { type: "integer", minimum: 0, title: "count" },
      { type: "integer", minimum: 0, maximum: 4294967295, title: "q" },
      { type: "integer", minimum: 0, title: "known" },
      ...["average", "min", "max", "first", "last"].map((title) => ({ type: ["number", "null"], title })),
    ],
    items: false,
    minItems: 4,
    maxItems: 9,
  },
};

const kBounds = { min: "minimum", max: "maximum", pattern: "pattern", minLength: "minLength", maxLength: "maxLength", const: "const", default: "default" };

function bounds(owner) {
  const result = {};
  for (const [ours, theirs] of Object.entries(kBounds)) {
    if (owner[ours] !== undefined) result[theirs] = owner[ours];
  }
  return result;
}

function ofBase(model, base) {
  if (base in kPlain) return { ...kPlain[base] };
  return { $ref: `#/components/schemas/${base}` };
}

/** Schema of one field or parameter, without its description. */
export function schemaOf(model, field) {
  const { base, shape } = parseType(field.type);
  if (shape === "map") return { type: "object", additionalProperties: ofBase(model, base) };
  if (shape === "array") {
    const items = field.items ? { ...ofBase(model, base), ...bounds(field.items) } : ofBase(model, base);
    const limits = {};
    if (field.minItems !== undefined) limits.minItems = field.minItems;
    if (field.maxItems !== undefined) limits.maxItems = field.maxItems;
    return { type: "array", items, ...limits };
  }
  const schema = { ...ofBase(model, base), ...bounds(field) };
  return field.nullable ? { anyOf: [schema, { type: "null" }] } : schema;
}

function objectSchema(model, owner, first = {}) {
  const properties = { ...first };
  for (const field of owner.allFields) {
    const unit = field.unit ? ` (${field.unit})` : "";
    properties[field.name] = { ...schemaOf(model, field), description: field.doc + unit };
  }
  const required = [...Object.keys(first), ...owner.allFields.filter(isRequired).map((field) => field.name)];
  return { type: "object", description: owner.doc, properties, ...(required.length ? { required } : {}) };
}

const enumSchema = (one) => ({
  type: "string",
  enum: one.values.map((value) => value.name),
  description: `${one.doc}\n${one.values.map((value) => `- \`${value.name}\`: ${value.doc}`).join("\n")}`,
});

/** Every named type by its name. */
export function namedSchemas(model) {
  const schemas = {};
  for (const [name, one] of Object.entries(model.types)) {
    schemas[name] = { ...(kShapes[name] ?? { type: one.json, ...bounds(one) }), description: one.doc };
  }
  for (const [name, one] of Object.entries(model.enums)) schemas[name] = enumSchema(one);
  schemas.ErrorCode = enumSchema({ doc: "Why a request failed.", values: model.errorCodes });
  for (const one of Object.values(model.structs)) schemas[one.name] = objectSchema(model, one);
  return schemas;
}

export const frameSchema = (model, frame) => objectSchema(model, frame, { t: { const: frame.t, type: "string" } });

/** Only the schemas that `document` refers to, directly or through others. */
export function reachable(schemas, document) {
  const needed = new Set();
  const visit = (node) => {
    for (const [, name] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (needed.has(name)) continue;
      needed.add(name);
      visit(schemas[name]);
    }
  };
  visit(document);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => needed.has(name)));
}
