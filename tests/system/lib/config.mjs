/// Pieces of configuration in TOML.

export const noSimulator = '[simulator]\nenabled = false\n';

const pairs = (entries) => Object.entries(entries).map(([key, value]) => `${key} = ${toml(value)}`);
const table = (entries) => pairs(entries).map((pair) => `${pair}\n`).join('');

function toml(value) {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value === 'object') return `{ ${pairs(value).join(', ')} }`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/// How the tests tune a source: quick, and lost within a second (keep-alive) plus what the program promises.
export const quickOpcUa = {
  publishing_interval_ms: 50,
  sampling_interval_ms: 50,
  keep_alive_count: 20,
  lifetime_count: 100,
  reconnect_min_ms: 100,
  reconnect_max_ms: 1000,
};

/// Time after which a silent server must have turned its tags Bad: keep-alive + 2 s.
export const quickLoss = quickOpcUa.publishing_interval_ms * quickOpcUa.keep_alive_count + 2000;

/// One [[opcua]] source, without security unless `options.security` says otherwise. `tags`: path → node id, or
/// path → {node, …other keys}.
export function opcUa(name, endpoint, tags, options = {}) {
  const entries = Object.entries(tags).map(
    ([path, tag]) => `\n[[opcua.tags]]\n${table({ name: path, ...(typeof tag === 'string' ? { node: tag } : tag) })}`,
  );
  return `\n[[opcua]]\n${table({ name, endpoint, security: { policy: 'none' }, ...quickOpcUa, ...options })}${entries.join('')}`;
}

/// Whoever has not logged in sees everything, also from elsewhere.
export const readByEverybody = '[security]\nanonymous_remote = "viewer"\n';
