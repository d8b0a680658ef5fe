"""Those who send packets by hand, and the packets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livekit.protocol.models import DataPacket, DataStream, RpcRequest, UserPacket

from .. import content
from ..participant import Failed, Line, Participant
from ..raw import Raw

# The topic of packets that only show that all before them has been received.
MARK = "mark"


def to_device(**value: Any) -> DataPacket:
    return DataPacket(destination_identities=["device"], **value)


class Stream:
    """Packets of one stream."""

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())

    def header(self, kind: str = "text_header", topic: str = "text", **fields: Any) -> DataPacket:
        header = DataStream.Header(stream_id=self.id, topic=topic, mime_type="text/plain", **fields)
        if kind:
            getattr(header, kind).SetInParent()
        return to_device(stream_header=header)

    def chunk(self, index: int, data: bytes) -> DataPacket:
        return to_device(stream_chunk=DataStream.Chunk(stream_id=self.id, chunk_index=index, content=data))

    def trailer(self, **fields: Any) -> DataPacket:
        return to_device(stream_trailer=DataStream.Trailer(stream_id=self.id, **fields))


@dataclass
class Strangers:
    """A device, Bob and Carol whom it talks to, and Eve who knows all ids, as the room is told them. Carol announces RPC
    version 2."""

    device: Participant
    bob: Raw
    carol: Raw
    eve: Raw
    contents: Path
    # Of RPC; the device of version 2 reads compressed streams, too.
    version: int

    async def passed(self, sender: Raw) -> None:
        """Returns when the device has received all that `sender` has sent."""
        mark = str(uuid.uuid4())
        sender.send(to_device(user=UserPacket(payload=mark.encode(), topic=MARK)))
        told = content.exactly(self.contents, mark).told
        await self.device.event("data", lambda event: event["content"] == told)

    async def since(self, start: int) -> list[Line]:
        """Returns all events from index `start` on, when the device has received all that Bob has sent."""
        await self.passed(self.bob)
        return [event for event in self.device.events[start:] if event.get("topic") != MARK]

    async def streams(self, *packets: tuple[Raw, DataPacket]) -> list[tuple[int, str]]:
        """Sends packets in this order; returns length and error of each stream that has ended, and asserts that nothing else
        has come of them."""
        start = len(self.device.events)
        for at, (sender, packet) in enumerate(packets):
            if at and packets[at - 1][0] is not sender:
                await self.passed(packets[at - 1][0])
            sender.send(packet, numbered=False)
        await self.passed(sender)
        events = await self.since(start)
        assert {event["event"] for event in events} <= {"stream"}, events
        return [(event["content"]["len"], event["error"]) for event in events]

    async def call(self, method: str, timeout_ms: int = 15_000, callee: str = "bob") -> str:
        """Calls the callee; returns what the device tells: a length, or a code and a message."""
        payload = content.exactly(self.contents, method)
        said = {"to": callee, "method": method, "file": str(payload.path), "timeout_ms": timeout_ms}
        try:
            return str((await self.device.do("call", **said))["len"])
        except Failed as error:
            return f"{error.code} {error.message}"

    async def called(self, method: str) -> str:
        """Returns the id of the device's request."""
        packet = await self.bob.packet("rpc_request", lambda request: request.method == method)
        assert packet.participant_identity == "device" and packet.rpc_request.version == 1, packet
        return packet.rpc_request.id

    async def calls(self, **request: Any) -> tuple[int, list[tuple[int, str]]]:
        """Bob calls the device; returns how often it acknowledges, and its responses: code and payload."""
        fields = {"id": str(uuid.uuid4()), "method": "echo", "payload": "x", "response_timeout_ms": 8_000, "version": 1}
        fields |= request
        times = fields.pop("times", 1)
        start = len(self.bob.packets)
        for _ in range(times):
            self.bob.send(to_device(rpc_request=RpcRequest(**fields)), numbered=False)
        # The device answers in order.
        last = str(uuid.uuid4())
        self.bob.send(to_device(rpc_request=RpcRequest(id=last, method="echo", version=1)))
        await self.bob.packet("rpc_response", lambda response: response.request_id == last)
        mine = [packet for packet in self.bob.packets[start:] if packet.participant_identity == "device"]
        assert all(list(packet.destination_identities) == ["bob"] for packet in mine), "it answers others as well"
        acknowledged = [packet for packet in mine if packet.rpc_ack.request_id == fields["id"] and packet.HasField("rpc_ack")]
        responses = [packet.rpc_response for packet in mine if packet.HasField("rpc_response")]
        return len(acknowledged), [(r.error.code, r.payload) for r in responses if r.request_id == fields["id"]]
