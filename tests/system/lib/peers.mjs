/// The same OPC UA server twice, from two makers, for tests that both must pass: variables Level and Bulk.0 …
/// (Double, 0 at first), at most 700 monitored items a call. Both have endpoint, port, node(), write(name, {value}),
/// stats() with `sessions`, freeze(), thaw(), kill(), launch(), stop().
import { Open62541Peer } from './open62541-peer.mjs';
import { OpcUaPeer } from './opcua-peer.mjs';

const double = (name) => ({ name, type: 'Double', value: 0 });

export const peers = [
  {
    maker: 'node-opcua',
    start: (bulk = 0) => OpcUaPeer.start([double('Level'), ...Array.from({ length: bulk }, (_, i) => double(`Bulk.${i}`))]),
  },
  { maker: 'open62541', start: (bulk = 0) => Open62541Peer.start({ bulk, per_call: 700 }) },
];
