/// What a user could write with `socket.io`: a room for each tag, an event for each change.
///
///   node socketio_server.mjs port=P tags=N rate=HZ [arrival=spread|burst]
import { Server } from 'socket.io';

import { argumentsOf, Load, sayReady, tagsOf } from './load.mjs';

const options = argumentsOf({ port: 0, tags: 1, rate: 10, arrival: 'spread' });
const server = new Server({ transports: ['websocket'], perMessageDeflate: false, serveClient: false });
const times = new Array(options.tags + 1).fill(Date.now());

const row = (tag) => [tag, load.value(tag), times[tag]];
const load = new Load(options, (tag) => {
  times[tag] = Date.now();
  server.to(`t${tag}`).emit('u', row(tag));
});

server.on('connection', (socket) => {
  socket.on('sub', ({ tags }) => {
    for (const tag of tagsOf(tags, options.tags)) {
      socket.join(`t${tag}`);
      socket.emit('u', row(tag));
    }
  });
});
server.listen(options.port);
load.start();
sayReady();
