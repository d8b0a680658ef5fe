"""Packets of other kinds, and a network that is gone."""

from __future__ import annotations

import asyncio
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
    """Nobody notices but the device. The server sends again what Bob has sent meanwhile, and so does SCTP: it comes twice,
    and counts once."""
    for size, gone_s in ((100, 0), (4_000, 2)):
        said, start = f"cut {size}", len(it.device.events)
        await it.device.do("cut")
        sent = [content.binary(it.contents, size + more) for more in range(3)]
        for one in sent:
            await it.device.do("publish", file=str(one.path), topic=said, to=["bob"], lossy=False)
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
        await asyncio.sleep(gone_s)
        await it.device.do("resume")
        event = await it.device.event("reconnected", start=start)
        assert event["resumed"] and event["lost"] == 0, event
        # What comes after it arrives after it.
        await it.device.do("publish", file=str(sent[0].path), topic=f"{said}, after it", to=["bob"], lossy=False)
        await it.bob.packet("user", lambda user: user.topic == f"{said}, after it")
        came = [len(packet.user.payload) for packet in it.bob.packets if packet.user.topic.startswith(said)]
        assert came == [size, size + 1, size + 2, size], came
        events = [event["event"] for event in await it.since(start)]
        assert [event for event in events if event in ("data", "stream", "call")] == ["data", "stream", "call"], events
