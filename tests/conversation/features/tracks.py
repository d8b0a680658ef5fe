"""Own attributes, and data tracks."""

from __future__ import annotations

import asyncio
from functools import partial

from .. import content
from . import Feature, Pair

# Frames may be lost: the first ones while the track is being subscribed to. So many are sent, one after the other.
MOST = 100
PAUSE_S = 0.05


async def attributes(pair: Pair, direction: str) -> None:
    """The other is told of attributes, of changed ones, and of one that is removed."""
    sender, receiver = pair.ends(direction)
    for changed, expected in (
        ({"mode": "idle", "größe": "2"}, {"mode": "idle", "größe": "2"}),
        ({"mode": "busy", "größe": ""}, {"mode": "busy"}),
    ):
        start = len(receiver.events)
        await sender.do("attributes", attributes=changed)

        def is_told(event: dict[str, object], expected: dict[str, str] = expected) -> bool:
            told = event["attributes"]
            assert isinstance(told, dict)
            return event["identity"] == sender.identity and {key: told.get(key) for key in ("mode", "größe")} == {
                key: expected.get(key) for key in ("mode", "größe")
            }

        await receiver.event("present", is_told, start=start)


async def frames(pair: Pair, direction: str, *, size: int) -> None:
    """A track is published, its frames arrive whole, and it can be ended and published again."""
    sender, receiver = pair.ends(direction)
    name = f"track of {size}"
    sent = content.binary(pair.contents, size)
    start = len(receiver.events)
    await sender.do("track", name=name)

    async def push() -> None:
        for _ in range(MOST):
            await sender.do("frame", file=str(sent.path))
            await asyncio.sleep(PAUSE_S)

    pushing = asyncio.create_task(push())
    try:
        event = await receiver.event("frame", lambda event: event["name"] == name, start=start)
    finally:
        pushing.cancel()
        await asyncio.wait([pushing])
    assert (event["from"], event["content"]) == (sender.identity, sent.told), event
    await sender.do("end_track")


NO_TRACKS = {"go": "the Go SDK has no data tracks"}
FEATURES = [
    Feature("own attributes", attributes),
    Feature("data track, frame of one packet, 100 B", partial(frames, size=100), NO_TRACKS),
    Feature("data track, frame of packets, 5 000 B", partial(frames, size=5_000), NO_TRACKS),
]
