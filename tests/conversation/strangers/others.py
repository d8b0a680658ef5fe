"""Packets of other kinds, a connection that is lost, packets that come twice."""

from __future__ import annotations

import uuid

from livekit.protocol.models import RpcRequest, UserPacket

from .. import content
from .cast import Stream, Strangers, to_device


async def other_packets(it: Strangers) -> None:
    """Packets of other kinds are handed on; the largest that the server forwards is received."""
    start = len(it.device.events)
    dtmf = to_device()
    dtmf.sip_dtmf.digit = "1"
    chat = to_device()
    chat.chat_message.message = "hello"
    for packet in (dtmf, chat, to_device(), to_device(user=UserPacket(payload=bytes(65_000), topic="large"))):
        it.bob.send(packet, numbered=False)
    events = await it.since(start)
    assert [event["event"] for event in events] == ["other", "other", "other", "data"], events
    assert events[-1]["content"]["len"] == 65_000


async def resume(it: Strangers) -> None:
    """The connection is lost, and with it what the device sends until it is resumed."""
    for said, size, again, lost in (("lost", 100, 3, 0), ("too much", 4_000, 2, 1)):
        start = len(it.device.events)
        await it.device.do("cut")
        for _ in range(3):
            sent = content.binary(it.contents, size)
            await it.device.do("publish", file=str(sent.path), topic=said, to=["bob"], lossy=False)
        await it.device.do("resume")
        event = await it.device.event("resumed", start=start)
        assert (event["again"], event["lost"]) == (again, lost), event
        # What comes after it has the next number.
        await it.device.do("publish", file=str(sent.path), topic=f"{said}, after it", to=["bob"], lossy=False)
        last = await it.bob.packet("user", lambda user: user.topic == f"{said}, after it")
        numbers = [packet.sequence for packet in it.bob.packets if packet.user.topic == said]
        assert numbers == list(range(last.sequence - again, last.sequence)), numbers
        # And it still receives.
        await it.passed(it.bob)


async def twice(it: Strangers) -> None:
    """`device` is behind a bridge that passes on every frame twice, as after a resume."""
    start = len(it.device.events)
    stream = Stream()
    for packet in (
        to_device(user=UserPacket(payload=b"once", topic="once")),
        stream.header(total_length=2),
        stream.chunk(0, b"a"),
        stream.chunk(1, b"b"),
        stream.trailer(),
        to_device(rpc_request=RpcRequest(id=str(uuid.uuid4()), method="echo", version=1)),
    ):
        it.bob.send(packet)
    events = await it.since(start)
    assert [event["event"] for event in events] == ["data", "stream", "call"], events
