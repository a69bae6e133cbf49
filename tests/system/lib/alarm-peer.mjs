/// The OPC UA server of peer/alarm-server.mjs in a process of its own.
import { fileURLToPath } from 'node:url';

import { OpcUaPeer } from './opcua-peer.mjs';

const script = fileURLToPath(new URL('peer/alarm-server.mjs', import.meta.url));

export class AlarmPeer extends OpcUaPeer {
  static start() {
    return super.start([{ name: 'Plain', type: 'Double', value: 1 }], script);
  }

  /// Sets Level, Pressure or Valve of the tank.
  input(name, value) {
    return this.ask('input', { name, value });
  }

  raise(count, { severity = 300, text = 'event' } = {}) {
    return this.ask('raise', { count, severity, text }, 30_000);
  }

  alarm(name) {
    return this.ask('alarm', { name });
  }
}
