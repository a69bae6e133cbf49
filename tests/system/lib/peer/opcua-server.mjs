/// Child process of opcua-peer.mjs: a node-opcua server told what to do by IPC messages {id, command, …}, each answered
/// by {id, result} or {id, error}. Ends when the parent disconnects.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as opcua from 'node-opcua';

import { addVariable } from './variables.mjs';

const { MessageSecurityMode, OPCUACertificateManager, OPCUAServer, SecurityPolicy, nodesets } = opcua;

const plantTypes = fileURLToPath(new URL('plant-types.xml', import.meta.url));

let server;
const variables = new Map();

/// Called with (namespace, addressSpace) before the server starts.
export const preparations = [];

export const commands = {
  async start({ port, folder, namespaceUri, variables: specifications }) {
    const certificates = new OPCUACertificateManager({
      rootFolder: path.join(folder, 'pki'),
      automaticallyAcceptUnknownCertificate: true,
    });
    server = new OPCUAServer({
      port,
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      nodeset_filename: [nodesets.standard, plantTypes],
      serverCertificateManager: certificates,
      userCertificateManager: certificates,
      securityPolicies: [SecurityPolicy.None],
      securityModes: [MessageSecurityMode.None],
      // 0: an item of sampling interval 0 reports every write.
      serverCapabilities: {
        minSupportedSampleRate: 0,
        maxSubscriptionsPerSession: 100,
        maxMonitoredItemsPerSubscription: 20_000,
        // Below what Tagwire would put into one call.
        operationLimits: { maxMonitoredItemsPerCall: 700 },
      },
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space.registerNamespace(namespaceUri);
    for (const specification of specifications) {
      variables.set(specification.name, addVariable(namespace, space.rootFolder.objects, specification));
    }
    for (const prepare of preparations) prepare(namespace, space);
    await server.start();
  },

  write({ name, ...change }) {
    variables.get(name).set(change);
  },

  read({ name }) {
    return variables.get(name).get();
  },

  async writeSeries({ name, values, interval }) {
    for (const value of values) {
      variables.get(name).set({ value });
      if (interval > 0) await sleep(interval);
    }
  },

  stats() {
    const summary = server.engine.serverDiagnosticsSummary;
    const sessions = Object.values(server.engine._sessions);
    return {
      sessions: server.engine.currentSessionCount,
      subscriptions: server.engine.currentSubscriptionCount,
      monitoredItems: sessions.reduce((sum, session) => sum + session.currentMonitoredItemCount, 0),
      sessionsEver: summary.cumulatedSessionCount,
      subscriptionsEver: summary.cumulatedSubscriptionCount,
    };
  },
};

process.on('message', async ({ id, command, ...parameters }) => {
  try {
    process.send({ id, result: await commands[command](parameters) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});

process.on('disconnect', async () => {
  await server?.shutdown(0);
  process.exit(0);
});
