/// One variable of every OPC UA built-in type (OPC 10000-6, table 1): how the peer makes it, and the type (`ty`) and
/// JSON value the protocol promises for it.
const date = new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
const guid = '72962b91-fa75-4ae6-8d28-b404dc7daf63';

export const scalars = [
  { name: 'Boolean', type: 'Boolean', value: true, ty: 'bool', json: true },
  { name: 'SByte', type: 'SByte', value: -128, ty: 'i8', json: -128 },
  { name: 'Byte', type: 'Byte', value: 255, ty: 'u8', json: 255 },
  { name: 'Int16', type: 'Int16', value: -32768, ty: 'i16', json: -32768 },
  { name: 'UInt16', type: 'UInt16', value: 65535, ty: 'u16', json: 65535 },
  { name: 'Int32', type: 'Int32', value: -2147483648, ty: 'i32', json: -2147483648 },
  { name: 'UInt32', type: 'UInt32', value: 4294967295, ty: 'u32', json: 4294967295 },
  { name: 'Int64', type: 'Int64', value: -(2n ** 53n) + 1n, ty: 'i64', json: Number.MIN_SAFE_INTEGER },
  { name: 'Int64Low', type: 'Int64', value: -(2n ** 63n), ty: 'i64', json: '-9223372036854775808' },
  { name: 'Int64High', type: 'Int64', value: 2n ** 53n, ty: 'i64', json: '9007199254740992' },
  { name: 'UInt64', type: 'UInt64', value: 2n ** 53n - 1n, ty: 'u64', json: Number.MAX_SAFE_INTEGER },
  { name: 'UInt64High', type: 'UInt64', value: 2n ** 64n - 1n, ty: 'u64', json: '18446744073709551615' },
  { name: 'Float', type: 'Float', value: 0.1, ty: 'f32', json: 0.1 },
  { name: 'FloatMax', type: 'Float', value: 3.4028234663852886e38, ty: 'f32', json: 3.4028235e38 },
  { name: 'Double', type: 'Double', value: 0.1, ty: 'f64', json: 0.1 },
  { name: 'DoubleMin', type: 'Double', value: 5e-324, ty: 'f64', json: 5e-324 },
  { name: 'DoubleMax', type: 'Double', value: Number.MAX_VALUE, ty: 'f64', json: Number.MAX_VALUE },
  { name: 'NotANumber', type: 'Double', value: Number.NaN, ty: 'f64', json: 'NaN' },
  { name: 'Infinity', type: 'Double', value: Infinity, ty: 'f64', json: 'Infinity' },
  { name: 'MinusInfinity', type: 'Float', value: -Infinity, ty: 'f32', json: '-Infinity' },
  { name: 'String', type: 'String', value: 'Pumpe "7" \\ 泵 😀\n\u0001', ty: 'str', json: 'Pumpe "7" \\ 泵 😀\n\u0001' },
  { name: 'EmptyString', type: 'String', value: '', ty: 'str', json: '' },
  { name: 'DateTime', type: 'DateTime', value: date, ty: 'time', json: date.getTime() },
  { name: 'Guid', type: 'Guid', value: guid.toUpperCase(), ty: 'guid', json: guid },
  { name: 'ByteString', type: 'ByteString', value: Buffer.from([0, 1, 254, 255]), ty: 'bytes', json: 'AAH+/w==' },
  { name: 'XmlElement', type: 'XmlElement', value: '<a b="c">d</a>', ty: 'xml', json: '<a b="c">d</a>' },
  { name: 'NodeId', type: 'NodeId', value: 'ns=0;i=2258', ty: 'nodeid', json: 'i=2258' },
  // node-opcua's address space drops the namespace URI of an ExpandedNodeId.
  { name: 'ExpandedNodeId', type: 'ExpandedNodeId', value: 'ns=0;i=7', ty: 'xnodeid', json: 'i=7' },
  { name: 'StatusCode', type: 'StatusCode', value: 0x80310000, ty: 'status', json: 0x80310000 },
  { name: 'QualifiedName', type: 'QualifiedName', value: { namespaceIndex: 1, name: 'Level' }, ty: 'qname', json: '1:Level' },
  {
    name: 'LocalizedText',
    type: 'LocalizedText',
    value: { locale: 'zh', text: '液位' },
    ty: 'ltext',
    json: { locale: 'zh', text: '液位' },
  },
];

export const arrays = [
  { name: 'Doubles', type: 'Double', array: true, value: [1.5, Number.NaN, -2], ty: 'f64', json: [1.5, 'NaN', -2] },
  { name: 'NoDoubles', type: 'Double', array: true, value: [], ty: 'f64', json: [] },
  { name: 'Booleans', type: 'Boolean', array: true, value: [true, false], ty: 'bool', json: [true, false] },
  { name: 'Strings', type: 'String', array: true, value: ['a', '', '泵'], ty: 'str', json: ['a', '', '泵'] },
  { name: 'Int64s', type: 'Int64', array: true, value: [1n, -(2n ** 60n)], ty: 'i64', json: [1, '-1152921504606846976'] },
  {
    name: 'Variants',
    type: 'Variant',
    array: true,
    value: [
      { type: 'Double', value: 1.5 },
      { type: 'String', value: 'x' },
      { type: 'UInt64', value: 2n ** 64n - 1n },
    ],
    ty: 'variant',
    json: [1.5, 'x', '18446744073709551615'],
  },
];
