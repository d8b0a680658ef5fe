"""What no SDK sends: packets by hand, of the one whom the device talks to and of a third."""

from __future__ import annotations

import asyncio
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.server import Server
from livekit.protocol.models import DataPacket, DataStream, RpcAck, RpcError, RpcRequest, RpcResponse, UserPacket

from . import content
from .lab import Programs, Room
from .matrix import FAILED, PASSED
from .participant import Failed, Line, Participant
from .raw import Raw

LIMIT_S = 30
# Streams that the device has space for.
SPACE = 12


@dataclass
class Strangers:
    """A device, Bob whom it talks to, and Eve who knows all ids, as the room is told them."""

    device: Participant
    bob: Raw
    eve: Raw
    contents: Path

    async def passed(self, sender: Raw) -> None:
        """Returns when the device has received all that `sender` has sent."""
        mark = str(uuid.uuid4())
        sender.send(to_device(user=UserPacket(payload=mark.encode(), topic=MARK)))
        told = content.exactly(self.contents, mark).told
        await self.device.event("data", lambda event: event["content"] == told, 5)

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

    async def call(self, method: str, timeout_ms: int = 15_000) -> str:
        """Calls Bob; returns what the device tells: a length, or a code and a message."""
        payload = content.exactly(self.contents, method)
        said = {"to": "bob", "method": method, "file": str(payload.path), "timeout_ms": timeout_ms}
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


# The topic of packets that only show that all before them has been received.
MARK = "mark"


def to_device(**value: Any) -> DataPacket:
    return DataPacket(destination_identities=["device"], **value)


class Stream:
    """Packets of one stream."""

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())

    def header(self, kind: str = "text_header", **fields: Any) -> DataPacket:
        header = DataStream.Header(stream_id=self.id, topic="text", mime_type="text/plain", **fields)
        if kind:
            getattr(header, kind).SetInParent()
        return to_device(stream_header=header)

    def chunk(self, index: int, data: bytes) -> DataPacket:
        return to_device(stream_chunk=DataStream.Chunk(stream_id=self.id, chunk_index=index, content=data))

    def trailer(self, **fields: Any) -> DataPacket:
        return to_device(stream_trailer=DataStream.Trailer(stream_id=self.id, **fields))


async def whole_streams(it: Strangers) -> None:
    bob = it.bob
    for expected, make in {
        "a chunk that comes again": lambda s: [s.header(), s.chunk(0, b"a"), s.chunk(0, b"a"), s.chunk(1, b"bc"), s.trailer()],
        "an empty chunk": lambda s: [s.header(total_length=3), s.chunk(0, b"a"), s.chunk(1, b""), s.chunk(2, b"bc"), s.trailer()],
        "a header that comes again": lambda s: [s.header(), s.chunk(0, b"a"), s.header(), s.chunk(1, b"bc"), s.trailer()],
        "a chunk before its header": lambda s: [s.chunk(0, b"x"), s.header(), s.chunk(0, b"abc"), s.trailer()],
        "characters in two chunks": lambda s: [s.header(), s.chunk(0, "温".encode()[:1]), s.chunk(1, "温".encode()[1:]), s.trailer()],
    }.items():
        ended = await it.streams(*((bob, packet) for packet in make(Stream())))
        assert ended == [(3, "")], (expected, ended)
    stream = Stream()
    twice = [stream.header(), stream.chunk(0, b"a"), stream.trailer()] * 2
    assert await it.streams(*((bob, packet) for packet in twice)) == [(1, ""), (1, "")]


async def broken_streams(it: Strangers) -> None:
    for expected, make in {
        "MissedChunk": lambda s: [s.header(), s.chunk(0, b"a"), s.chunk(2, b"b"), s.chunk(1, b"b"), s.trailer()],
        "LengthExceeded": lambda s: [s.header(total_length=1), s.chunk(0, b"ab"), s.trailer()],
        "Incomplete": lambda s: [s.header(total_length=5), s.chunk(0, b"ab"), s.trailer()],
        "aborted: user gave up": lambda s: [s.header(total_length=5), s.chunk(0, b"ab"), s.trailer(reason="user gave up")],
        "PayloadTooLarge": lambda s: [s.header(total_length=1 << 40), s.chunk(0, b"ab"), s.trailer()],
        "Compressed": lambda s: [s.header(total_length=5, compression=1, inline_content=b"\x01\x05\x00\xfa\xffhello")],
    }.items():
        ended = await it.streams(*((it.bob, packet) for packet in make(Stream())))
        assert [error for _, error in ended] == [expected], (expected, ended)
    for first in ([1, 0], [3]):
        stream = Stream()
        packets = [stream.header(), *(stream.chunk(index, b"a") for index in first), stream.trailer()]
        assert await it.streams(*((it.bob, packet) for packet in packets)) == [(0, "MissedChunk")]
    zero = Stream()
    packets = [zero.header(total_length=0), zero.chunk(0, b"ab"), zero.trailer()]
    assert await it.streams(*((it.bob, packet) for packet in packets)) == [(0, "LengthExceeded")]


