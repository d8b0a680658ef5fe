"""Calls, in both roles."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from .. import content
from ..participant import Failed
from . import BACK, OUT, Feature, Pair
from .streams import stream

MOST = 15_360


async def call(
    pair: Pair, direction: str, method: str, payload: content.Content, timeout_ms: int = 15_000
) -> dict[str, object]:
    caller, callee = pair.ends(direction)
    said = {"to": callee.identity, "method": method, "file": str(payload.path), "timeout_ms": timeout_ms}
    return await caller.do("call", **said)


async def echo(pair: Pair, direction: str, *, size: int) -> None:
    payload = content.text(pair.contents, size)
    assert await call(pair, direction, "echo", payload) == payload.told
    caller, callee = pair.ends(direction)
    event = await callee.event("call", lambda event: event["content"] == payload.told)
    assert event["from"] == caller.identity, event
    if direction == BACK:
        # What the device announces decides how it is called.
        form = ("frame" if size < 14_000 else "chunks") if pair.column.has_rpc_2 else "packet"
        # What is compressed is a stream to the device, also in one frame.
        assert event["form"] == form or (pair.column.is_compressed and event["form"] == "chunks"), event


async def fails(
    pair: Pair, direction: str, *, method: str, code: int, payload: int = 5, message: str = "", has_data: bool = False
) -> None:
    """The caller gets the code and the message that the callee gives."""
    sent = content.text(pair.contents, payload)
    try:
        result = await call(pair, direction, method, sent)
    except Failed as error:
        assert error.code == code, error
        assert not message or error.message == message, error
        told = {sent.path.read_bytes().decode() if has_data else ""}
        if method == "crash" and direction == OUT and pair.kind == "js":
            told.add("Uncaught error: not for the caller")  # livekit-client, of RPC version 1
        assert error.data in told, error
    else:
        raise AssertionError(f"it succeeded: {result}")


async def request_too_long(pair: Pair, direction: str) -> None:
    """The caller is told before anything is sent."""
    sent = content.text(pair.contents, MOST + 1)
    _, callee = pair.ends(direction)
    try:
        await call(pair, direction, "echo", sent)
    except Failed as error:
        assert error.code == 1402 or (direction == OUT and str(MOST) in error.message), error
    else:
        raise AssertionError("it succeeded")
    assert not [e for e in callee.events if e["event"] == "call" and e["content"] == sent.told], "it was sent"


async def response_late(pair: Pair, direction: str) -> None:
    """1502, from the caller or from a callee who has been told to respond within 1 s; a response after that disturbs nothing."""
    began = time.monotonic()
    try:
        await call(pair, direction, "slow", content.exactly(pair.contents, "3000"), timeout_ms=2_000)
    except Failed as error:
        assert error.code == 1502, error
    else:
        raise AssertionError("it succeeded")
    took = time.monotonic() - began
    assert took > 0.9, f"after {took:.1f} s"
    await echo(pair, direction, size=10)


async def frozen(pair: Pair, direction: str) -> None:
    """1501, and not before 7 s, if the callee does not acknowledge."""
    _, callee = pair.ends(direction)
    await callee.freeze()
    began = time.monotonic()
    try:
        await call(pair, direction, "echo", content.text(pair.contents, 11))
    except Failed as error:
        assert error.code == 1501, error
    else:
        raise AssertionError("it succeeded")
    finally:
        callee.thaw()
    took = time.monotonic() - began
    assert took > 6.9, f"after {took:.1f} s"


async def at_once(pair: Pair, direction: str) -> None:
    """Eight calls at a time, each with its own response."""
    payloads = [content.text(pair.contents, size) for size in range(20, 28)]
    results = await asyncio.gather(*(call(pair, direction, "echo", payload) for payload in payloads))
    assert results == [payload.told for payload in payloads]


async def between_chunks(pair: Pair, direction: str) -> None:
    """Calls are answered while both send 500 KB."""
    large = [asyncio.create_task(stream(pair, way, 500_000, False, "whole")) for way in (OUT, BACK)]
    size = 1_000
    while not all(task.done() for task in large):
        await echo(pair, direction, size=size)
        size += 1
    for task in large:
        sent, event = await task
        assert event["content"] == sent.told, event


LONG = "RPC version 1 has at most 15 360 B"
NO_LIMIT = "RPC version 2 has no limit: the row with 100 KB"
STUCK = partial(fails, method="fail", code=2001, message="stuck", has_data=True)
FEATURES = [
    Feature("call and response, 0 B", partial(echo, size=0)),
    Feature("call and response, 15 360 B", partial(echo, size=MOST)),
    Feature(
        "call and response, 100 KB",
        partial(echo, size=100_000),
        left_out_of_rpc={(1, OUT): LONG, (1, BACK): LONG},
    ),
    Feature("8 calls at once", at_once),
    Feature("calls while both send 500 KB", between_chunks),
    Feature("1400 method not supported", partial(fails, method="nothing", code=1400)),
    Feature("1402 request too long", request_too_long, left_out_of_rpc={(2, OUT): NO_LIMIT, (2, BACK): NO_LIMIT}),
    Feature("1500 handler failed", partial(fails, method="crash", code=1500)),
    Feature("1501 callee does not acknowledge", frozen),
    Feature("1502 response too late", response_late),
    Feature("1504 response too long", partial(fails, method="grow", code=1504), left_out_of_rpc={(2, OUT): NO_LIMIT}),
    Feature("2001 of the application, with data", STUCK),
    Feature("2001, 15 360 B of data", partial(STUCK, payload=MOST)),
]
