/// Child process of services-peer.mjs: a node-opcua server with methods, history, and nodes that refuse. Says
/// {ready: true} when it listens; ends when the parent disconnects.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as opcua from 'node-opcua';

const {
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
  nodesets,
} = opcua;

const plantTypes = fileURLToPath(new URL('plant-types.xml', import.meta.url));

const [port, folder, namespaceUri, historyStart] = process.argv.slice(2);
const certificates = new OPCUACertificateManager({
  rootFolder: path.join(folder, 'pki'),
  automaticallyAcceptUnknownCertificate: true,
});
const server = new OPCUAServer({
  port: Number(port),
  host: '127.0.0.1',
  hostname: '127.0.0.1',
  nodeset_filename: [nodesets.standard, plantTypes],
  serverCertificateManager: certificates,
  userCertificateManager: certificates,
  securityPolicies: [SecurityPolicy.None],
  securityModes: [MessageSecurityMode.None],
  serverCapabilities: {
    maxHistoryContinuationPoints: 2,
    operationLimits: {
      maxNodesPerRead: 10,
      maxNodesPerWrite: 3,
      maxNodesPerHistoryReadData: 2,
      maxMonitoredItemsPerCall: 2,
    },
  },
});

function variable(namespace, name, dataType, value, more = {}) {
  return namespace.addVariable({
    browseName: name,
    nodeId: `s=${name}`,
    organizedBy: server.engine.addressSpace.rootFolder.objects,
    dataType,
    value,
    ...more,
  });
}

function addVariables(namespace) {
  variable(namespace, 'Setpoint', 'Double', { dataType: DataType.Double, value: 20 });
  variable(namespace, 'Steps', 'Int32', { dataType: DataType.Int32, arrayType: 1, value: [1, 2, 3] }, { valueRank: 1 });
  variable(namespace, 'Name', 'String', { dataType: DataType.String, value: 'a' });
  variable(
    namespace,
    'Fixed',
    'Double',
    { dataType: DataType.Double, value: 1 },
    { accessLevel: 'CurrentRead', userAccessLevel: 'CurrentRead' },
  );
  variable(namespace, 'Guarded', 'Double', { dataType: DataType.Double, value: 1 }, { userAccessLevel: 'CurrentRead' });
  for (let i = 0; i < 40; ++i) variable(namespace, `Many.${i}`, 'Int32', { dataType: DataType.Int32, value: i });

  // Types of the plant: an enumeration, and a subtype of a subtype of Double.
  const mode = namespace.addEnumerationType({ browseName: 'Mode', enumeration: ['Off', 'Hand', 'Auto'] });
  variable(namespace, 'Mode', mode, { dataType: DataType.Int32, value: 0 });
  const volume = namespace.createDataType({ browseName: 'Volume', subtypeOf: 'Double', isAbstract: false });
  const litres = namespace.createDataType({ browseName: 'Litres', subtypeOf: volume, isAbstract: false });
  variable(namespace, 'Tank', litres, { dataType: DataType.Double, value: 5 });
}

/// A structure of plant-types.xml.
function recipe(namespace, name) {
  return namespace.addressSpace.constructExtensionObject(namespace.findDataType('Recipe'), {
    name,
    state: 1,
    origin: { x: 1.5, y: -2 },
    samples: [0.5],
    path: [{ x: 0, y: 1 }],
    serial: [0x80000000, 0], // 2^63
    made: new Date(Date.UTC(2026, 0, 2)),
  });
}

/// Variables whose types only this server knows, or that have two dimensions.
function addStructures(namespace) {
  const value = () => ({ dataType: DataType.ExtensionObject, value: recipe(namespace, 'first') });
  variable(namespace, 'Recipe', namespace.findDataType('Recipe'), value());
  variable(namespace, 'Anything', 'Structure', value());
  variable(namespace, 'State', namespace.findDataType('MachineState'), {
    dataType: DataType.Int32,
    value: 0,
  });
  const cells = {
    dataType: DataType.Double,
    arrayType: VariantArrayType.Matrix,
    dimensions: [2, 3],
    value: new Float64Array([1, 2, 3, 4, 5, 6]),
  };
  variable(namespace, 'Cells', 'Double', cells, { valueRank: 2, arrayDimensions: [2, 3] });
}