async def inline_streams(it: Strangers) -> None:
    for data, total, ended in (
        (b"abc", 3, (3, "")),
        (b"abc", None, (3, "")),
        (b"", 0, (0, "")),
        (b"abc", 2, (0, "LengthExceeded")),
        (b"abc", 4, (0, "Incomplete")),
    ):
        stream = Stream()
        fields = {"inline_content": data} | ({} if total is None else {"total_length": total})
        assert await it.streams((it.bob, stream.header(**fields)), (it.bob, stream.chunk(0, b"x"))) == [ended]


async def ignored_streams(it: Strangers) -> None:
    for make in (
        lambda s: [s.header(kind="")],
        lambda s: [s.header(compression=7, inline_content=b"abc")],
        lambda s: [],
    ):
        stream = Stream()
        packets = [*make(stream), stream.chunk(0, b"a"), stream.trailer()]
        assert await it.streams(*((it.bob, packet) for packet in packets)) == []


async def one_too_many(it: Strangers) -> None:
    streams = [Stream() for _ in range(SPACE + 1)]
    packets = [stream.header() for stream in streams] + [stream.chunk(0, b"a") for stream in streams]
    packets += [stream.trailer() for stream in streams]
    ended = await it.streams(*((it.bob, packet) for packet in packets))
    assert ended == [(0, "TooManyStreams"), *[(1, "")] * SPACE], ended


async def foreign_chunks(it: Strangers) -> None:
    bob, eve, stream = it.bob, it.eve, Stream()
    ended = await it.streams(
        (bob, stream.header(total_length=4)),
        (eve, stream.chunk(0, b"EVIL")),
        (bob, stream.chunk(0, b"ab")),
        (eve, stream.trailer()),
        (eve, stream.trailer(reason="by Eve")),
        (eve, stream.chunk(1, b"EVIL")),
        (bob, stream.chunk(1, b"cd")),
        (bob, stream.trailer()),
    )
    assert ended == [(4, "")], ended
    last = [event for event in it.device.events if event["event"] == "stream"][-1]
    assert (last["content"], last["from"]) == (content.exactly(it.contents, "abcd").told, "bob"), last


async def same_id_of_two(it: Strangers) -> None:
    bob, eve, stream = it.bob, it.eve, Stream()
    ended = await it.streams(
        (bob, stream.header()),
        (eve, stream.header()),
        (bob, stream.chunk(0, b"a")),
        (eve, stream.chunk(0, b"bcd")),
        (bob, stream.trailer()),
        (eve, stream.trailer()),
    )
    assert ended == [(1, ""), (3, "")], ended


async def requests(it: Strangers) -> None:
    for request, expected in (
        ({}, (1, [(0, "x")])),
        ({"times": 3}, (3, [(0, "x")])),
        ({"version": 0}, (1, [(1404, "")])),
        ({"version": 2}, (1, [(1404, "")])),
        ({"id": "x"}, (1, [(0, "x")])),
        ({"method": ""}, (1, [(1400, "")])),
        ({"response_timeout_ms": 0}, (1, [(0, "x")])),
        ({"payload": "x" * 20_000}, (1, [(1504, "")])),
    ):
        got = await it.calls(**request)
        assert got == expected, (request if len(str(request)) < 99 else "…", got)


async def answers(it: Strangers) -> None:
    """Codes and texts pass as they come."""
    for code in (1401, 1403, 1404, 1505, 1999, 7):
        task = asyncio.create_task(it.call(f"answers {code}"))
        request = await it.called(f"answers {code}")
        it.bob.send(to_device(rpc_ack=RpcAck(request_id=request)))
        error = RpcError(code=code, message="größe", data="d")
        it.bob.send(to_device(rpc_response=RpcResponse(request_id=request, error=error)))
        assert await task == f"{code} größe"


