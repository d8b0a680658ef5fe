"""A device on the host, and what is large: a room, a packet, the time."""

from __future__ import annotations

import asyncio
import time

from conversation import content
from conversation.participant import Line, Participant

from .. import tokens
from ..lab import Lab
from ..pair import Failed, told
from ..peers import get
from ..report import Seen

WRAP_MS = 1 << 32


async def crowd(lab: Lab) -> list[Seen]:
    """The server describes 50 others, each with 9 KB of metadata, before the device is in the room."""
    count, size = 50, 9_000
    server = await lab.server()
    pair = await lab.pair(server)
    program = await get("participants") / "sdk"

    async def guest(n: int) -> Participant:
        token = tokens.participant(server, pair.room, f"guest-{n}", metadata="m" * size)
        return await pair.start(f"guest-{n}", [program, server.ws, token], {})

    # One fewer than the peer is.
    guests: list[Participant] = []
    for first in range(0, count - 1, 7):
        guests += await asyncio.gather(*map(guest, range(first, first + 7)))
    sids = {pair.peer.sid, *(one.sid for one in guests)}
    assert len(sids) == count, sids
    # They came one after the other; to a device that joins anew they are described at once.
    start, began = len(pair.device.events), time.monotonic()
    await pair.device.do("simulate", scenario="server_leave")
    back = await pair.device.event("reconnected", start=start)
    took = time.monotonic() - began
    known = {event["sid"] for event in told(pair.device, "present", start)}
    assert sids <= known and not back["resumed"], f"{len(sids - known)} are not known"
    await pair.known_again(start)
    numbers = pair.numbers()
    await asyncio.gather(*(it.send(50) for it in numbers))
    for it in numbers:
        await it.settled()
    await pair.works("in a crowd", 100_000)
    said = content.exactly(pair.contents, "to all")
    await pair.device.do("publish", file=str(said.path), topic="all", to=[], lossy=False)
    for one in guests:
        await one.event("data", lambda event: event["topic"] == "all")
    return [
        Seen(
            f"{count} participants with {size} bytes of metadata each",
            f"joined in {took:.1f} s, knows {count}",
            f"50 of 50, once and in order; a packet to all arrived at all {count}",
        )
    ]


async def too_long(lab: Lab) -> list[Seen]:
    """Of packets that are longer than the device's memory it hears how long they were; those after them arrive."""
    server = await lab.server()
    pair = await lab.pair(server, RECEIVE="4096")
    start = len(pair.device.events)
    for size in (3_000, 8_000, 60_000, 10):
        sent = content.binary(pair.contents, size)
        await pair.peer.do("publish", file=str(sent.path), topic="long", to=[pair.device.identity], lossy=False)
    await pair.device.event("data", lambda event: event["content"]["len"] == 10, start=start)
    events = [event for event in pair.device.events[start:] if event["event"] in ("data", "too_long")]
    data = [event["content"]["len"] for event in events if event["event"] == "data"]
    # A packet is longer than its content.
    skipped = [event["len"] // 1_000 for event in events if event["event"] == "too_long"]
    assert (data, skipped) == ([3_000, 10], [8, 60]), events
    # What is longer than a packet may be comes in chunks.
    await pair.works("after it", 100_000)
    refused = content.binary(pair.contents, 20_000)
    try:
        await pair.device.do("publish", file=str(refused.path), topic="long", to=[], lossy=False)
    except Failed as error:
        assert "15360" in error.message.replace(" ", ""), error
    else:
        raise AssertionError("20 000 bytes were sent")
    assert not told(pair.device, "reconnecting"), pair.device.events
    return [
        Seen(
            "packets of 8 and 60 KB to a device with 4 KB; one of 20 KB of the device's",
            "was told their lengths; refused to send; went on",
            "all others, a stream of 100 KB each way",
        )
    ]


async def clock(lab: Lab) -> list[Seen]:
    """The device's clock, of 32 bits inside, wraps while calls wait, packets are sent and a connection is resumed."""
    # Of a call that nobody takes, and the time of a call's response.
    before_s, timeout_s, response_s = 15, 7, 6
    server = await lab.server()
    started = time.monotonic()
    pair = await lab.pair(server, CLOCK=str(WRAP_MS - 1000 * before_s))
    numbers = pair.numbers()
    wraps = started + before_s
    sending = asyncio.gather(*(it.send(round(10 * (before_s + 4)), 0.1, within=60) for it in numbers))
    await asyncio.sleep(wraps - timeout_s / 2 - time.monotonic())
    began = time.monotonic()
    said = content.exactly(pair.contents, str(1000 * response_s))

    def call(to: str) -> asyncio.Task[Line]:
        called = pair.device.do("call", to=to, method="slow", file=str(said.path), timeout_ms=15_000)
        return asyncio.create_task(called)

    answered, late = call(pair.peer.identity), call("nobody")
    await asyncio.sleep(wraps - 0.3 - time.monotonic())
    start = len(pair.device.events)
    await pair.device.do("cut")
    await asyncio.sleep(0.6)
    await pair.device.do("resume")
    back = await pair.device.event("reconnected", start=start)
    assert back["resumed"] and not back["lost"], back
    try:
        await late
    except Failed as error:
        assert error.code == 1501, error
    else:
        raise AssertionError("the call did not time out")
    took = time.monotonic() - began
    assert (await answered)["len"] == len("late")
    assert timeout_s - 0.5 < took < timeout_s + 1, f"a call of {timeout_s} s timed out after {took:.1f} s"
    await sending
    for it in numbers:
        await it.settled()
    await pair.works("after the wrap", 100_000)
    assert not told(pair.peer, "gone"), told(pair.peer, "gone")
    return [
        Seen(
            "clock wrapped at 2³² ms, the network gone from 0.3 s before to 0.3 s after it",
            f"resumed, 0 packets lost; a call was answered over it, one timed out after {took:.1f} of {timeout_s} s",
            f"{numbers[0].sent} of {numbers[0].sent}, once and in order, and never the device leave",
        )
    ]


SCENARIOS = {"host-crowd": crowd, "host-too-long": too_long, "host-clock": clock}