function addMethods(namespace) {
  const plant = namespace.addObject({
    browseName: 'Plant',
    nodeId: 's=Plant',
    organizedBy: server.engine.addressSpace.rootFolder.objects,
  });
  const mix = namespace.addMethod(plant, {
    browseName: 'Mix',
    nodeId: 's=Plant.Mix',
    inputArguments: [
      { name: 'Litres', dataType: DataType.Double, valueRank: -1, description: { text: 'how much' } },
      { name: 'Recipe', dataType: DataType.String, valueRank: -1 },
    ],
    outputArguments: [{ name: 'Total', dataType: DataType.Double, valueRank: -1 }],
  });
  mix.bindMethod((inputs, _context, callback) => {
    const litres = inputs[0].value;
    callback(null, {
      statusCode: litres > 100 ? StatusCodes.BadOutOfRange : StatusCodes.Good,
      outputArguments: [new Variant({ dataType: DataType.Double, value: litres * 2 })],
    });
  });
}

function addBrew(namespace) {
  const recipeType = namespace.findDataType('Recipe').nodeId;
  const plant = namespace.addressSpace.findNode(`ns=${namespace.index};s=Plant`);
  const brew = namespace.addMethod(plant, {
    browseName: 'Brew',
    nodeId: 's=Plant.Brew',
    inputArguments: [
      { name: 'Recipe', dataType: recipeType, valueRank: -1 },
      { name: 'State', dataType: namespace.findDataType('MachineState').nodeId, valueRank: -1 },
    ],
    outputArguments: [{ name: 'Brewed', dataType: recipeType, valueRank: -1 }],
  });
  brew.bindMethod((inputs, _context, callback) => {
    const brewed = inputs[0].value;
    brewed.state = inputs[1].value;
    callback(null, {
      statusCode: StatusCodes.Good,
      outputArguments: [new Variant({ dataType: DataType.ExtensionObject, value: brewed })],
    });
  });
}

/// 2,500 values of each, a second apart.
const historized = [];
async function addHistory(namespace) {
  const space = server.engine.addressSpace;
  for (let node = 0; node < 5; ++node) {
    const history = variable(namespace, `History.${node}`, 'Double', { dataType: DataType.Double, value: 0 });
    historized.push(history);
    space.installHistoricalDataNode(history, { maxOnlineValues: 3000 });
    for (let i = 0; i < 2500; ++i) {
      history.setValueFromSource(
        new Variant({ dataType: DataType.Double, value: node * 10_000 + i }),
        StatusCodes.Good,
        new Date(Number(historyStart) + i * 1000),
      );
    }
  }
}

/// History.Recipe has three structures, a second apart.
function addHistoryOfStructures(namespace) {
  const value = (name) => new Variant({ dataType: DataType.ExtensionObject, value: recipe(namespace, name) });
  const history = variable(namespace, 'History.Recipe', namespace.findDataType('Recipe'), value('now'));
  server.engine.addressSpace.installHistoricalDataNode(history, { maxOnlineValues: 10 });
  for (let i = 0; i < 3; ++i) {
    history.setValueFromSource(value(`r${i}`), StatusCodes.Good, new Date(Number(historyStart) + i * 1000));
  }
}

/// {count: ms} changes History.0 so often; {stop: true} ends that and answers {samples}: [ms since 1970, value] of each.
let counting;
let samples = [];
process.on('message', ({ count, stop }) => {
  if (count) {
    samples = [];
    counting = setInterval(() => {
      const at = Math.max(Date.now(), (samples.at(-1)?.[0] ?? 0) + 1);
      samples.push([at, 1_000_000 + samples.length]);
      const value = new Variant({ dataType: DataType.Double, value: samples.at(-1)[1] });
      historized[0].setValueFromSource(value, StatusCodes.Good, new Date(at));
    }, count);
  }
  if (stop) {
    clearInterval(counting);
    process.send({ samples });
  }
});

process.on('disconnect', async () => {
  await server.shutdown(0);
  process.exit(0);
});

await server.initialize();
const namespace = server.engine.addressSpace.registerNamespace(namespaceUri);
addVariables(namespace);
addStructures(namespace);
addMethods(namespace);
addBrew(namespace);
await addHistory(namespace);
addHistoryOfStructures(namespace);
await server.start();
process.send({ ready: true });
