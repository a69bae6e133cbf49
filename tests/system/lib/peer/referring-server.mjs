/// The plain server (opcua-server.mjs), whose endpoints and servers lie elsewhere when it is asked for them: at the URL in
/// the environment variable REFERRAL.
import { OPCUAServer } from 'node-opcua';

import './opcua-server.mjs';

const elsewhere = process.env.REFERRAL;
const prototype = OPCUAServer.prototype;

/// Answers are copied before they are changed: the server's own descriptions are shared.
for (const [service, refer] of [
  ['_on_GetEndpointsRequest', (response) => {
    response.endpoints = response.endpoints.map((endpoint) => Object.assign(Object.create(Object.getPrototypeOf(endpoint)), endpoint, { endpointUrl: elsewhere }));
  }],
  ['_on_FindServersRequest', (response) => {
    for (const server of response.servers) server.discoveryUrls = [elsewhere];
  }],
]) {
  const answer = prototype[service];
  prototype[service] = function (message, channel) {
    const send = channel.send_response;
    const patched = Object.create(channel);
    patched.send_response = (type, response, ...rest) => {
      refer(response);
      return send.call(channel, type, response, ...rest);
    };
    return answer.call(this, message, patched);
  };
}
