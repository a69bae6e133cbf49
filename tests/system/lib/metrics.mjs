/// Numbers of /metrics, which the server brings up to date once a second.
import { get } from './http.mjs';

/// The value of `tagwire_<name>`, with just these labels; NaN if there is none.
export async function metric(tagwire, name, labels = {}) {
  const { body } = await get(tagwire, '/metrics');
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const start = `tagwire_${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} `;
  return Number(body.split('\n').find((line) => line.startsWith(start))?.slice(start.length) ?? Number.NaN);
}
