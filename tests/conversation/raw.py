"""A participant that sends any packet, over a bridge."""

from __future__ import annotations

import asyncio
import json
import struct
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from e2e import child
from e2e.feed import Feed
from livekit.protocol.models import DataPacket

HEAD = struct.Struct("<IB")
CHANNELS = {1: "_reliable", 2: "_lossy"}


class Raw:
    def __init__(self, name: str, process: Process) -> None:
        self.identity = name
        self.sid = ""
        self.packets: Feed[DataPacket] = Feed(f"packets of {name}")
        self.news: Feed[dict[str, Any]] = Feed(f"news of {name}")
        self._process = process
        self._sequence = 0
        self._follows = asyncio.create_task(self._follow())

    @staticmethod
    async def start(name: str, command: list[str | Path], folder: Path, within: float = 20) -> Raw:
        """Returns when its channels are open."""
        with (folder / f"{name}.err").open("wb") as err:
            process = await child.spawn(*command, out=PIPE, err=err, stdin=PIPE)
        raw = Raw(name, process)
        opened = {(label, ours) for label in CHANNELS.values() for ours in (True, False)}
        await raw.news.until(
            lambda news: opened <= {(one["open"], one["ours"]) for one in news if "open" in one}, "open channels", within
        )
        raw.sid = raw.news[0]["joined"]["sid"]
        return raw

    def send(self, packet: DataPacket, numbered: bool = True) -> None:
        """Sends a packet reliably."""
        if numbered:
            self._sequence += 1
            packet.sequence = self._sequence
        frame = packet.SerializeToString()
        assert self._process.stdin
        self._process.stdin.write(HEAD.pack(len(frame), 1) + frame)

    async def packet(self, kind: str, wanted: Callable[[Any], object], within: float = 20) -> DataPacket:
        """Returns the first packet of this kind for whose content `wanted` is true."""
        return await self.packets.first(
            lambda packet: packet.WhichOneof("value") == kind and wanted(getattr(packet, kind)), kind, within
        )

    async def leave(self) -> None:
        """Says goodbye to the room, and ends."""
        if self._process.returncode is None and self._process.stdin:
            self._process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await self._process.wait()
        await child.kill(self._process)
        await self._follows

    async def _follow(self) -> None:
        out = self._process.stdout
        assert out
        with suppress(asyncio.IncompleteReadError):
            while True:
                length, kind = HEAD.unpack(await out.readexactly(HEAD.size))
                body = await out.readexactly(length)
                if kind == 0:
                    self.news.append(json.loads(body))
                elif kind in CHANNELS:
                    self.packets.append(DataPacket.FromString(body))
        self.packets.close()
        self.news.close()
