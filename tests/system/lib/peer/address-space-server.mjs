/// Child process of address-space.test.mjs: a node-opcua server with a plant to browse. Says {ready} when it listens.
/// Ends when the parent disconnects.
import path from 'node:path';
import * as opcua from 'node-opcua';

const { DataType, MessageSecurityMode, OPCUACertificateManager, OPCUAServer, SecurityPolicy, Variant, nodesets, standardUnits } = opcua;

const [port, folder] = process.argv.slice(2);
const certificates = new OPCUACertificateManager({ rootFolder: path.join(folder, 'pki'), automaticallyAcceptUnknownCertificate: true });
const server = new OPCUAServer({
  port: Number(port),
  host: '127.0.0.1',
  hostname: '127.0.0.1',
  nodeset_filename: [nodesets.standard],
  serverCertificateManager: certificates,
  userCertificateManager: certificates,
  securityPolicies: [SecurityPolicy.None],
  securityModes: [MessageSecurityMode.None],
  serverCapabilities: { maxBrowseContinuationPoints: 2, operationLimits: { maxNodesPerRead: 100, maxNodesPerBrowse: 20 } },
});
await server.initialize();
const space = server.engine.addressSpace;
const own = space.registerNamespace('urn:tagwire:test:space');
const { objects } = space.rootFolder;

const plant = own.addFolder(objects, { browseName: 'Plant', nodeId: 's=Plant' });
const line = own.addFolder(plant, { browseName: 'Line', nodeId: 's=Line' });
own.addAnalogDataItem({
  componentOf: line,
  browseName: 'Flow',
  nodeId: 's=Flow',
  dataType: 'Double',
  definition: 'none',
  engineeringUnitsRange: { low: 0, high: 50 },
  instrumentRange: { low: -5, high: 60 },
  engineeringUnits: standardUnits.cubic_metre_per_hour,
  valuePrecision: 2,
  description: 'Durchfluss',
  value: new Variant({ dataType: DataType.Double, value: 12.5 }),
});
own.addTwoStateDiscrete({ componentOf: line, browseName: 'Valve', nodeId: 's=Valve', trueState: 'open', falseState: 'shut', value: true });
own.addMultiStateDiscrete({ componentOf: line, browseName: 'Mode', nodeId: 's=Mode', enumStrings: ['Off', 'Auto'], value: 1 });
const kind = own.addEnumerationType({ browseName: 'Kind', enumeration: ['Water', 'Oil'] });
own.addVariable({ componentOf: line, browseName: 'Kind', nodeId: 's=Kind', dataType: kind, value: new Variant({ dataType: DataType.Int32, value: 1 }) });
line.addReference({ referenceType: 'Organizes', nodeId: plant }); // a cycle
const wide = own.addFolder(plant, { browseName: 'Wide', nodeId: 's=Wide' });
for (let i = 0; i < 2500; i++) {
  own.addVariable({ organizedBy: wide, browseName: `V${i}`, nodeId: `s=V${i}`, dataType: 'Int32', value: new Variant({ dataType: DataType.Int32, value: i }) });
}
const twin = own.addFolder(plant, { browseName: 'Twins', nodeId: 's=Twins' });
for (const nodeId of ['s=Twin1', 's=Twin2']) own.addFolder(twin, { browseName: 'Twin', nodeId });

await server.start();
process.send({ ready: true });
process.on('disconnect', async () => {
  await server.shutdown(0);
  process.exit(0);
});
