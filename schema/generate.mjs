#!/usr/bin/env node
// Generates everything that follows from the protocol's schema. What it writes is committed.
//   node schema/generate.mjs           writes the files that changed
//   node schema/generate.mjs --check   writes nothing; exit 1 and the first difference of each stale file
import { fileURLToPath } from "node:url";
import { asyncApi } from "./generator/asyncapi.mjs";
import { documentsSource, protocolHeader, protocolSource, statusCodesHeader, statusNamesHeader } from "./generator/cpp.mjs";
import { docSections } from "./generator/docs.mjs";
import { fillSections, findStale, readOrEmpty, writeChanged } from "./generator/files.mjs";
import { checkGolden } from "./generator/golden.mjs";
import { loadChinese, loadModel, loadStatusCodes, SchemaError } from "./generator/model.mjs";
import { openApi } from "./generator/openapi.mjs";
import { protocolTs, statusCodesTs } from "./generator/typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const pretty = (value) => `${JSON.stringify(value, null, 2)}\n`;

function page(path, model, language, texts) {
  return [path, fillSections(path, readOrEmpty(`${root}/${path}`), docSections(model, language, texts))];
}

function generate() {
  const model = loadModel(root);
  checkGolden(root, model);
  const codes = loadStatusCodes(root);
  const documents = { openApiJson: openApi(model), asyncApiJson: asyncApi(model) };
  return new Map([
    ["schema/generated/openapi.json", pretty(documents.openApiJson)],
    ["schema/generated/asyncapi.json", pretty(documents.asyncApiJson)],
    ["src/wire/generated/api_documents.cpp", documentsSource(documents)],
    page("docs/protocol.md", model, "en", null),
    page("docs/protocol.zh-CN.md", model, "zh", loadChinese(root, model)),
    ["src/wire/generated/protocol.h", protocolHeader(model)],
    ["src/wire/generated/protocol.cpp", protocolSource(model)],
    ["src/model/generated/status_codes.h", statusCodesHeader(codes)],
    ["src/model/generated/status_code_names.h", statusNamesHeader(codes)],
    ["web/client/src/generated/protocol.ts", protocolTs(model)],
    ["web/client/src/generated/status-codes.ts", statusCodesTs(codes)],
  ]);
}

try {
  const files = generate();
  if (process.argv[2] === "--check") {
    const stale = findStale(root, files);
    for (const line of stale) console.error(line);
    if (stale.length) {
      console.error("Generated files are stale: run `node schema/generate.mjs` and commit the result.");
      process.exit(1);
    }
  } else {
    for (const path of writeChanged(root, files)) console.log(`wrote ${path}`);
  }
} catch (error) {
  if (!(error instanceof SchemaError)) throw error;
  console.error(error.message);
  process.exit(1);
}
