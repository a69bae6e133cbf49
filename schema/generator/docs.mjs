// The tables of docs/protocol.md and docs/protocol.zh-CN.md.
import { isRequired, parseType, routeKey } from "./model.mjs";

const kWords = {
  en: {
    member: "Member", type: "Type", meaning: "Meaning", code: "Code", name: "Name", retry: "Retry", value: "Value",
    http: "HTTP", optional: "optional", default: "default", parameter: "Parameter", bytes: "bytes", items: "items",
    client: "client → server", server: "server → client", list: "array of", map: "object of", errors: "Errors",
    body: "Body", answer: "Answer", yes: "yes", no: "no", after_login: "after login", none: "No members.",
  },
  zh: {
    member: "成员", type: "类型", meaning: "含义", code: "代码", name: "名称", retry: "重试", value: "取值",
    http: "HTTP", optional: "可选", default: "默认", parameter: "参数", bytes: "字节", items: "项",
    client: "客户端 → 服务器", server: "服务器 → 客户端", list: "数组：", map: "对象，成员：", errors: "错误",
    body: "正文", answer: "应答", yes: "是", no: "否", after_login: "登录后", none: "无成员。",
  },
};

const escapeCell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const row = (...cells) => `| ${cells.map(escapeCell).join(" | ")} |\n`;
const table = (heads, rows) => row(...heads) + row(...heads.map(() => "---")) + rows.map((cells) => row(...cells)).join("");

function sizes(w, field) {
  if (field.const !== undefined) return ` = ${JSON.stringify(field.const)}`;
  if (field.minItems !== undefined) return `, ${field.minItems}..${field.maxItems} ${w.items}`;
  if (field.minLength !== undefined) return `, ${field.minLength}..${field.maxLength} ${w.bytes}`;
  if (field.maxLength !== undefined) return `, ≤ ${field.maxLength} ${w.bytes}`;
  return field.max === undefined ? "" : `, ${field.min}..${field.max}`;
}

function typeText(w, field) {
  const { base, shape } = parseType(field.type);
  const name = `\`${base}\``;
  const whole = shape === "array" ? `${w.list} ${name}` : shape === "map" ? `${w.map} ${name}` : name;
  const unit = field.unit ?? (base === "duration" ? "ms" : "");
  const notes = [];
  if (field.default !== undefined) notes.push(`${w.default} ${JSON.stringify(field.default)}`);
  else if (!isRequired(field)) notes.push(w.optional);
  return `${whole}${sizes(w, field)}${unit ? ` ${unit}` : ""}${notes.length ? ` (${notes.join(", ")})` : ""}`;
}

/** Where a field of `owner` is documented: in the struct it extends, if it comes from there. */
function documenter(model, owner, field) {
  return owner.fields.includes(field) ? owner.name : documenter(model, model.structs[owner.extends], field);
}

function fieldTable(model, w, text, owner) {
  if (!owner.allFields.length) return `${w.none}\n`;
  return table(
    [w.member, w.type, w.meaning],
    owner.allFields.map((field) => [
      `\`${field.name}\``, typeText(w, field), text(`${documenter(model, owner, field)}.${field.name}`, field.doc),
    ]),
  );
}

function frames(model, w, text) {
  return model.frames
    .map((frame) => `### ${frame.t} (${w[frame.direction]})\n\n${text(frame.name, frame.doc)}\n\n${fieldTable(model, w, text, frame)}`)
    .join("\n");
}

function structs(model, w, text) {
  return Object.values(model.structs)
    .map((one) => `### ${one.name}\n\n${text(one.name, one.doc)}\n\n${fieldTable(model, w, text, one)}`)
    .join("\n");
}

function types(model, w, text) {
  return table([w.type, w.meaning], Object.entries(model.types).map(([name, one]) => {
    const bounds = one.max === undefined ? "" : ` (${one.min}..${one.max})`;
    return [`\`${name}\``, text(`type ${name}`, one.doc) + bounds];
  }));
}

function enums(model, w, text) {
  return Object.entries(model.enums)
    .map(([name, one]) => {
      const rows = one.values.map((value) => [`\`${value.name}\``, text(`${name}.${value.name}`, value.doc)]);
      return `### ${name}\n\n${text(name, one.doc)}\n\n${table([w.value, w.meaning], rows)}`;
    })
    .join("\n");
}

function errors(model, w, text) {
  return table([w.code, w.http, w.retry, w.meaning], model.errorCodes.map((one) => [
    `\`${one.name}\``, String(one.http), one.retry ? w.yes : w.no, text(`error ${one.name}`, one.doc),
  ]));
}

function closeCodes(model, w, text) {
  return table([w.code, w.name, w.retry, w.meaning], model.closeCodes.map((one) => [
    String(one.code), `\`${one.name}\``, w[one.retry], text(`close ${one.code}`, one.doc),
  ]));
}

function constants(model, w, text) {
  return table([w.name, w.value, w.meaning], model.constants.map((one) => [
    `\`${one.name}\``, `\`${one.value}\`${one.unit ? ` ${w[one.unit] ?? one.unit}` : ""}`, text(`constant ${one.name}`, one.doc),
  ]));
}

function routes(model, w, text) {
  return model.rest
    .map((route) => {
      const params = route.params.map((param) => [
        `\`${param.name}\``, typeText(w, param), text(`${routeKey(route)} ${param.name}`, param.doc),
      ]);
      const answer = route.answer in model.structs ? `\n${w.answer}: \`${route.answer}\`\n` : "";
      const codes = route.errors.length ? `\n${w.errors}: ${route.errors.map((code) => `\`${code}\``).join(", ")}\n` : "";
      const list = params.length ? `\n${table([w.parameter, w.type, w.meaning], params)}` : "";
      const body = route.body ? `\n${w.body}: \`${route.body}\`\n` : "";
      const method = (route.method ?? "get").toUpperCase();
      return `### ${method} ${route.path}\n\n${text(routeKey(route), route.doc)}\n${list}${body}${answer}${codes}`;
    })
    .join("\n");
}

/** Sections by the name of their marker. `texts`: translations by key, or null for the schema's own English. */
export function docSections(model, language, texts) {
  const w = kWords[language];
  const text = (key, own) => texts?.[key] ?? own;
  const sections = { frames, structs, types, enums, errors, "close-codes": closeCodes, constants, routes };
  return Object.fromEntries(Object.entries(sections).map(([name, make]) => [name, `\n${make(model, w, text)}\n`]));
}
