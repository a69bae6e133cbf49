/// The client of node-opcua for this benchmark; the arguments and the line it prints are those of client.cpp, but CPU is
/// that of the whole process, because its garbage collection runs beside its one thread.
///
///   node node_client.mjs ENDPOINT NODES SECONDS PUBLISHING_INTERVAL_MS
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(new URL('../../tests/system/package.json', import.meta.url));
const { AttributeIds, ClientMonitoredItemGroup, OPCUAClient, TimestampsToReturn } = require('node-opcua');

const [endpoint, ...numbers] = process.argv.slice(2);
const [nodes, seconds, publishingInterval] = numbers.map(Number);

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const client = OPCUAClient.create({ endpointMustExist: false });
await client.connect(endpoint);
const session = await client.createSession();
const namespace = (await session.readNamespaceArray()).indexOf('urn:tagwire:load');

let changes = 0;
let missed = 0;
const last = new Float64Array(nodes).fill(-1);

let begun = performance.now();
let cpu = cpuSeconds();
const subscription = await session.createSubscription2({
  requestedPublishingInterval: publishingInterval,
  requestedLifetimeCount: 10_000,
  requestedMaxKeepAliveCount: 10,
  maxNotificationsPerPublish: 10_000,
  publishingEnabled: true,
});
for (let first = 0; first < nodes; first += 1000) {
  const items = Array.from({ length: Math.min(1000, nodes - first) }, (_, i) => ({
    nodeId: `ns=${namespace};i=${first + i + 1}`,
    attributeId: AttributeIds.Value,
  }));
  const parameters = { samplingInterval: 0, queueSize: 10, discardOldest: true };
  const group = ClientMonitoredItemGroup.create(subscription, items, parameters, TimestampsToReturn.Both);
  group.on('changed', (_item, { value }, index) => {
    const node = first + index;
    ++changes;
    if (last[node] >= 0 && value.value > last[node] + 1) missed += value.value - last[node] - 1;
    last[node] = value.value;
  });
  await new Promise((resolve, reject) => group.on('initialized', resolve).on('err', (text) => reject(new Error(text))));
}
const create_s = (performance.now() - begun) / 1000;
const create_cpu_s = cpuSeconds() - cpu;
await sleep(1000);

const before = changes;
begun = performance.now();
cpu = cpuSeconds();
await sleep(seconds * 1000);
const result = {
  create_s,
  create_cpu_s,
  changes: changes - before,
  seconds: (performance.now() - begun) / 1000,
  cpu_s: cpuSeconds() - cpu,
  missed,
};
console.log(JSON.stringify(result));
await session.close(true);
await client.disconnect();
