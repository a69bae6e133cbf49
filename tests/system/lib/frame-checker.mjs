/// Checks frames against schema/tagwire-v1.json: no unknown, missing or mistyped field, and the rules between frames
/// that the documentation promises. Stricter than a client should be: a client ignores what it does not know.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './paths.mjs';

const schema = JSON.parse(readFileSync(path.join(root, 'schema/tagwire-v1.json'), 'utf8'));
const serverFrames = new Map(schema.frames.filter((f) => f.direction === 'server').map((f) => [f.t, f]));
const errorCodes = new Set(schema.errorCodes.map((e) => e.name));

export const closeCode = Object.fromEntries(schema.closeCodes.map((c) => [c.name, c.code]));

class Violation extends Error {}

function demand(condition, message) {
  if (!condition) throw new Violation(message);
}

const isNumber = (value) => typeof value === 'number';
const isString = (value) => typeof value === 'string';
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const plain = {
  integer: Number.isSafeInteger,
  number: isNumber,
  string: isString,
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  value: () => true,
  Range: (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber),
  Text: (value) => isString(value) || (isObject(value) && Object.values(value).every(isString)),
  ErrorCode: (value) => errorCodes.has(value),
};

function checkRow(row, where) {
  demand(Array.isArray(row) && row.length >= 2 && row.length <= 4, `${where}: ${JSON.stringify(row)} is not a row`);
  const [handle, , dt, q] = row;
  demand(Number.isSafeInteger(handle) && handle >= 0, `${where}: handle ${handle}`);
  if (row.length === 3) demand(dt !== 0, `${where}: a trailing default was not dropped`);
  if (row.length >= 3) demand(Number.isSafeInteger(dt), `${where}: dt ${dt}`);
  if (row.length === 4) {
    demand(Number.isSafeInteger(q) && q > 0 && q <= 0xffffffff, `${where}: status ${q}`);
  }
}

const kStatuses = 0xffffffff;

function checkSample(row, where) {
  demand(Array.isArray(row) && row.length >= 2 && row.length <= 5, `${where}: ${JSON.stringify(row)} is no sample`);
  const [dt, , q = 0, delay = 0, origin = 0] = row;
  for (const number of [dt, q, delay]) demand(Number.isSafeInteger(number), `${where}: ${JSON.stringify(row)}`);
  demand(q >= 0 && q <= kStatuses && [0, 1, 2].includes(origin), `${where}: ${JSON.stringify(row)}`);
  demand(row.length === 2 || row.at(-1) !== 0, `${where}: a trailing default was not dropped`);
}

function checkInterval(row, where) {
  demand(Array.isArray(row) && row.length >= 4 && row.length <= 9, `${where}: ${JSON.stringify(row)} is no interval`);
  for (const number of row.slice(0, 4)) demand(Number.isSafeInteger(number), `${where}: ${JSON.stringify(row)}`);
  for (const number of row.slice(4)) demand(number === null || isNumber(number), `${where}: ${JSON.stringify(row)}`);
  demand(row.length === 4 || row.at(-1) !== null, `${where}: a trailing null was not dropped`);
}

function checkWriteRow(row, where) {
  demand(Array.isArray(row) && (row.length === 3 || row.length === 4), `${where}: ${JSON.stringify(row)} is no row`);
  const [tag, status, , why] = row;
  demand(isString(tag) || Number.isSafeInteger(tag), `${where}: tag ${tag}`);
  demand(Number.isSafeInteger(status) && status >= 0 && status <= kStatuses, `${where}: status ${status}`);
  demand(row.length === 3 || (isString(why) && why !== ''), `${where}: why ${why}`);
}

function checkType(type, value, where, rules = {}) {
  if (type.endsWith('[]')) {
    demand(Array.isArray(value), `${where}: not an array`);
    value.forEach((item, i) => checkType(type.slice(0, -2), item, `${where}[${i}]`, rules.items));
  } else if (type === 'Row') {
    checkRow(value, where);
  } else if (type === 'Sample') {
    checkSample(value, where);
  } else if (type === 'Interval') {
    checkInterval(value, where);
  } else if (type === 'WriteRow') {
    checkWriteRow(value, where);
  } else if (type.startsWith('map:')) {
    demand(isObject(value), `${where}: not an object`);
    for (const [key, item] of Object.entries(value)) checkType(type.slice(4), item, `${where}.${key}`);
  } else if (schema.enums[type]) {
    demand(schema.enums[type].values.some(({ name }) => name === value), `${where}: ${value} is no ${type}`);
  } else if (schema.structs[type]) {
    checkFields(schema.structs[type], value, where);
  } else if (plain[type]) {
    demand(plain[type](value), `${where}: ${JSON.stringify(value)} is no ${type}`);
    checkBounds(rules, value, where);
  } else {
    const alias = schema.types[type];
    demand(alias?.json, `${where}: the schema has no type ${type}`);
    checkType(alias.json, value, where, { ...alias, ...rules });
  }
}

function checkBounds(rules, value, where) {
  demand(rules.const === undefined || value === rules.const, `${where}: ${value}, must be ${rules.const}`);
  demand(rules.min === undefined || value >= rules.min, `${where}: ${value} < ${rules.min}`);
  demand(rules.max === undefined || value <= rules.max, `${where}: ${value} > ${rules.max}`);
  demand(!rules.pattern || new RegExp(rules.pattern).test(value), `${where}: ${value} does not match ${rules.pattern}`);
}

