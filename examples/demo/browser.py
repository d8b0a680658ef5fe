"""The page in a headless browser, driven by page/check.mjs."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from web import PAGE, Web

from e2e import child
from e2e.feed import Feed
from e2e.peers import get
from e2e.probe import probe


class Browser:
    """Uses the device from the page, and saves the screenshot `picture`, when `count` readings are on the page."""

    def __init__(self, web: Web, count: int, picture: Path) -> None:
        self._web, self._count, self._picture = web, count, picture
        self._lines: Feed[str] = Feed("check.mjs")
        self._process: Process | None = None

    async def start(self, url: str, within: float = 40) -> None:
        """Returns when the page receives what is sent into the room."""
        command = ("node", PAGE / "check.mjs", self._web.packages, await get("chromium"), url, str(self._count))
        self._process = await child.spawn(*command, self._picture, out=PIPE)
        self._follows = asyncio.create_task(self._follow(self._process))
        await self._line("joined", within)
        arrived = asyncio.Event()
        probing = asyncio.create_task(probe(self._web.server, self._web.room, self._web.identities[-1], arrived))
        try:
            await self._line("open", within)
        finally:
            arrived.set()
            await probing

    async def answered(self, within: float) -> str:
        """Returns what the page shows as the device's answer, once the device's log on the page says that the page has called."""
        return (await self._line("answered ", within)).removeprefix("answered ")

    async def readings(self, within: float = 20) -> list[tuple[str, int, float]]:
        """Returns boot, number and value of all readings of the page, once the screenshot is saved."""
        line = await self._line("readings ", within)
        async with asyncio.timeout(within):
            await self._follows  # it closes the browser, last of all
        return [(one["boot"], one["n"], one["celsius"]) for one in json.loads(line.removeprefix("readings "))]

    async def stop(self) -> None:
        if self._process:
            await child.end(self._process)

    async def _line(self, start: str, within: float) -> str:
        return await self._lines.first(lambda line: line.startswith(start), f"'{start}'", within)

    async def _follow(self, process: Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self._lines.append(line.decode(errors="replace").rstrip())
        self._lines.close()
