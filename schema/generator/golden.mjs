// Holds the golden frames against the schema: every frame is valid, and together they show everything there is.
import { readdirSync, readFileSync } from "node:fs";
import { isRequired, parseType, SchemaError } from "./model.mjs";

const kBoundedTypes = ["integer", "number"];

class Checker {
  #model;
  #seen = new Set();

  constructor(model) {
    this.#model = model;
  }

  get seen() {
    return this.#seen;
  }

  frame(file, direction, frame) {
    const definition = this.#model.frames.find((one) => one.t === frame.t && one.direction === direction);
    if (!definition) throw new SchemaError(`${file}: no ${direction} frame has t "${frame.t}"`);
    this.#seen.add(definition.name);
    const { t, ...members } = frame;
    this.#object(file, definition, members, direction === "client");
  }

  #object(where, definition, object, tolerant) {
    for (const name of Object.keys(object)) {
      if (tolerant || definition.allFields.some((field) => field.name === name)) continue;
      throw new SchemaError(`${where}: ${definition.name} has no member ${name}`);
    }
    for (const field of definition.allFields) {
      const at = `${where}: ${definition.name}.${field.name}`;
      if (!(field.name in object)) {
        if (isRequired(field)) throw new SchemaError(`${at} is missing`);
        continue;
      }
      this.#seen.add(`${definition.name}.${field.name}`);
      this.#shaped(at, field, object[field.name]);
    }
  }

  #shaped(at, field, value) {
    const { base, shape } = parseType(field.type);
    if (shape === "array") {
      if (!Array.isArray(value)) throw new SchemaError(`${at} is no array`);
      for (const element of value) this.#one(at, base, field.items ?? {}, element);
    } else if (shape === "map") {
      for (const element of Object.values(value)) this.#one(at, base, {}, element);
    } else {
      this.#one(at, base, field, value);
    }
  }

  #one(at, base, field, value) {
    const model = this.#model;
    const wrong = () => new SchemaError(`${at}: ${JSON.stringify(value)} is no ${base}`);
    const names = base === "ErrorCode" ? model.errorCodes : model.enums[base]?.values;
    if (names) {
      if (!names.some((one) => one.name === value)) throw wrong();
      this.#seen.add(`${base}.${value}`);
    } else if (base in model.structs) {
      if (typeof value !== "object" || value === null) throw wrong();
      this.#object(at, model.structs[base], value, false);
    } else if (base === "Row") {
      if (!Array.isArray(value) || value.length < 2 || value.length > 4 || !Number.isInteger(value[0])) throw wrong();
    } else if (base === "Sample") {
      if (!Array.isArray(value) || value.length < 2 || value.length > 5 || !Number.isInteger(value[0])) throw wrong();
    } else if (base === "Interval") {
      if (!Array.isArray(value) || value.length < 4 || value.length > 9) throw wrong();
    } else if (base === "WriteItem") {
      if (!Array.isArray(value) || value.length !== 2 || !["number", "string"].includes(typeof value[0])) throw wrong();
    } else if (base === "WriteRow") {
      if (!Array.isArray(value) || value.length < 3 || value.length > 4 || !Number.isInteger(value[1])) throw wrong();
    } else if (base === "Range") {
      if (!Array.isArray(value) || value.length !== 2) throw wrong();
    } else if (base === "string") {
      if (typeof value !== "string") throw wrong();
      if (field.pattern && !new RegExp(field.pattern).test(value)) throw wrong();
    } else if (base === "boolean") {
      if (typeof value !== "boolean") throw wrong();
    } else if (kBoundedTypes.includes(base) || model.types[base]?.json === "integer") {
      const limits = { ...model.types[base], ...field };
      if (typeof value !== "number" || (base !== "number" && !Number.isInteger(value))) throw wrong();
      if (value < (limits.min ?? value) || value > (limits.max ?? value)) throw wrong();
    }
  }
}

/** What the golden frames must show: every frame, every field in them, every name of their enums but defaults. */
function everything(model) {
  const wanted = new Set();
  const visit = (definition) => {
    for (const field of definition.allFields) {
      wanted.add(`${definition.name}.${field.name}`);
      const { base } = parseType(field.type);
      const names = base === "ErrorCode" ? model.errorCodes : model.enums[base]?.values;
      for (const one of names ?? []) {
        if (one.name !== field.default) wanted.add(`${base}.${one.name}`);
      }
      if (base in model.structs) visit(model.structs[base]);
    }
  };
  for (const frame of model.frames) {
    wanted.add(frame.name);
    visit(frame);
  }
  return wanted;
}

export function checkGolden(root, model) {
  const checker = new Checker(model);
  for (const file of readdirSync(`${root}/schema/golden`).filter((name) => name.endsWith(".json"))) {
    const text = readFileSync(`${root}/schema/golden/${file}`, "utf8");
    const { name, direction, frame, meaning } = JSON.parse(text);
    if (`${name}.json` !== file) throw new SchemaError(`golden/${file}: its name is ${name}`);
    if (!text.split("\n")[3].startsWith('  "frame": {')) throw new SchemaError(`golden/${file}:4: expected the frame`);
    if (!meaning) throw new SchemaError(`golden/${file}: has no meaning`);
    checker.frame(`golden/${file}`, direction, frame);
  }
  const missing = [...everything(model)].filter((name) => !checker.seen.has(name));
  if (missing.length) throw new SchemaError(`golden: no frame shows ${missing.join(", ")}`);
}