async def odd_answers(it: Strangers) -> None:
    """Without an acknowledgement, to all, twice, too long, without a value, not at all."""
    send = it.bob.send

    async def call(method: str, *values: Callable[[str], DataPacket], timeout_ms: int = 15_000) -> tuple[str, float]:
        began = time.monotonic()
        task = asyncio.create_task(it.call(method, timeout_ms))
        request = await it.called(method)
        for value in values:
            send(value(request))
        return await task, time.monotonic() - began

    def ack(request: str) -> DataPacket:
        return to_device(rpc_ack=RpcAck(request_id=request))

    def response(payload: str) -> Callable[[str], DataPacket]:
        return lambda request: to_device(rpc_response=RpcResponse(request_id=request, payload=payload))

    nothing, late, first, twice, long, empty, broadcast = await asyncio.gather(
        call("no acknowledgement, no response"),
        call("no response", ack, timeout_ms=9_000),
        call("no acknowledgement", response("abc")),
        call("twice", ack, ack, response("abcd"), response("e")),
        call("too long", ack, response("x" * 20_000)),
        call("no value", ack, lambda request: to_device(rpc_response=RpcResponse(request_id=request))),
        call("to all", ack, lambda request: DataPacket(rpc_response=RpcResponse(request_id=request, payload="ab"))),
    )
    assert nothing[0].startswith("1501") and 6.9 < nothing[1] < 8, nothing
    assert late[0].startswith("1502") and 8.9 < late[1] < 10, late
    assert (first[0], twice[0], long[0], broadcast[0]) == ("3", "4", "20000", "2"), (first, twice, long, broadcast)
    assert empty[0].startswith("1500"), empty


async def foreign_answers(it: Strangers) -> None:
    task = asyncio.create_task(it.call("of Bob"))
    request = await it.called("of Bob")
    it.eve.send(to_device(rpc_ack=RpcAck(request_id=request)))
    it.eve.send(to_device(rpc_response=RpcResponse(request_id=request, payload="of Eve")))
    await it.passed(it.eve)
    assert not task.done()
    it.bob.send(to_device(rpc_ack=RpcAck(request_id=request)))
    it.bob.send(to_device(rpc_response=RpcResponse(request_id=request, payload="Bob")))
    assert await task == "3"


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


Check = Callable[[Strangers], Awaitable[None]]
CHECKS: Sequence[tuple[str, str, Check]] = (
    ("chunks and headers again, empty chunks, characters cut, an id again", "whole, once", whole_streams),
    ("gaps, wrong lengths, a reason, a compression", "the stream fails with the error of its kind", broken_streams),
    ("streams in one frame, of right and wrong length", "whole, or failed", inline_streams),
    ("neither text nor bytes, unknown compression, no header", "nothing", ignored_streams),
    ("a stream more than the device has space for", "it fails, the others arrive", one_too_many),
    ("a third sends chunks and trailers of the stream", "nothing of it is received", foreign_chunks),
    ("two open a stream of the same id", "two streams", same_id_of_two),
    ("requests again, of other versions, ids, lengths", "acknowledged; run once; 1400, 1404, 1504", requests),
    ("errors of every code", "the caller is told code and message", answers),
    ("responses unacknowledged, to all, twice, long, empty, none", "the first counts; 1500, 1501, 1502", odd_answers),
    ("a third acknowledges and responds", "only who was called counts", foreign_answers),
    ("other kinds of packets, no kind, 65 000 B", "handed on, received", other_packets),
    ("the connection is lost and resumed", "what the device has kept is sent again, in order", resume),
)
AGAIN = ("every frame arrives twice, as after a resume", "each counts once", twice)

Outcome = tuple[str, str, str]


async def play(server: Server, programs: Programs, folder: Path) -> list[Outcome]:
    async with AsyncExitStack() as stack:
        room = Room("strangers", server, programs, folder, stack)
        contents = folder / "contents"
        contents.mkdir()
        bob, eve = await asyncio.gather(room.raw("bob"), room.raw("eve"))
        device = await room.device(0)
        outcomes = [await _played(check, Strangers(device, bob, eve, contents)) for check in CHECKS]
        await device.leave()
        device = await room.device(0, "device", "-twice")
        return [*outcomes, await _played(AGAIN, Strangers(device, bob, eve, contents))]


async def _played(check: tuple[str, str, Check], it: Strangers) -> Outcome:
    name, expected, run = check
    try:
        async with asyncio.timeout(LIMIT_S):
            await run(it)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{name}: {type(error).__name__} in {where.name}: {error}", flush=True)
        return name, expected, FAILED
    return name, expected, PASSED


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [("packets by hand", "what becomes of them", ""), *outcomes]
    widths = [max(len(line[at]) for line in lines) for at in range(3)]
    return "\n".join(" │ ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in lines)
