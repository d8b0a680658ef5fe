"""A device on the host whose signalling goes to one node of a server, and whose room is on the other one. One of them ends."""

from __future__ import annotations

import asyncio
import time

from ..lab import Lab
from ..nodes import NOTICED_S, Nodes
from ..pair import told
from ..report import Seen

AWAY_S = 3
STREAMED = 100_000


async def signalling(lab: Lab) -> list[Seen]:
    """The node is killed that has the device's signalling, while both send: data goes on."""
    nodes = await Nodes.start(lab, f"{lab.room}-1")
    pair = await lab.pair(nodes.host, port=nodes.other.port)
    numbers = pair.numbers()
    sending = asyncio.gather(*(it.send(60, 0.1) for it in numbers))
    await pair.peer.event("data")
    await nodes.other.kill()
    await pair.device.event("reconnecting")
    await asyncio.sleep(AWAY_S)
    await nodes.other.start()
    started = time.monotonic()
    back = await pair.device.event("reconnected")
    took = time.monotonic() - started
    assert (back["resumed"], back["lost"]) == (True, 0), back
    await sending
    for it in numbers:
        await it.settled()
    await pair.works("after it", STREAMED)
    assert not told(pair.peer, "gone"), told(pair.peer, "gone")
    assert not await nodes.has_moved()
    return [
        Seen(
            f"node of the device's signalling killed for {AWAY_S} s, room on the other one",
            f"resumed {took:.1f} s after the node was back; 0 of 60 packets lost",
            "60 of 60, once and in order, and never the device leave",
        )
    ]


async def killed(lab: Lab) -> list[Seen]:
    """The node of the room is killed while both send: they meet again on the other one."""
    nodes = await Nodes.start(lab, f"{lab.room}-1")
    pair = await lab.pair(nodes.other)
    ours, theirs = numbers = pair.numbers()
    assert not await nodes.has_moved()
    await asyncio.gather(*(it.send(20) for it in numbers))
    for it in numbers:
        await it.settled()
    start, ended = len(pair.device.events), time.monotonic()
    await nodes.host.kill()
    await ours.send(10)
    back = await pair.device.event("reconnected", within=NOTICED_S, start=start)
    took = time.monotonic() - ended
    said = told(pair.device, "reconnecting", start)
    assert [event["error"] for event in said] == ["the server closed the connection (1000)"], said
    assert not back["resumed"], back
    await pair.known_again(start)
    assert await nodes.has_moved()
    await asyncio.gather(*(it.send(20) for it in numbers))
    missing = await ours.settled(lost=back["lost"])
    await theirs.settled()
    await pair.works("on the other node", STREAMED)
    return [
        Seen(
            "node of the room killed",
            f"joined anew on the other one after {took:.1f} s; counted {back['lost']} packets as lost",
            f"{ours.sent - missing} of {ours.sent}, once and in order",
        )
    ]


SCENARIOS = {"host-nodes": signalling, "host-nodes-killed": killed}
