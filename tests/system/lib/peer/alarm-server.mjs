/// The plain server (opcua-server.mjs) with a tank that has events and alarms (OPC 10000-9).
///   Tank.Level     limits 5, 10, 90, 95    exclusive limit alarm `LevelAlarm`, to be confirmed
///   Tank.Pressure  limits 5, 10, 90, 95    non-exclusive limit alarm `PressureAlarm`
///   Tank.Valve     normal is 0             off-normal alarm `ValveAlarm`
import { DataType, StatusCodes, Variant } from 'node-opcua';

import { commands, preparations } from './opcua-server.mjs';

const limits = { lowLowLimit: 5, lowLimit: 10, highLimit: 90, highHighLimit: 95 };
const confirmed = ['ConfirmedState', 'Confirm'];

let tank;
const inputs = new Map();
const alarms = new Map();

function addInput(namespace, name, dataType, value) {
  const node = namespace.addVariable({ browseName: name, nodeId: `s=Tank.${name}`, propertyOf: tank, dataType });
  const set = (next) => node.setValueFromSource(new Variant({ dataType: DataType[dataType], value: next }), StatusCodes.Good);
  set(value);
  inputs.set(name, set);
  return node;
}

preparations.push((namespace, space) => {
  space.installAlarmsAndConditionsService();
  tank = namespace.addObject({
    browseName: 'Tank',
    nodeId: 's=Tank',
    organizedBy: space.rootFolder.objects,
    eventSourceOf: space.rootFolder.objects.server,
  });
  const level = addInput(namespace, 'Level', 'Double', 50);
  const pressure = addInput(namespace, 'Pressure', 'Double', 50);
  const valve = addInput(namespace, 'Valve', 'Double', 0);
  const normal = namespace.addVariable({ browseName: 'ValveNormal', nodeId: 's=Tank.ValveNormal', propertyOf: tank, dataType: 'Double', value: { dataType: 'Double', value: 0 } });
  const common = (browseName, inputNode) => ({ browseName, nodeId: `s=${browseName}`, conditionName: browseName, componentOf: tank, conditionSource: tank, inputNode });
  alarms.set('LevelAlarm', namespace.instantiateExclusiveLimitAlarm('ExclusiveLimitAlarmType', { ...common('LevelAlarm', level), ...limits, optionals: confirmed }));
  alarms.set('PressureAlarm', namespace.instantiateNonExclusiveLimitAlarm('NonExclusiveLimitAlarmType', { ...common('PressureAlarm', pressure), ...limits }));
  alarms.set('ValveAlarm', namespace.instantiateOffNormalAlarm({ ...common('ValveAlarm', valve), normalState: normal }));
});

Object.assign(commands, {
  /// Sets an input of the tank.
  input({ name, value }) {
    inputs.get(name)(value);
  },

  /// Raises `count` events of no condition, numbered in their messages.
  raise({ count, severity, text }) {
    for (let i = 0; i < count; ++i) {
      tank.raiseEvent('DeviceFailureEventType', {
        message: { dataType: 'LocalizedText', value: { locale: 'en', text: `${text} ${i}` } },
        severity: { dataType: 'UInt16', value: severity },
      });
    }
  },

  /// What the server itself thinks of an alarm.
  alarm({ name }) {
    const alarm = alarms.get(name);
    const id = (state) => state?.id.readValue().value.value;
    return {
      active: id(alarm.activeState),
      acked: id(alarm.ackedState),
      confirmed: id(alarm.confirmedState),
      comment: alarm.comment?.readValue().value.value?.text,
    };
  },
});
