// The HTTP routes as an OpenAPI 3.1 document.
import { isRequired } from "./model.mjs";
import { namedSchemas, reachable, schemaOf } from "./json-schema.mjs";

const kTags = [
  { name: "tags", description: "What tags there are." },
  { name: "values", description: "Their values, once or as they change." },
  { name: "server", description: "The server itself." },
  { name: "documents", description: "Dashboards and screens. Changed by engineers." },
  { name: "engineering", description: "Looking around at sources and trusting them, for engineers." },
  { name: "access", description: "Logging in, users, sessions, tokens and the audit log." },
];

function parameter(model, param) {
  const list = param.type.endsWith("[]") ? { style: "form", explode: false } : {};
  return {
    name: param.name,
    in: param.in,
    required: isRequired(param),
    description: param.doc + (param.unit ? ` (${param.unit})` : ""),
    schema: schemaOf(model, param),
    ...list,
  };
}

function errorAnswers(model, route) {
  const byStatus = new Map();
  // Whatever is not public may be refused to whoever has not logged in, and to whoever may not.
  const refused = route.public ? [] : ["unauthorized", "forbidden"];
  for (const name of new Set([...route.errors, ...refused])) {
    const code = model.errorCodes.find((one) => one.name === name);
    byStatus.set(code.http, [...(byStatus.get(code.http) ?? []), `\`${name}\`: ${code.doc}`]);
  }
  const content = { "application/json": { schema: { $ref: "#/components/schemas/ErrorBody" } } };
  return Object.fromEntries([...byStatus].map(([status, docs]) => [status, { description: docs.join(" "), content }]));
}

function body(route) {
  if (!route.body) return {};
  const schema = route.body === "object" ? { type: "object" } : { $ref: `#/components/schemas/${route.body}` };
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function success(route) {
  if (route.upgrade) return { 101: { description: route.doc } };
  if (route.answer === "redirect") {
    return { 303: { description: "To the address in Location", headers: { Location: { schema: { type: "string" } } } } };
  }
  if (route.answer === "none") return { 204: { description: "Done" } };
  const plain = {
    string: { type: "string" },
    object: { type: "object" },
    bytes: { type: "string", contentMediaType: "application/octet-stream" },
  }[route.answer];
  const schema = plain ?? { $ref: `#/components/schemas/${route.answer}` };
  const content = { [route.contentType ?? "application/json"]: { schema } };
  return { 200: { description: "OK", content }, ...(route.created && { 201: { description: "Created", content } }) };
}

export function openApi(model) {
  const paths = {};
  for (const route of model.rest) {
    (paths[route.path] ??= {})[route.method ?? "get"] = {
      operationId: route.name,
      tags: [route.tag],
      summary: route.doc,
      ...(route.params.length ? { parameters: route.params.map((param) => parameter(model, param)) } : {}),
      ...(route.public ? { security: [] } : {}),
      ...body(route),
      responses: { ...success(route), ...errorAnswers(model, route) },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Tagwire", version: model.revision, description: model.doc, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    tags: kTags,
    security: [{ token: [] }, { session: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of a program, `twt_…`." },
        session: { type: "apiKey", in: "cookie", name: "tagwire_session", description: "A session of a browser." },
      },
      schemas: reachable(namedSchemas(model), paths),
    },
  };
}
