/// Variables of the node-opcua server, made from plain descriptions that can travel between processes:
///   {name, type, value, array?, status?}           any built-in type by its OPC UA name
///   {…, unit: '°C', range: [0, 100]}               AnalogItem with EngineeringUnits and EURange
///   {…, limits: {HighLimit: 80}}                   properties of a limit alarm on the variable itself
///   {…, type: 'Boolean', labels: ['Off', 'On']}    TwoStateDiscrete
///   {…, type: 'UInt32', enums: ['Stopped', …]}     MultiStateDiscrete
///   {…, type: 'ExtensionObject', structure: 'Recipe'}  a structure of plant-types.xml
import * as opcua from 'node-opcua';

const { DataType, StatusCodes, Variant, VariantArrayType } = opcua;

/// Int64 as node-opcua has it: [high, low] words of the two's complement.
function words(value) {
  const bits = BigInt.asUintN(64, BigInt(value));
  return [Number(bits >> 32n), Number(bits & 0xffffffffn)];
}

/// From what travels (numbers, strings, Date, BigInt, Buffer, plain objects) to node-opcua's classes.
const convert = {
  Int64: words,
  UInt64: words,
  ByteString: (value) => Buffer.from(value),
  NodeId: (value) => opcua.resolveNodeId(value),
  ExpandedNodeId: (value) => opcua.ExpandedNodeId.fromNodeId(opcua.resolveNodeId(value)),
  StatusCode: (value) => opcua.getStatusCodeFromCode(value),
  QualifiedName: ({ namespaceIndex, name }) => new opcua.QualifiedName({ namespaceIndex, name }),
  LocalizedText: ({ locale, text }) => new opcua.LocalizedText({ locale, text }),
  /// A structure of the standard: Range (OPC 10000-8, 5.6.2).
  ExtensionObject: ({ low, high }) => new opcua.Range({ low, high }),
  Variant: ({ type, value }) => variant({ type }, value),
  DataValue: ({ type, value, status }) =>
    new opcua.DataValue({
      value: variant({ type }, value),
      statusCode: opcua.getStatusCodeFromCode(status),
    }),
  DiagnosticInfo: ({ text }) => new opcua.DiagnosticInfo({ additionalInfo: text }),
};

function variant({ type, array, make }, value) {
  const one = make ?? convert[type] ?? ((v) => v);
  return new Variant({
    dataType: DataType[type],
    arrayType: array ? VariantArrayType.Array : VariantArrayType.Scalar,
    value: array ? value.map(one) : one(value),
  });
}

/// DataType attribute where it is not called like the built-in type.
const dataTypeNode = { Variant: 'BaseDataType', ExtensionObject: 'Range' };

function create(namespace, parent, specification) {
  const { name, type, array, unit, range, labels, enums, structure } = specification;
  const common = {
    browseName: name,
    nodeId: `s=${name}`,
    organizedBy: parent,
    valueRank: array ? 1 : -1,
    minimumSamplingInterval: 0,
  };
  if (labels) {
    return namespace.addTwoStateDiscrete({ ...common, falseState: labels[0], trueState: labels[1], value: specification.value });
  }
  if (enums) return namespace.addMultiStateDiscrete({ ...common, enumStrings: enums, value: specification.value });
  if (range) {
    return namespace.addAnalogDataItem({
      ...common,
      dataType: type,
      engineeringUnits: opcua.makeEUInformation(unit, unit, unit),
      engineeringUnitsRange: { low: range[0], high: range[1] },
    });
  }
  const dataType = structure ? namespace.findDataType(structure) : (dataTypeNode[type] ?? type);
  return namespace.addVariable({ ...common, dataType });
}

/// What travels, from node-opcua's classes: the reverse of `convert`, for plain values and arrays of them.
function plainValue({ dataType, arrayType, value }) {
  const one = (v) => {
    if (dataType === DataType.Int64) return BigInt.asIntN(64, (BigInt(v[0]) << 32n) | BigInt(v[1]));
    if (dataType === DataType.UInt64) return (BigInt(v[0]) << 32n) | BigInt(v[1]);
    return v;
  };
  return arrayType === VariantArrayType.Scalar ? one(value) : Array.from(value, one);
}

/// Adds the variable and returns {set({value?, status?, sourceTime?}), get()}.
export function addVariable(namespace, parent, specification) {
  const node = create(namespace, parent, specification);
  for (const [name, limit] of Object.entries(specification.limits ?? {})) {
    const browseName = new opcua.QualifiedName({ namespaceIndex: 0, name }); // a name of the standard
    namespace.addVariable({ browseName, propertyOf: node, dataType: 'Double', value: { dataType: 'Double', value: limit } });
  }
  const space = namespace.addressSpace;
  const make = specification.structure && ((fields) => space.constructExtensionObject(namespace.findDataType(specification.structure), fields));
  let { value, status = 0 } = specification;
  const set = (change) => {
    value = 'value' in change ? change.value : value;
    status = change.status ?? status;
    const code = status === 0 ? StatusCodes.Good : opcua.getStatusCodeFromCode(status);
    node.setValueFromSource(variant({ ...specification, make }, value), code, change.sourceTime ?? new Date());
  };
  set({});
  return { set, get: () => plainValue(node.readValue().value) };
}
