/// A server-sent event stream, parsed by the WHATWG rules.
import assert from 'node:assert/strict';

import { open } from './http.mjs';
import { Inbox } from './inbox.mjs';

export class EventStream {
  #response;

  static async open(tagwire, target, headers = {}) {
    const stream = new EventStream();
    stream.#response = await open(tagwire, target, { headers: { accept: 'text/event-stream', ...headers } });
    assert.equal(stream.#response.statusCode, 200);
    assert.match(stream.#response.headers['content-type'], /^text\/event-stream/);
    stream.headers = stream.#response.headers;
    stream.inbox = new Inbox('event');
    stream.#read().catch(() => {});
    return stream;
  }

  async #read() {
    let event = {};
    let rest = '';
    this.#response.setEncoding('utf8');
    for await (const text of this.#response) {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const raw of lines) {
        const line = raw.replace(/\r$/, '');
        if (line === '') {
          if (event.data !== undefined) this.inbox.push({ event: 'message', ...event });
          event = {};
          continue;
        }
        const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
        if (name === '') this.inbox.push({ event: 'comment', data: value });
        else if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
        else event[name] = value;
      }
    }
    this.inbox.end('the stream ended');
  }

  /// The next event of this type: {event, data, id?}, `data` parsed as JSON.
  async next(type, where = () => true, timeout = 5000) {
    const found = await this.inbox.take(
      (event) => event.event === type && where(event.event === 'comment' ? event.data : JSON.parse(event.data)),
      timeout,
    );
    return found.event === 'comment' ? found : { ...found, data: JSON.parse(found.data) };
  }

  close() {
    this.#response.destroy();
  }
}
