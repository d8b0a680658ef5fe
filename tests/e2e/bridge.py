"""A bridge to a room's data channels behind a TCP port, for a device without a transport of its own."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress

from . import child, tokens
from .peers import get
from .server import Server


class Bridge:
    """Each connection is a participant with the identity `identity`, as long as it lasts."""

    def __init__(self, server: Server, room: str, identity: str) -> None:
        self.port = 0
        self._server, self._room, self._identity = server, room, identity
        self._listener: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends all connections: the participants leave."""
        if self._listener:
            self._listener.close()
        for connection in list(self._open):
            connection.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accepted(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        token = tokens.participant(self._server, self._room, self._identity)
        said = ("-url", self._server.ws, "-token", token)
        process = await child.spawn(await get("participants") / "bridge", *said, out=PIPE, err=DEVNULL, stdin=PIPE)
        assert process.stdout and process.stdin
        try:
            await asyncio.gather(_copy(process.stdout, writer), _copy(reader, process.stdin))
        finally:
            await child.end(process)


async def _copy(source: StreamReader, sink: StreamWriter) -> None:
    while data := await source.read(4096):
        sink.write(data)
        await sink.drain()
    sink.close()
