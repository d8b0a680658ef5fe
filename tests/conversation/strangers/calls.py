"""Requests and responses that no SDK sends."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable

from livekit.protocol.models import DataPacket, RpcAck, RpcError, RpcResponse

from .cast import Stream, Strangers, to_device


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
    assert nothing[0].startswith("1501") and nothing[1] > 6.9, nothing
    assert late[0].startswith("1502") and late[1] > 8.9, late
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


async def streamed_answers(it: Strangers) -> None:
    """Of RPC version 2: the response may be a stream, in one frame or in chunks, or a packet."""
    carol = it.carol

    async def call(method: str, make: Callable[[Stream, str], list[DataPacket]]) -> str:
        task = asyncio.create_task(it.call(method, callee="carol"))
        sent = await carol.packet(
            "stream_header", lambda header: header.attributes.get("lk.rpc_request_method") == method
        )
        header = sent.stream_header
        assert (header.topic, header.inline_content.decode()) == ("lk.rpc_request", method), sent
        assert header.attributes["lk.rpc_request_version"] == "2" and len(header.attributes) == 4, sent
        request = header.attributes["lk.rpc_request_id"]
        for packet in (_inline(request, b"of Eve"), to_device(rpc_response=RpcResponse(request_id=request, payload="Eve"))):
            it.eve.send(packet)
        await it.passed(it.eve)
        assert not task.done(), "a third has answered"
        carol.send(to_device(rpc_ack=RpcAck(request_id=request)))
        for packet in make(Stream(), request):
            carol.send(packet)
        return await task

    assert await call("one frame", lambda _, request: [_inline(request, b"abc")]) == "3"
    assert await call("packet", lambda _, id: [to_device(rpc_response=RpcResponse(request_id=id, payload="ab"))]) == "2"
    for method, indices, ended in (("chunks", (0, 1), "4"), ("a gap", (0, 2), "0 MissedChunk")):
        got = await call(
            method,
            lambda stream, request: [
                stream.header(topic="lk.rpc_response", attributes={"lk.rpc_request_id": request}),
                *(stream.chunk(index, b"ab") for index in indices),
                stream.trailer(),
            ],
        )
        assert got == ended, (method, got)


def _inline(request: str, payload: bytes) -> DataPacket:
    said = {"lk.rpc_request_id": request}
    return Stream().header(topic="lk.rpc_response", attributes=said, inline_content=payload, total_length=len(payload))


async def streamed_requests(it: Strangers) -> None:
    """Of RPC version 2: acknowledged when the header comes, then run, or refused for what is wrong."""
    usual = {"lk.rpc_request_method": "echo", "lk.rpc_request_version": "2", "lk.rpc_request_response_timeout_ms": "8000"}
    whole = lambda stream: [stream.chunk(0, b"ab"), stream.trailer()]
    for code, attributes, fields, after in (
        (0, {}, {}, whole),
        (0, {}, {"inline_content": b"ab", "total_length": 2}, lambda _: []),
        (0, {"lk.rpc_request_response_timeout_ms": "soon"}, {}, whole),
        (1400, {"lk.rpc_request_method": "nothing"}, {}, whole),
        (1404, {"lk.rpc_request_version": "1"}, {}, whole),
        (1404, {"lk.rpc_request_version": ""}, {}, whole),
        (1500, {"lk.rpc_request_method": ""}, {}, whole),
        (1500, {}, {"compression": 1}, lambda stream: [stream.chunk(0, b"\xff\xff"), stream.trailer()]),
        (1500, {}, {}, lambda stream: [stream.chunk(0, b"a"), stream.chunk(2, b"b")]),
        (1500, {}, {}, lambda stream: [stream.chunk(0, b"a"), stream.trailer(reason="gave up")]),
        (1500, {}, {"inline_content": b"ab", "total_length": 3}, lambda _: []),
    ):
        stream, request = Stream(), str(uuid.uuid4())
        header = stream.header(
            topic="lk.rpc_request", attributes={**usual, **attributes, "lk.rpc_request_id": request}, **fields
        )
        for packet in (header, *after(stream)):
            it.carol.send(packet)
        await it.carol.packet("rpc_ack", lambda ack: ack.request_id == request)
        if fields.get("inline_content") and not code:
            answer = await it.carol.packet(
                "stream_header", lambda header: header.attributes.get("lk.rpc_request_id") == request
            )
            assert answer.stream_header.inline_content == b"ab", answer
        else:
            answer = await it.carol.packet("rpc_response", lambda response: response.request_id == request)
            got = answer.rpc_response
            assert (got.error.code, got.payload) == (code, "" if code else "ab"), (attributes, fields, got)
        assert list(answer.destination_identities) == ["carol"], answer
