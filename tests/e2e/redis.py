"""A redis, by which nodes of LiveKit's server are one cluster: they pass signalling on, and agree on who hosts a room."""

from __future__ import annotations

import asyncio
import socket
import time
from asyncio.subprocess import Process
from pathlib import Path

from . import child
from .server import free_port

OPTIONS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


class Redis:
    """redis-server, in memory only."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._port = free_port(socket.SOCK_STREAM)
        self.address = f"127.0.0.1:{self._port}"
        self._program, self._folder = program, folder
        self._process: Process | None = None

    async def start(self, within: float = 10) -> None:
        self._folder.mkdir()
        command = (self._program, *OPTIONS, "--port", str(self._port), "--dir", self._folder)
        with (self._folder / "redis.log").open("ab") as log:
            self._process = await child.spawn(*command, out=log)
        end = time.monotonic() + within
        while True:
            try:
                assert await self._ask("PING") == ["PONG"]
                return
            except OSError:
                assert self._process.returncode is None and time.monotonic() < end, f"no redis, see {self._folder}"
                await asyncio.sleep(0.01)  # no event announces an open port

    async def stop(self) -> None:
        if self._process:
            await child.end(self._process)

    async def nodes(self) -> set[str]:
        """The names of the nodes that have registered."""
        return set(await self._ask("HKEYS", "nodes"))

    async def host(self, room: str) -> str:
        """The name of the node that hosts the room, empty if there is none: a node that ends deletes the entry, even if another
        one hosts the room by then."""
        return "".join(await self._ask("HGET", "room_node_map", room))

    async def _ask(self, *command: str) -> list[str]:
        """The strings of the answer, none for nil. No string here has a line end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write((" ".join(command) + "\r\n").encode())
            kind, said = await _line(reader)
            if kind == "+":
                return [said]
            strings = []
            for _ in range(int(said) if kind == "*" else int(said) >= 0):
                if kind == "*":
                    await _line(reader)  # its length
                strings.append("".join(await _line(reader)))
            return strings
        finally:
            writer.close()


async def _line(reader: asyncio.StreamReader) -> tuple[str, str]:
    """The first character, and the others."""
    line = (await reader.readline()).decode().rstrip()
    assert line and line[0] != "-", f"redis: {line}"
    return line[0], line[1:]
