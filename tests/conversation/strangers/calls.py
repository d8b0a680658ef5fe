"""Requests and responses that no SDK sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from livekit.protocol.models import DataPacket, RpcAck, RpcError, RpcResponse

from .cast import Strangers, to_device


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
