"""A device on the host by other ways than UDP to a full agent of ICE."""

from __future__ import annotations

import asyncio
import time

from ..lab import Lab
from ..pair import told
from ..report import Seen

STREAMED = 100_000


async def lite(lab: Lab) -> list[Seen]:
    """The server only answers checks."""
    server = await lab.server(is_lite=True)
    pair = await lab.pair(server)
    numbers = pair.numbers()
    await asyncio.gather(*(it.send(50) for it in numbers))
    start = len(pair.device.events)
    await pair.device.do("cut")
    await asyncio.gather(*(it.send(5) for it in numbers))
    await pair.device.do("resume")
    back = await pair.device.event("reconnected", start=start)
    assert back["resumed"] and not back["lost"], back
    for it in numbers:
        await it.settled()
    await pair.works("by ICE lite", STREAMED)
    assert not told(pair.peer, "gone"), told(pair.peer, "gone")
    return [Seen("ICE lite; network gone for a moment", "joined, resumed, 0 packets lost", "55 of 55, once and in order")]


async def tcp(lab: Lab) -> list[Seen]:
    """The device has no socket of UDP. Its connection of TCP breaks while nothing is sent, and while both send."""
    server = await lab.server(has_ice_tcp=True)
    pair = await lab.pair(server, TRANSPORT="tcp")
    await pair.works("by TCP", STREAMED)
    start = len(pair.device.events)
    await pair.device.do("cut")
    await pair.device.do("resume")
    back = await pair.device.event("reconnected", start=start)
    assert back["resumed"] and not back["lost"], back
    await pair.works("by another connection", STREAMED)

    ours, theirs = pair.numbers()
    sending = asyncio.gather(*(it.send(100, 0.03, within=60) for it in (ours, theirs)))
    await asyncio.sleep(1)
    start, began = len(pair.device.events), time.monotonic()
    await pair.device.do("cut")
    await pair.device.do("resume")
    back = await pair.device.event("reconnected", within=60, start=start)
    took = time.monotonic() - began
    # The server's SCTP may be over, without a word: it was when the server wrote to the connection that broke.
    assert back["resumed"] or took > 10, back
    await sending
    if not back["resumed"]:
        await pair.known_again(start)
    await asyncio.gather(*(it.send(5) for it in (ours, theirs)))
    missing = await ours.settled(lost=back["lost"])
    unheard = await theirs.settled(lost=0 if back["resumed"] else theirs.sent)
    await pair.works("by a third one", STREAMED)
    how = "resumed" if back["resumed"] else "joined anew, as the server's SCTP did not answer"
    return [
        Seen("ICE over TCP; its connection broken while nothing was sent", "joined, resumed, 0 packets lost", "all, once"),
        Seen(
            "ICE over TCP; its connection broken while both sent",
            f"{how}, {took:.1f} s later; counted {back['lost']} packets as lost",
            f"{ours.sent - missing} of {ours.sent}, once and in order; {unheard} of {theirs.sent} to the device lost",
        ),
    ]


SCENARIOS = {"host-ice-lite": lite, "host-ice-tcp": tcp}
