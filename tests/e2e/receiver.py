"""An official Python SDK participant that collects what arrives in a room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from livekit import rtc

from . import probe, tokens
from .feed import Feed
from .readings import Reading
from .server import Server

RPC_METHOD = "reading"


@dataclass(frozen=True)
class Packet:
    """One data packet as the SDK hands it over."""

    topic: str | None
    payload: bytes
    sender: str | None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Change:
    """Something that happened to the connection: open, reconnecting, reconnected, disconnected."""

    what: str
    at: float = field(default_factory=time.monotonic)


class Receiver:
    """Stays in the room until `leave`: where the SDK gives up after a long outage, it joins anew."""

    def __init__(
        self, server: Server, room: str, identity: str = "operator", topic: str = "readings", **described: Any
    ) -> None:
        self.packets: Feed[Packet] = Feed(f"packets of {identity}")
        self.calls: Feed[Reading] = Feed(f"calls to {identity}")
        self.changes: Feed[Change] = Feed(f"connection of {identity}")
        self.identity = identity
        self._server, self._name, self._topic = server, room, topic
        self._described = described  # metadata and attributes
        self._room: rtc.Room | None = None
        self._work: asyncio.Task[None] | None = None
        self._probed = asyncio.Event()
        self._leaving = False

    async def join(self, within: float = 20) -> None:
        """Returns when packets arrive for sure."""
        async with asyncio.timeout(within):
            await self._connect()
            await self._prove_open()

    async def leave(self) -> None:
        """Leaves for good. The SDK waits for a server that may be gone, hence the deadline."""
        self._leaving = True
        if self._work:
            self._work.cancel()
        if self._room:
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await self._room.disconnect()

    def answers(self, method: str, answer: Callable[[rtc.RpcInvocationData], Awaitable[str]]) -> None:
        """Has calls of `method` answered, until the connection is lost."""
        assert self._room
        self._room.local_participant.register_rpc_method(method, answer)

    def readings(self) -> list[Reading]:
        """What came by data packets, doubles included."""
        return [Reading.parse(packet.payload) for packet in self.packets]

    async def got(self, count: int, within: float) -> None:
        """`count` different readings have come, by packet or by call."""
        await self.packets.until(
            lambda packets: len({packet.payload for packet in packets}) >= count, f"{count} readings", within
        )

    async def opened(self, after: float, within: float) -> Change:
        """The moment, after `after`, from which on all that the server accepts arrives."""
        return await self.changes.first(lambda c: c.what == "open" and c.at > after, "open connection", within)

    async def _connect(self) -> None:
        room = rtc.Room()
        room.on("data_received", self._received)
        for event in ("reconnecting", "reconnected", "disconnected"):
            room.on(event, lambda *_, event=event: self._changed(room, event))
        self._room = room
        token = tokens.participant(self._server, self._name, self.identity, **self._described)
        await room.connect(self._server.ws, token)
        room.local_participant.register_rpc_method(RPC_METHOD, self._called)

    def _received(self, packet: rtc.DataPacket) -> None:
        if packet.topic == probe.TOPIC:
            self._probed.set()
        elif packet.topic == self._topic:
            sender = packet.participant.identity if packet.participant else None
            self.packets.append(Packet(packet.topic, bytes(packet.data), sender))

    async def _called(self, call: rtc.RpcInvocationData) -> str:
        reading = Reading.parse(call.payload)
        self.calls.append(reading)
        return str(reading.n)

    def _changed(self, room: rtc.Room, what: str) -> None:
        if self._leaving or room is not self._room:
            return
        self.changes.append(Change(what))
        if what != "reconnecting":
            if self._work:
                self._work.cancel()
            self._work = asyncio.create_task(self._prove_open() if what == "reconnected" else self._rejoin())

    async def _rejoin(self) -> None:
        while True:
            try:
                return await self.join()
            except (rtc.ConnectError, TimeoutError):
                await asyncio.sleep(0.2)

    async def _prove_open(self) -> None:
        self._probed.clear()
        await probe.probe(self._server, self._name, self.identity, self._probed)
        self.changes.append(Change("open"))
