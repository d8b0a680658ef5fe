"""Calls of a participant that takes longer than the server waits: who repeats them, and how the participant knows a repeat."""

from __future__ import annotations

import asyncio
import time

from livekit import rtc

from .. import hosted
from ..lab import Lab
from ..readings import Reading
from ..report import Row
from .commands import DEFAULT, OLD

SLOW_S = 5


async def slow_callee(lab: Lab) -> list[Row]:
    """With the default settings of a server. `call` makes one call and waits for as long as it takes."""
    rows = await asyncio.gather(_once(lab, "", runs=1), _once(lab, OLD, runs=3))
    return [*rows, *await asyncio.gather(_numbered(lab, ""), _numbered(lab, OLD))]


async def _once(lab: Lab, version: str, runs: int) -> Row:
    server = await lab.server(version, "-once", **DEFAULT)
    receiver = await lab.receiver(server)
    began: list[float] = []

    async def slow(_: rtc.RpcInvocationData) -> str:
        began.append(time.monotonic())
        await asyncio.sleep(SLOW_S)
        return "done"

    receiver.register("slow", slow)
    start = time.monotonic()
    ended = await hosted.call(server, lab.room, b"{}", "rpc", lab.room, receiver.identity, "slow", "10000")
    took = time.monotonic() - start
    assert (ended.status, ended.out, len(began)) == (0, "done\n", runs), f"{len(began)} runs: {ended}"
    after = ", ".join(f"{at - start:.1f}" for at in began)
    what = f"method of {SLOW_S} s, called once over server {version or 'newest'}"
    return Row(what, "–", f"ran {runs} times, after {after} s; response after {took:.1f} s")


async def _numbered(lab: Lab, version: str) -> Row:
    """The firmware's readings have a boot id and a number: a participant that keeps them does not act twice."""
    server = await lab.server(version, "-numbered", **DEFAULT)
    receiver = await lab.receiver(server)
    calls: list[tuple[str, int]] = []
    acted: list[tuple[str, int]] = []

    async def called(call: rtc.RpcInvocationData) -> str:
        reading = Reading.parse(call.payload)
        key = (reading.boot, reading.n)
        calls.append(key)
        if key not in acted:
            acted.append(key)
            if reading.n == 2:
                await asyncio.sleep(SLOW_S)
        return str(reading.n)

    receiver.register("reading", called)
    device = await lab.device(server, interval_ms=500, count=4, mode="rpc", to=receiver.identity)
    await device.succeeds(within=60)
    assert [n for _, n in acted] == [1, 2, 3, 4], f"acted on {acted}, was called with {calls}"
    again = [n for _, n in calls].count(2) - 1
    assert again and len(calls) == 4 + again, f"no repeat of the slow one alone: {calls}"
    what = f"the device calls a method of {SLOW_S} s over server {version or 'newest'}"
    errors = dict.fromkeys(f"`{line.error}`" for line in device.log if line.kind == "retry")
    return Row(what, "; ".join(errors) or "–", f"called {again + 1} times with one boot id and number, acted once")
