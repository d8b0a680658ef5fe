"""Calls of a participant that fail: what the real server says, and what the crate makes of it."""

from __future__ import annotations

import asyncio

from livekit import rtc

from .. import hosted
from ..lab import Lab
from ..report import Row

SLEEP_S = 5
MOST = 15_360


async def calls(lab: Lab) -> list[Row]:
    # As long as a server waits that is not told otherwise: that decides which of two ends a late answer has.
    server = await lab.server(room_wait="3s")
    receiver = await lab.receiver(server)

    async def echo(call: rtc.RpcInvocationData) -> str:
        return call.payload[::-1]

    async def refuse(_: rtc.RpcInvocationData) -> str:
        raise rtc.RpcError(2001, "stuck", "valve 3")

    async def fail(_: rtc.RpcInvocationData) -> str:
        raise ValueError("a mistake in a method")

    async def late(_: rtc.RpcInvocationData) -> str:
        await asyncio.sleep(SLEEP_S)
        return "at last"

    async def long(_: rtc.RpcInvocationData) -> str:
        return "x" * (MOST + 1)

    for name, answer in {"echo": echo, "refuse": refuse, "fail": fail, "late": late, "long": long}.items():
        receiver.answers(name, answer)

    echoed = ("rpc", lab.room, receiver.identity, "echo", "3000")
    for payload in ("größer", "ab" * (MOST // 2)):
        ended = await hosted.call(server, lab.room, payload.encode(), *echoed)
        assert (ended.status, ended.out) == (0, payload[::-1] + "\n"), ended
    ended = await hosted.call(server, lab.room, b"x" * (MOST + 1), *echoed)
    assert ended.status and 'TooLong { field: "payload"' in ended.err, ended

    rows = [Row("15 360 bytes, as many answered", "–", "the answer came; a byte more is refused before it is sent")]
    for what, to, method, given_ms, expected in [
        ("call of nobody", "nobody", "echo", 1000, "NotLive"),
        ("call of a method that there is not", receiver.identity, "none", 1000, rpc(1400)),
        ("call of a method that refuses with 2001", receiver.identity, "refuse", 1000, rpc(2001)),
        ("call of a method that raises", receiver.identity, "fail", 1000, rpc(1500)),
        ("call answered with 15 361 bytes", receiver.identity, "long", 1000, rpc(1504)),
        ("answer after 5 s, 1 s was given", receiver.identity, "late", 1000, rpc(1502)),
        ("answer after 5 s, 10 s were given, the server waits for 3 s", receiver.identity, "late", 10_000, TIMED_OUT),
    ]:
        ended = await hosted.call(server, lab.room, b"{}", "rpc", lab.room, to, method, str(given_ms))
        *said, error = ended.err.splitlines()
        assert ended.status and error == f"Error: Refused({expected})", f"{what}: {ended.err}"
        rows.append(Row(what, f"`{expected}`", f"the server said `{' '.join(said)}`".replace('\\"', '"')))
    return rows


TIMED_OUT = "Unknown { status: 408 }"


def rpc(code: int) -> str:
    return f"Rpc {{ code: RpcCode({code}) }}"
