"""Failing calls of a participant: the real server's response, and the crate's error."""

from __future__ import annotations

import asyncio

from livekit import rtc

from .. import hosted
from ..lab import Lab
from ..report import Row

SLEEP_S = 5
MOST = 15_360


async def calls(lab: Lab) -> list[Row]:
    server = await lab.server(attempt="3s")
    receiver = await lab.receiver(server)

    async def echo(call: rtc.RpcInvocationData) -> str:
        return call.payload[::-1]

    async def refuse(_: rtc.RpcInvocationData) -> str:
        raise rtc.RpcError(2001, "stuck", "valve 3")

    async def fail(_: rtc.RpcInvocationData) -> str:
        raise ValueError("a bug in a method")

    async def late(_: rtc.RpcInvocationData) -> str:
        await asyncio.sleep(SLEEP_S)
        return "at last"

    async def long(_: rtc.RpcInvocationData) -> str:
        return "x" * (MOST + 1)

    for name, answer in {"echo": echo, "refuse": refuse, "fail": fail, "late": late, "long": long}.items():
        receiver.register(name, answer)

    echoed = ("rpc", lab.room, receiver.identity, "echo", "3000")
    for payload in ("größer", "ab" * (MOST // 2)):
        ended = await hosted.call(server, lab.room, payload.encode(), *echoed)
        assert (ended.status, ended.out) == (0, payload[::-1] + "\n"), ended
    ended = await hosted.call(server, lab.room, b"x" * (MOST + 1), *echoed)
    assert ended.status and 'TooLong { field: "payload"' in ended.err, ended

    rows = [Row("15 360 bytes, and as many in the response", "–", "received; one byte more is rejected before it is sent")]
    for what, to, method, given_ms, expected in [
        ("call of an unknown participant", "nobody", "echo", 1000, "NotLive"),
        ("call of an unknown method", receiver.identity, "none", 1000, rpc(1400)),
        ("method that fails with 2001", receiver.identity, "refuse", 1000, rpc(2001)),
        ("method that raises", receiver.identity, "fail", 1000, rpc(1500)),
        ("response of 15 361 bytes", receiver.identity, "long", 1000, rpc(1504)),
        ("response after 5 s, the deadline is 1 s", receiver.identity, "late", 1000, rpc(1502)),
    ]:
        ended = await hosted.call(server, lab.room, b"{}", "rpc", lab.room, to, method, str(given_ms))
        *said, error = ended.err.splitlines()
        assert ended.status and error == f"Error: Call(Rejected({expected}))", f"{what}: {ended.err}"
        rows.append(Row(what, f"`{expected}`", f"the server sent `{' '.join(said)}`".replace('\\"', '"')))
    ended = await hosted.call(server, lab.room, b"{}", "rpc", lab.room, receiver.identity, "late", "10000")
    assert (ended.status, ended.out) == (0, "at last\n"), ended
    return [*rows, Row("response after 5 s, the deadline is 10 s", "–", "received")]


def rpc(code: int) -> str:
    return f"Rpc {{ code: RpcCode({code}) }}"
