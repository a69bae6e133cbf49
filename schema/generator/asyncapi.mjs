// The WebSocket as an AsyncAPI 3.0 document, from the point of view of the server.
import { frameSchema, namedSchemas, reachable } from "./json-schema.mjs";

const ref = (path) => ({ $ref: `#/${path}` });

function messageOf(model, frame) {
  return { name: frame.t, title: frame.name, summary: frame.doc, contentType: "application/json", payload: frameSchema(model, frame) };
}

function operation(model, action, direction, summary) {
  const frames = model.frames.filter((frame) => frame.direction === direction);
  return { action, channel: ref("channels/live"), summary, messages: frames.map((frame) => ref(`channels/live/messages/${frame.name}`)) };
}

export function asyncApi(model) {
  const messages = Object.fromEntries(model.frames.map((frame) => [frame.name, messageOf(model, frame)]));
  const closeCodes = model.closeCodes.map((one) => `- ${one.code} ${one.name} (retry: ${one.retry}): ${one.doc}`).join("\n");
  return {
    asyncapi: "3.0.0",
    info: { title: model.title, version: model.revision, description: model.doc, license: { name: "Apache-2.0" } },
    defaultContentType: "application/json",
    channels: {
      live: {
        address: model.constants.find((one) => one.name === "webSocketPath").value,
        title: model.protocol,
        description: `WebSocket with the subprotocol \`${model.protocol}\`.\n\nClose codes:\n${closeCodes}`,
        messages: Object.fromEntries(model.frames.map((frame) => [frame.name, ref(`components/messages/${frame.name}`)])),
      },
    },
    operations: {
      receiveFromClient: operation(model, "receive", "client", "Frames that clients send."),
      sendToClient: operation(model, "send", "server", "Frames that the server sends."),
    },
    components: { messages, schemas: reachable(namedSchemas(model), messages) },
  };
}
