"""An official Python SDK participant that collects what arrives in a room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from livekit import rtc

from . import probe, tokens
from .feed import Feed
from .readings import Reading
from .server import Server

RPC_METHOD = "reading"
# Those that nobody waits for any more.
ABANDONED: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Packet:
    """One data packet, as the SDK delivers it."""

    topic: str | None
    payload: bytes
    sender: str | None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Change:
    """A change of the connection: open, reconnecting, reconnected, disconnected."""

    what: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Departure:
    """A participant that has left, and why, as the SDK says."""

    identity: str
    reason: str
    at: float = field(default_factory=time.monotonic)


class Receiver:
    """Stays in the room until `leave`: when the SDK gives up after a long outage, it joins again."""

    def __init__(
        self,
        server: Server,
        room: str,
        identity: str = "operator",
        topic: str = "readings",
        passphrase: str = "",
        **described: Any,
    ) -> None:
        self.packets: Feed[Packet] = Feed(f"packets of {identity}")
        self.calls: Feed[Reading] = Feed(f"calls to {identity}")
        self.changes: Feed[Change] = Feed(f"connection of {identity}")
        self.departures: Feed[Departure] = Feed(f"departures seen by {identity}")
        self.identity = identity
        self._server, self._name, self._topic = server, room, topic
        self._options = encrypted(passphrase) if passphrase else rtc.RoomOptions()
        self._described = described  # metadata and attributes
        self._room: rtc.Room | None = None
        self._work: asyncio.Task[None] | None = None
        self._probed = asyncio.Event()
        self._leaving = False
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, within: float = 20) -> None:
        """Returns when packets are received for sure."""
        async with asyncio.timeout(within):
            await self._connect()
            await self._prove_open()

    async def leave(self) -> None:
        """Leaves. The SDK waits for a server that may be down, hence the deadline."""
        self._leaving = True
        if self._work:
            self._work.cancel()
        if self._room:
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await self._room.disconnect()

    def register(self, method: str, handler: Callable[[rtc.RpcInvocationData], Awaitable[str]]) -> None:
        """Registers the RPC method `method`, until the connection is lost."""
        assert self._room
        self._room.local_participant.register_rpc_method(method, handler)

    async def present(self, identity: str, within: float) -> None:
        """Returns when the SDK lists the participant `identity`."""
        assert self._room
        async with asyncio.timeout(within):
            while identity not in self._room.remote_participants:
                await asyncio.sleep(0.05)

    async def call(self, identity: str, method: str, payload: str) -> tuple[str | int, int]:
        """Calls a method. Returns its response, or the code of its error, and after how many milliseconds."""
        assert self._room
        began = time.monotonic()
        result: str | int
        try:
            result = await self._room.local_participant.perform_rpc(
                destination_identity=identity, method=method, payload=payload
            )
        except rtc.RpcError as error:
            result = error.code
        return result, round(1000 * (time.monotonic() - began))

    def receive_text(self, topic: str, text: Feed[str]) -> None:
        """Appends the chunks of the first text stream of `topic` to `text`, and closes it at its end."""

        async def read(reader: rtc.TextStreamReader) -> None:
            try:
                async for chunk in reader:
                    text.append(chunk)
            finally:
                text.close()

        assert self._room
        self._room.register_text_stream_handler(topic, lambda reader, _: self._tasks.append(asyncio.create_task(read(reader))))

    def forget_text(self, topic: str) -> None:
        """Leaves the next text stream of `topic` to another feed."""
        assert self._room
        self._room.unregister_text_stream_handler(topic)

    async def stream_file(self, topic: str, content: bytes, to: Sequence[str] = ()) -> None:
        assert self._room
        writer = await self._room.local_participant.stream_bytes(
            "file", topic=topic, total_size=len(content), destination_identities=list(to)
        )
        await writer.write(content)
        await writer.aclose()

    def receive_file(self, topic: str, file: asyncio.Future[bytes]) -> None:
        """Sets `file` to the first byte stream of `topic`."""

        async def read(reader: rtc.ByteStreamReader) -> None:
            try:
                file.set_result(b"".join([bytes(chunk) async for chunk in reader]))
            except Exception as error:
                file.set_exception(error)

        assert self._room
        self._room.register_byte_stream_handler(topic, lambda reader, _: self._tasks.append(asyncio.create_task(read(reader))))

    async def transcribe(self, segment: str, texts: list[str], is_final: bool = True) -> None:
        """Sends a text stream as an agent does: what is final is said at its end."""
        assert self._room
        attributes = {"lk.segment_id": segment, "lk.transcription_final": "false"}
        writer = await self._room.local_participant.stream_text(topic="lk.transcription", attributes=attributes)
        for text in texts:
            await writer.write(text)
        await writer.aclose(attributes={"lk.transcription_final": "true"} if is_final else {})

    async def publish(self, topic: str, payload: bytes, to: Sequence[str] = (), reliable: bool = True) -> None:
        assert self._room
        await self._room.local_participant.publish_data(
            payload, topic=topic, destination_identities=list(to), reliable=reliable
        )

    async def send_text(self, topic: str, text: str) -> None:
        assert self._room
        await self._room.local_participant.send_text(text, topic=topic)

    def readings(self) -> list[Reading]:
        """The readings of all data packets, duplicates included."""
        return [Reading.parse(packet.payload) for packet in self.packets]

    async def got(self, count: int, within: float) -> None:
        """Returns when `count` different packets have been received."""
        await self.packets.until(
            lambda packets: len({packet.payload for packet in packets}) >= count, f"{count} readings", within
        )

    async def opened(self, after: float, within: float) -> Change:
        """Returns the moment, after `after`, from which on everything that the server accepts is received."""
        return await self.changes.first(lambda c: c.what == "open" and c.at > after, "open connection", within)

    async def _connect(self) -> None:
        room = rtc.Room()
        room.on("data_received", self._received)
        room.on("participant_disconnected", self._departed)
        for event in ("reconnecting", "reconnected", "disconnected"):
            room.on(event, lambda *_, event=event: self._changed(room, event))
        self._room = room
        token = tokens.participant(self._server, self._name, self.identity, **self._described)
        await _whole(room, self._server.ws, token, self._options)
        room.local_participant.register_rpc_method(RPC_METHOD, self._called)

    def _received(self, packet: rtc.DataPacket) -> None:
        if packet.topic == probe.TOPIC:
            self._probed.set()
        elif packet.topic == self._topic:
            sender = packet.participant.identity if packet.participant else None
            self.packets.append(Packet(packet.topic, bytes(packet.data), sender))

    def _departed(self, participant: rtc.RemoteParticipant) -> None:
        reason = participant.disconnect_reason
        name = "none" if reason is None else rtc.DisconnectReason.Name(reason)
        self.departures.append(Departure(participant.identity, name))

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


def encrypted(passphrase: str) -> rtc.RoomOptions:
    """Of a room that is encrypted end to end. Trying further keys for what cannot be decrypted would take 0.35 s a packet."""
    keys = rtc.KeyProviderOptions(shared_key=passphrase.encode(), ratchet_window_size=0)
    return rtc.RoomOptions(encryption=rtc.E2EEOptions(key_provider_options=keys))


async def _whole(room: rtc.Room, url: str, token: str, options: rtc.RoomOptions) -> None:
    """Connects. The SDK ends the whole process 10 s after a `connect` that was broken off: one that is not waited for any
    more goes on, and then leaves."""
    connecting = asyncio.create_task(room.connect(url, token, options))
    try:
        await asyncio.shield(connecting)
    except asyncio.CancelledError:
        task = asyncio.create_task(_leave(room, connecting))
        ABANDONED.add(task)
        task.add_done_callback(ABANDONED.discard)
        raise


async def _leave(room: rtc.Room, connecting: asyncio.Task[None]) -> None:
    with suppress(rtc.ConnectError):
        await connecting
        await room.disconnect()