function fieldsOf(type) {
  return [...(type.extends ? fieldsOf(schema.structs[type.extends]) : []), ...type.fields];
}

function checkFields(type, object, where) {
  demand(isObject(object), `${where}: not an object`);
  const fields = fieldsOf(type);
  const names = new Set(fields.map(({ name }) => name));
  for (const name of Object.keys(object)) {
    demand(names.has(name) || (type.t && name === 't'), `${where}: unknown field ${name}`);
  }
  for (const { name, type: fieldType, required = true, ...rules } of fields) {
    if (rules.nullable && object[name] === null) continue;
    if (Object.hasOwn(object, name)) checkType(fieldType, object[name], `${where}.${name}`, rules);
    else demand(!required, `${where}: no field ${name}`);
  }
}

/// Throws when `value` is not exactly a struct of the schema, such as "ValuesAnswer".
export function checkStruct(name, value) {
  checkFields(schema.structs[name], value, name);
}

/// Follows one connection.
export class FrameChecker {
  #hello = false;
  #subscriptions = new Map();
  #sources = new Set();

  /// Call before a sub or unsub goes out, so that its answer is expected. Throws at the first frame that is wrong.
  check(text, pending) {
    const frame = JSON.parse(text);
    demand(isObject(frame) && isString(frame.t), `no frame: ${text}`);
    const type = serverFrames.get(frame.t);
    demand(type, `the schema has no server frame ${frame.t}`);
    checkFields(type, frame, frame.t);
    demand(this.#hello || frame.t === 'hello', `${frame.t} before hello`);
    demand(!this.#hello || frame.t !== 'hello', 'a second hello');
    this.#hello = true;
    this[`_${frame.t}`]?.(frame, pending);
    return frame;
  }

  _src(frame) {
    this.#sources.add(frame.n);
    demand(frame.state === 'live' || frame.why !== 'Good', `src ${frame.n}: ${frame.state} because of Good`);
  }

  _ok(frame, pending) {
    const request = pending.get(frame.id);
    demand(request, `ok for ${frame.id}, which was not asked`);
    demand((request.t === 'sub') === (frame.sub !== undefined), `ok for ${request.t}: sub ${frame.sub}`);
    demand(!frame.tags || frame.tags.length <= 1000, `ok with ${frame.tags?.length} tags`);
    if (request.t === 'sub') {
      demand(!this.#subscriptions.has(frame.sub), `subscription ${frame.sub} given twice`);
      demand(!request.resume === (frame.resumed === undefined), 'resumed answers resume');
      const tags = new Map();
      this.#subscriptions.set(frame.sub, { mode: request.mode ?? 'latest', tags, seq: 0 });
      this.#declare(tags, frame.tags);
    } else if (request.t === 'unsub') {
      this.#subscriptions.delete(request.sub);
    }
    const writes = { write: request.w?.length, press: 1, release: 1 }[request.t];
    demand(frame.w?.length === writes, `ok for ${request.t}: ${frame.w?.length} results`);
    demand(frame.next === undefined || (request.t === 'hist' && (request.form ?? 'raw') === 'raw'), 'next answers raw hist');
  }

  _hist(frame, pending) {
    const request = pending.get(frame.id);
    demand(request?.t === 'hist', `part of an answer to ${frame.id}, which was not asked`);
    demand(request.tags.includes(frame.n), `${frame.n} was not asked for`);
    demand((frame.i !== undefined) === (request.form === 'aggregates'), `${frame.n}: intervals answer aggregates`);
    const times = (frame.v ?? frame.i).map(([dt]) => frame.b + dt);
    for (const [i, time] of times.entries()) {
      demand(i === 0 || time >= times[i - 1], `${frame.n}: time went back to ${time}`);
      demand(time >= request.from && time < request.to, `${frame.n}: ${time} was not asked for`);
    }
    demand(!frame.before || frame.before[0] + frame.b < request.from, `${frame.n}: before is not before`);
  }

  _tags(frame) {
    const subscription = this.#subscriptions.get(frame.sub);
    demand(subscription, `tags of subscription ${frame.sub}, which does not exist`);
    this.#declare(subscription.tags, frame.add);
  }

  #declare(tags, descriptions = []) {
    for (const { h, n, src } of descriptions) {
      demand(!tags.has(h) || tags.get(h) === n, `handle ${h} is ${tags.get(h)} and ${n}`);
      demand(this.#sources.has(src), `${n}: source ${src} was not introduced by src`);
      tags.set(h, n);
    }
  }

  _data(frame) {
    const subscription = this.#subscriptions.get(frame.sub);
    demand(subscription, `data of subscription ${frame.sub}, which does not exist`);
    demand(frame.seq >= subscription.seq, `seq went from ${subscription.seq} back to ${frame.seq}`);
    subscription.seq = frame.seq;
    const handles = frame.v.map(([handle]) => handle);
    for (const handle of handles) demand(subscription.tags.has(handle), `row of undeclared handle ${handle}`);
    if (subscription.mode === 'latest') {
      demand(new Set(handles).size === handles.length, 'two rows of one tag in one frame of mode latest');
    }
  }
}
