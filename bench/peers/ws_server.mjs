/// What a user could write with npm `ws`.
///
///   node ws_server.mjs port=P tags=N rate=HZ [arrival=spread|burst] [period=MS] [mode=gather|each]
///
/// `gather`: each client's changed rows in one message a period. `each`: one message per change, made once and sent to
/// everybody who watches the tag.
import { WebSocketServer } from 'ws';

import { argumentsOf, Load, sayReady, tagsOf } from './load.mjs';

const options = argumentsOf({ port: 0, tags: 1, rate: 10, arrival: 'spread', period: 100, mode: 'gather' });
const base = Date.now();
const rows = [];
const watchers = Array.from({ length: options.tags + 1 }, () => new Set());
const clients = new Set();
const header = `{"t":"data","sub":1,"seq":1,"b":${base},"v":[`;
const gathers = options.mode === 'gather';

const load = new Load(options, (tag) => {
  rows[tag] = `[${tag},${load.value(tag)},${Date.now() - base}]`;
  if (gathers) {
    for (const client of watchers[tag]) client.dirty.add(tag);
  } else {
    const message = `${header}${rows[tag]}]}`;
    for (const client of watchers[tag]) client.socket.send(message);
  }
});
for (let tag = 1; tag <= options.tags; ++tag) rows[tag] = `[${tag},${load.value(tag)},0]`;

function flush() {
  for (const client of clients) {
    if (client.dirty.size === 0) continue;
    const changed = [];
    for (const tag of client.dirty) changed.push(rows[tag]);
    client.dirty.clear();
    client.socket.send(`${header}${changed.join(',')}]}`);
  }
}

const server = new WebSocketServer({ port: options.port, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  const client = { socket, dirty: new Set() };
  clients.add(client);
  socket.on('message', (data) => {
    for (const tag of tagsOf(JSON.parse(data).tags, options.tags)) {
      watchers[tag].add(client);
      if (gathers) client.dirty.add(tag);
      else socket.send(`${header}${rows[tag]}]}`);
    }
  });
  socket.on('close', () => {
    clients.delete(client);
    for (const set of watchers) set.delete(client);
  });
});
server.on('listening', () => {
  load.start();
  if (gathers) setInterval(flush, options.period);
  sayReady();
});
