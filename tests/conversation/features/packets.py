"""User packets."""

from __future__ import annotations

from functools import partial

from .. import content
from ..participant import Failed
from . import BACK, OUT, Feature, Pair

# What the crate sends at most.
MOST = 15_360


async def publish(pair: Pair, direction: str, *, size: int, lossy: bool = False, to_all: bool = False) -> None:
    """It arrives whole, with its topic and its sender, and at nobody else if it is for one."""
    sender, receiver = pair.ends(direction)
    topic = f"{direction} {size} {lossy} {to_all}"
    sent = content.binary(pair.contents, size)
    said = {"file": str(sent.path), "lossy": lossy}
    await sender.do("publish", **said, topic=topic, to=[] if to_all else [receiver.identity])
    event = await receiver.event("data", lambda event: event["topic"] == topic)
    assert (event["from"], event["content"]) == (sender.identity, sent.told), event
    if pair.column.is_encrypted:
        return  # the bystander has no key
    if to_all:
        await pair.bystander.packet("user", lambda user: user.topic == topic)
        return
    fence = f"{topic}, after it"
    await sender.do("publish", **said, topic=fence, to=[])
    await pair.bystander.packet("user", lambda user: user.topic == fence)
    seen = [packet.user.topic for packet in pair.bystander.packets]
    assert topic not in seen, "it went to all"


async def many(pair: Pair, direction: str) -> None:
    """200 packets arrive in order."""
    sender, receiver = pair.ends(direction)
    start = len(receiver.events)
    sizes = range(100, 300)
    for size in sizes:
        sent = content.binary(pair.contents, size)
        await sender.do("publish", file=str(sent.path), topic="many", to=[receiver.identity], lossy=False)
    await receiver.event("data", lambda event: event["content"]["len"] == sizes[-1], start=start)
    arrived = [e["content"]["len"] for e in receiver.events[start:] if e["event"] == "data" and e["topic"] == "many"]
    assert arrived == list(sizes), arrived


async def too_long(pair: Pair, direction: str) -> None:
    """The device is told so, and sends on."""
    sender, _ = pair.ends(direction)
    sent = content.binary(pair.contents, MOST + 1)
    try:
        await sender.do("publish", file=str(sent.path), topic="too long", to=[], lossy=False)
    except Failed as error:
        assert str(MOST) in error.message, error
    else:
        raise AssertionError("it was sent")


FEATURES = [
    Feature("reliable packet to one, 0 B", partial(publish, size=0)),
    Feature("reliable packet to one, 15 360 B", partial(publish, size=MOST)),
    Feature("reliable packet to all", partial(publish, size=100, to_all=True)),
    Feature("lossy packet to one, 1 300 B", partial(publish, size=1_300, lossy=True)),
    Feature("lossy packet to all", partial(publish, size=100, lossy=True, to_all=True)),
    Feature("200 reliable packets in order", many),
    Feature(
        "reliable packet of 60 000 B",
        partial(publish, size=60_000),
        {OUT: "the crate sends no more than LiveKit documents: the next row"},
    ),
    Feature(
        "packet that is too long, refused at the sender",
        too_long,
        {BACK: "SDKs send more than LiveKit documents: the row above"},
    ),
]
