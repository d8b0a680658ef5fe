"""A program of the host whose log is followed: examples/bridge, and examples/linked, a device on a line."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from . import child
from .feed import Feed
from .logline import Line


class Program:
    """A running program; `log` grows with each line."""

    def __init__(self, name: str, process: Process, copy: Path) -> None:
        self.log: Feed[Line] = Feed(name)
        self._process = process
        self._follows = asyncio.create_task(self._follow(copy))

    @staticmethod
    async def start(path: Path, folder: Path, *arguments: str) -> Program:
        """`folder` is for its log, which is appended to."""
        # A pipe is written line by line, as a terminal.
        process = await child.spawn("stdbuf", "-oL", path, *arguments, out=PIPE)
        return Program(path.name, process, folder / f"{path.name}.log")

    async def line(self, kind: str, within: float, start: int = 0) -> Line:
        """Returns the first line of this kind, from index `start` on."""
        return await self.log.first(lambda line: line.kind == kind, f"'{kind}' line", within, start)

    async def said(self, text: str, within: float) -> Line:
        """Returns the first line with `text` in it."""
        return await self.log.first(lambda line: text in line.text, repr(text), within)

    async def succeeds(self, within: float) -> None:
        """Returns when it has ended by itself, with status 0."""
        async with asyncio.timeout(within):
            await asyncio.shield(self._follows)
        status = await self._process.wait()
        assert status == 0, f"{self.log.name} ended with status {status}; its last line: {self.log[-1:]}"

    async def kill(self) -> None:
        """As a crash would."""
        await child.kill(self._process)
        await self._follows

    async def stop(self) -> None:
        await child.end(self._process)
        await self._follows

    async def _follow(self, copy: Path) -> None:
        assert self._process.stdout
        with copy.open("a", buffering=1) as out:
            async for raw in self._process.stdout:
                line = Line.parse(raw.decode(errors="replace").rstrip())
                out.write(f"{line.at:.3f} {line}\n")
                self.log.append(line)
        self.log.close()
