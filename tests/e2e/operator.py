"""The participant that sends commands: examples/firmware/commands/send_commands.py, as a user runs it."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process

from . import child, tokens
from .feed import Feed
from .firmware import FOLDER
from .server import Server

SCRIPT = FOLDER / "commands/send_commands.py"


class Operator:
    """`lines` has what the script prints."""

    def __init__(self, process: Process) -> None:
        self.lines: Feed[str] = Feed("send_commands.py")
        self._process = process
        self._follows = asyncio.create_task(self._follow())

    @staticmethod
    async def join(server: Server, room: str, identity: str = "operator", within: float = 20) -> Operator:
        env = {"LIVEKIT_URL": server.ws, "LIVEKIT_TOKEN": tokens.participant(server, room, identity)}
        process = await child.spawn(sys.executable, SCRIPT, out=PIPE, stdin=PIPE, env=env)
        operator = Operator(process)
        await operator.lines.first(lambda line: " is in room " in line, "joined", within)
        return operator

    async def send(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n".encode())
        await self._process.stdin.drain()

    async def confirmed(self, command: str, within: float) -> int:
        """Returns after how many milliseconds the device had executed the command and called again."""
        line = await self.lines.first(lambda line: line.endswith(f" ms: {command}"), f"'{command}' confirmed", within)
        found = re.search(r" confirmed after (\d+) ms: ", line)
        assert found, line
        return int(found[1])

    async def leave(self) -> None:
        await child.end(self._process)
        await self._follows

    async def _follow(self) -> None:
        assert self._process.stdout
        async for raw in self._process.stdout:
            self.lines.append(raw.decode(errors="replace").rstrip())
        self.lines.close()
