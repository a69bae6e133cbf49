#!/usr/bin/env python3
"""Prints every change of the tags that are asked for, by the push protocol tagwire.v1.

    tagwire_watch.py [--url ws://127.0.0.1:5000/ws] TAG…       Random.Int1 'Plant.**'

One line a change: path, value, unit, quality, source time; separated by tabs. Comes back by itself when the server
or the network was gone, and then prints the latest value of every tag that has changed meanwhile. Needs Python 3.9 or newer and the package websockets
(Debian: python3-websockets).
"""
import argparse
import asyncio
import datetime
import json
import random
import sys

import websockets

# Close codes after which trying again is pointless (docs/protocol.md).
FINAL_CODES = {4001, 4003, 4009}
LONGEST_PAUSE = 15.0


def quality(status):
    """What the top two bits of an OPC UA StatusCode say."""
    return ("Good", "Uncertain", "Bad", "Bad")[status >> 30]


def decoded(kind, value):
    """A value of the type that its tag tells. What JSON numbers cannot hold comes as text."""
    if isinstance(value, list):
        return [decoded(kind, element) for element in value]
    if isinstance(value, str) and kind in ("i64", "u64"):
        return int(value)
    if isinstance(value, str) and kind in ("f32", "f64"):
        return float(value)  # NaN, Infinity, -Infinity
    return value


class Watch:
    """The subscription over all its connections: what is known of the tags, and where to go on after a loss."""

    def __init__(self, tags):
        self.tags = tags
        self.boot = None  # of the server that `seq` belongs to
        self.seq = None  # everything up to this change was printed
        self.described = {}  # handle → description, valid while `boot` stays

    def request(self):
        frame = {"t": "sub", "id": 1, "tags": self.tags, "mode": "all"}
        if self.seq is not None:
            frame["resume"] = {"boot": self.boot, "seq": self.seq}
        return frame

    def hello(self, frame):
        if frame["boot"] != self.boot:
            self.boot = frame["boot"]
            self.described.clear()

    def describe(self, tags):
        for tag in tags:
            self.described[tag["h"]] = tag

    def data(self, frame):
        for handle, value, *rest in frame["v"]:
            later, status = (rest + [0, 0])[:2]  # trailing zeros are left out
            tag = self.described[handle]
            time = datetime.datetime.fromtimestamp((frame["b"] + later) / 1000, datetime.timezone.utc)
            unit = tag.get("u", "")
            text = json.dumps(decoded(tag["ty"], value), ensure_ascii=False)
            print(tag["n"], text, unit, quality(status), time.isoformat(), sep="\t", flush=True)
        if not frame.get("more"):  # a resume in the midst of a snapshot would lose its rest
            self.seq = frame["seq"]

    def take(self, frame):
        """One frame of the server. True once the server has shown that it serves us."""
        kind = frame["t"]
        if kind == "hello":
            self.hello(frame)
        elif kind == "ok":
            self.describe(frame.get("tags", []))
            for bad in frame.get("bad", []):
                print(f"{bad['n']}: {bad['msg']}", file=sys.stderr)
            return True
        elif kind == "tags":
            self.describe(frame.get("add", []))
        elif kind == "data":
            self.data(frame)
        elif kind == "lag":
            print(f"{frame['skipped']} changes were skipped: this program is too slow", file=sys.stderr)
        elif kind == "src" and frame["state"] != "live":
            print(f"source {frame['n']}: {frame['state']} {frame.get('msg', '')}", file=sys.stderr)
        elif kind == "err":
            raise SystemExit(f"the server refused: {frame['msg']}")
        return False  # frames of a later protocol revision are left alone


async def follow(watch, url, served):
    """Prints changes until the connection ends. A server sends something within each `ping`: two silent ones are a loss."""
    async with websockets.connect(url, subprotocols=["tagwire.v1"], max_size=None, ping_interval=None) as socket:
        hello = json.loads(await asyncio.wait_for(socket.recv(), 10))
        watch.take(hello)
        await socket.send(json.dumps(watch.request()))
        silence = 2 * hello["ping"] / 1000
        while True:
            if watch.take(json.loads(await asyncio.wait_for(socket.recv(), silence))):
                served()


async def watch_for_ever(url, tags):
    watch = Watch(tags)
    failures = 0

    def served():
        nonlocal failures
        failures = 0

    while True:
        try:
            await follow(watch, url, served)
        except websockets.ConnectionClosed as closed:
            code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
            if code in FINAL_CODES:
                raise SystemExit(f"the server ended it: {reason} ({code})") from None
            why = reason or f"close code {code}"
        except (OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
            why = str(error) or type(error).__name__
        # Everybody comes back at another moment, so that a restarted server is not stormed.
        pause = random.uniform(0.5, min(LONGEST_PAUSE, 2.0**failures))
        failures += 1
        print(f"connection lost ({why}); next attempt in {pause:.1f} s", file=sys.stderr)
        await asyncio.sleep(pause)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="ws://127.0.0.1:5000/ws")
    parser.add_argument("tags", metavar="TAG", nargs="+", help="tag path or pattern; * is one level, ** any number")
    arguments = parser.parse_args()
    try:
        asyncio.run(watch_for_ever(arguments.url, arguments.tags))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
