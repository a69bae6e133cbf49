/// Child process of secure-peer.mjs: a node-opcua server with every secure policy and mode, users with passwords and
/// certificates, told what to do by IPC messages {id, command, …}, each answered by {id, result} or {id, error}.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as opcua from 'node-opcua';

import { addVariable } from './variables.mjs';

const { MessageSecurityMode, OPCUACertificateManager, OPCUAServer, SecurityPolicy, makeUserManager, nodesets } = opcua;

let server;
let applications;
let users;
const variables = new Map();

const commands = {
  /// `line`: variables (variables.mjs) below a folder `Line1`, besides `Level`, of which `level` tells more. `trustAll`: takes every client's certificate. `passwords`: user → password; none: no users by password.
  async start({ port, folder, namespaceUri, applicationUri, certificateFile, privateKeyFile, policies, modes, trustAll, anonymous, passwords, line = [], level = {} }) {
    applications = new OPCUACertificateManager({ rootFolder: path.join(folder, 'pki'), automaticallyAcceptUnknownCertificate: trustAll });
    users = new OPCUACertificateManager({ rootFolder: path.join(folder, 'users'), automaticallyAcceptUnknownCertificate: false });
    await applications.initialize();
    await users.initialize();
    server = new OPCUAServer({
      port,
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      nodeset_filename: [nodesets.standard],
      serverInfo: { applicationUri },
      certificateFile,
      privateKeyFile,
      serverCertificateManager: applications,
      userCertificateManager: users,
      securityPolicies: policies.map((name) => SecurityPolicy[name]),
      securityModes: modes.map((name) => MessageSecurityMode[name]),
      maxConnectionsPerEndpoint: 100,
      allowAnonymous: anonymous,
      userManager: makeUserManager({ isValidUser: (name, password) => name in passwords && passwords[name] === password }),
      serverCapabilities: { minSupportedSampleRate: 0, maxSessions: 100 },
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space.registerNamespace(namespaceUri);
    variables.set('Level', addVariable(namespace, space.rootFolder.objects, { name: 'Level', type: 'Double', value: 1, ...level }));
    if (line.length > 0) {
      const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Line1', nodeId: 's=Line1' });
      for (const specification of line) variables.set(specification.name, addVariable(namespace, folder, specification));
    }
    await server.start();
  },

  write({ name, ...change }) {
    variables.get(name).set(change);
  },

  async trustClient({ file }) {
    await applications.trustCertificate(await readFile(file));
  },

  async trustUser({ file }) {
    await users.trustCertificate(await readFile(file));
  },

  sessions() {
    return server.engine.currentSessionCount;
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
