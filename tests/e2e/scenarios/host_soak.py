"""A device on the host for minutes, or as long as SOAK_S says: nothing is lost, and nothing grows."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from .. import tokens
from ..lab import Lab
from ..pair import Numbers, Pair, told
from ..report import Seen
from .host_servers import LEEWAY_S

SOAK_S = float(os.environ.get("SOAK_S") or 300)
LIMIT_S = SOAK_S + 90
# What happens to the connection, one after the other.
BREAKS = ("cut", "cut_signal", "move")
# Bytes that the device may take more at the end than when it has done a fifth, besides what it leaks for each call and stream:
# names and payloads for writers, which a firmware has in statics.
GROWTH, LEAKED = 1 << 20, 1 << 10


async def soak(lab: Lab) -> list[Seen]:
    """Its token expires in the beginning: it lives on those that the server gives."""
    server = await lab.server()
    expiring = timedelta(seconds=20 - LEEWAY_S)
    pair = await lab.pair(
        server, lambda room: tokens.joining(server, room, lasts=expiring), LOSS="10", DUPLICATE="10", REORDER="20"
    )
    end = time.monotonic() + SOAK_S
    numbers, lossy = pair.numbers(), pair.numbers(lossy=True)
    done = dict.fromkeys(("calls", "streams", "breaks"), 0)
    kept: list[int] = []

    async def repeat(every_s: float, what: Callable[[int], Awaitable[None]]) -> None:
        for n in itertools.count():
            if time.monotonic() > end:
                return
            began = time.monotonic()
            await what(n)
            await asyncio.sleep(every_s - (time.monotonic() - began))

    async def send(numbers: Numbers) -> None:
        await repeat(0.1, lambda _: numbers.send(1, within=60))

    async def call(n: int) -> None:
        await pair.works(f"call {n}")
        done["calls"] += 2

    async def stream(n: int) -> None:
        for way in pair.ways:
            await pair.stream(*way, 20_000 + n % 100, within=60)
            done["streams"] += 1

    async def interrupt(n: int) -> None:
        if time.monotonic() > end - 10:
            return  # what it breaks is whole again at the end
        start, what = len(pair.device.events), BREAKS[n % len(BREAKS)]
        await pair.device.do(what)
        if what == "cut":
            await asyncio.sleep(1)
            await pair.device.do("resume")
        elif what == "move":
            await pair.device.do("cut_signal")
        back = await pair.device.event("reconnected", start=start)
        assert back["resumed"] and not back["lost"], f"{what}: {back}"
        done["breaks"] += 1

    async def weigh(n: int) -> None:
        kept.append(_memory(pair.device.pid))

    await asyncio.gather(
        *map(send, (*numbers, *lossy)),
        repeat(1, call),
        repeat(7, stream),
        repeat(20, interrupt),
        repeat(SOAK_S / 20, weigh),
    )
    for it in numbers:
        await it.settled()
    await _adds_up(pair)
    grown, leaked = kept[-1] - kept[len(kept) // 5], LEAKED * (done["calls"] + done["streams"])
    assert grown <= GROWTH + leaked, f"the device takes {grown} bytes more: {kept}"
    arrived = [it.received for it in lossy]
    assert all(len(set(numbers)) == len(numbers) > 0.7 * lossy[0].sent for numbers in arrived), [*map(len, arrived)]
    assert not told(pair.peer, "gone"), told(pair.peer, "gone")
    sent = [it.sent for it in numbers]
    return [
        Seen(
            f"{SOAK_S / 60:.0f} minutes; 1 % lost; {done['breaks']} times gone, cut off or moved; token expired at the start",
            f"resumed {done['breaks']} times; sent {sent[0]} packets, received all {sent[1]}; {done['calls']} calls, "
            f"{done['streams']} streams of 20 KB; grew by {grown // 1024} KB",
            f"all {sent[0]}, once and in order, and never the device leave; of {lossy[0].sent} lossy ones {len(arrived[0])}",
        )
    ]


async def _adds_up(pair: Pair) -> None:
    """Nothing waits and nothing was given up, once the last packet is acknowledged."""
    async with asyncio.timeout(10):
        while (counted := await pair.device.do("count"))["unacknowledged"]:
            await asyncio.sleep(0.1)  # no event announces it
    assert counted == {"unacknowledged": 0, "dropped": 0, "waiting": 0}, counted


def _memory(pid: int) -> int:
    """Bytes of memory that a process takes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
