#!/usr/bin/env python3
"""A line between two hosts that is worse than the real one: passes bytes on from FROM to TO, each HOST:PORT, as long
as it lives. What scripts/drill_wire.py puts between a coordinator and its workers."""
import argparse
import asyncio
import random
import time


class Line:
    """One direction of one connection."""

    def __init__(self, args, dice):
        self.args, self.dice = args, dice
        self.left = dice.expovariate(1 / args.cut) if args.cut else None
        self.flip = dice.expovariate(1 / args.flip) if args.flip else None

    def spoiled(self, data):
        """The bytes with a bit turned over each `flip` bytes or so."""
        if self.flip is None:
            return data
        data = bytearray(data)
        while self.flip < len(data):
            data[int(self.flip)] ^= 1 << self.dice.randrange(8)
            self.flip += self.dice.expovariate(1 / self.args.flip)
        self.flip -= len(data)
        return bytes(data)

    async def carry(self, reader, writer):
        """Until an end closes, or the line breaks."""
        waiting = asyncio.Queue()

        async def deliver():
            while (item := await waiting.get()) is not None:
                due, data = item
                await asyncio.sleep(max(0, due - time.monotonic()))
                writer.write(data)
                await writer.drain()

        delivering = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(1 << 16):
                if self.left is not None:
                    self.left -= len(data)
                    if self.left <= 0:
                        return
                await waiting.put((time.monotonic() + self.args.delay * self.dice.uniform(0.5, 1.5), self.spoiled(data)))
            await waiting.put(None)
            await delivering
        finally:
            delivering.cancel()


async def connect(args, dice, reader, writer):
    host, port = args.to.rsplit(":", 1)
    try:
        there, back = await asyncio.open_connection(host, int(port))
    except OSError:
        writer.close()
        return
    ways = [asyncio.ensure_future(Line(args, dice).carry(reader, back)), asyncio.ensure_future(Line(args, dice).carry(there, writer))]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)
    for end in (writer, back):
        end.transport.abort()


async def serve(args):
    dice = random.Random(args.seed)
    host, port = args.at.rsplit(":", 1)
    server = await asyncio.start_server(lambda reader, writer: connect(args, dice, reader, writer), host, int(port))
    async with server:
        await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("at", metavar="FROM")
    parser.add_argument("to", metavar="TO")
    parser.add_argument("--delay", type=float, default=0, help="seconds that bytes take, half as long to half as much again")
    parser.add_argument("--cut", type=float, default=0, help="bytes behind which a connection breaks, in the mean")
    parser.add_argument("--flip", type=float, default=0, help="bytes among which one bit is turned over, in the mean")
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
