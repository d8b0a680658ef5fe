"""Text and byte streams."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from .. import content
from ..participant import Failed, Line, Participant
from ..lab import know_each_other
from . import BACK, OUT, Feature, Pair

SIZES = (0, 1, 14_999, 15_000, 15_001, 100_000)
# Bytes of content that a header of the device has space for besides the rest of it.
INLINE = (0, 1, 14_700)
LARGE = 5_000_000


def fields(receiver: Participant, **said: Any) -> dict[str, Any]:
    """The fields of a `stream` command to this receiver that are not said."""
    rest = {"name": "", "mime": "", "attributes": {}, "trailer": {}, "reason": "", "attached": []}
    return {**rest, "to": [receiver.identity], **said}


async def stream(
    pair: Pair, direction: str, size: int, text: bool, form: str, within: float = 30, **said: Any
) -> tuple[content.Content, Line]:
    """Sends one and returns it and what the receiver tells of it."""
    sender, receiver = pair.ends(direction)
    number = len(sender.events) + len(receiver.events)
    check = f"{direction} {size} {text} {form} {number}"
    sent = (content.text if text else content.binary)(pair.contents, size)
    said = fields(receiver, **{"topic": "text" if text else "bytes", **said})
    said["attributes"] = {"check": check, **said["attributes"]}
    await sender.do("stream", within, file=str(sent.path), text=text, form=form, **said)
    event = await receiver.event(
        "stream", lambda event: (event["attributes"].get("check"), event["text"]) == (check, text), within
    )
    assert (event["from"], event["topic"]) == (sender.identity, said["topic"]), event
    return sent, event


async def whole(pair: Pair, direction: str, *, sizes: tuple[int, ...], text: bool, form: str) -> None:
    """It arrives whole; its length is told where the form tells it."""
    for size in sizes:
        sent, event = await stream(pair, direction, size, text, form)
        assert (event["error"], event["content"]) == ("", sent.told), (size, event)
        # The Python SDK says 0 where nothing is told, and the Go SDK does not tell 0.
        if direction == BACK:
            # Random bytes do not get smaller; some SDKs compress them nevertheless.
            is_compressed = pair.column.is_compressed and form == "whole" and size > 100
            assert event["compressed"] == is_compressed or (is_compressed and not text), (size, event)
        untold = {None, 0}
        assert event["total"] in (untold if form == "pieces" or not size else {size}), (size, event)


async def described(pair: Pair, direction: str) -> None:
    """Attributes of the header arrive, and a name and a MIME type."""
    attributes = {"Zähler": "温度 🌡", "empty": "", "quote": '"\\\n'}
    _, event = await stream(
        pair, direction, 100, False, "whole", attributes=attributes, name="größe.bin", mime="image/x-test"
    )
    got = {key: value for key, value in event["attributes"].items() if key != "check"}
    assert got == attributes, event
    assert (event["name"], event["mime"]) == ("größe.bin", "image/x-test"), event


async def defaults(pair: Pair, direction: str) -> None:
    """The MIME types that LiveKit gives when none is told."""
    for text, mime in ((True, "text/plain"), (False, "application/octet-stream")):
        _, event = await stream(pair, direction, 10, text, "whole")
        assert event["mime"] == mime, event


async def attached(pair: Pair, direction: str) -> None:
    """The receiver can tell which file belongs to a text."""
    sender, receiver = pair.ends(direction)
    start = len(receiver.events)
    file = content.binary(pair.contents, 20_001)
    if direction == OUT:
        result = await sender.do("stream", file=str(file.path), text=False, form="whole", **fields(receiver, topic="bytes"))
        _, event = await stream(pair, direction, 10, True, "whole", attached=[result["id"]])
    else:
        _, event = await stream(pair, direction, 10, True, "whole", attachments=[str(file.path)])
    came = await receiver.event("stream", lambda event: event["content"] == file.told, start=start)
    assert event["attached"] == [came["id"]], (event, came)


async def trailer(pair: Pair, direction: str) -> None:
    """Attributes of the trailer count over those of the header."""
    said = {"attributes": {"final": "false", "kept": "1"}, "trailer": {"final": "true", "new": "2"}}
    sent, event = await stream(pair, direction, 20_000, True, "pieces", **said)
    got = {key: value for key, value in event["attributes"].items() if key != "check"}
    assert got == {"final": "true", "kept": "1", "new": "2"}, event
    assert event["content"] == sent.told, event


async def aborted(pair: Pair, direction: str) -> None:
    """The receiver is told that it is not whole."""
    for form in ("whole", "pieces") if direction == OUT else ("pieces",):
        sent, event = await stream(pair, direction, 20_000, True, form, reason="user gave up")
        assert event["error"] and event["content"] != sent.told, event
        if direction == BACK:
            assert event["error"] == "aborted: user gave up", event


async def unwanted(pair: Pair, direction: str) -> None:
    """A stream of a topic that nobody wants comes to nothing, and the next one arrives."""
    sender, receiver = pair.ends(direction)
    before = len(receiver.events)
    sent = content.text(pair.contents, 100_000)
    said = fields(receiver, topic="unwanted")
    await sender.do("stream", file=str(sent.path), text=True, form="whole", **said)
    await stream(pair, direction, 1, True, "whole")
    came = [event for event in receiver.events[before:] if event["event"] not in ("present", "gone")]
    assert [(event["event"], event.get("topic")) for event in came] == [("stream", "text")], came


async def four_at_once(pair: Pair, direction: str) -> None:
    """As many as the device has space for."""
    sizes = (90_001, 90_002, 90_003, 90_004)
    ended = await asyncio.gather(*(stream(pair, direction, size, size % 2 == 0, "pieces") for size in sizes))
    for sent, event in ended:
        assert (event["error"], event["content"]) == ("", sent.told), event


async def to_all(pair: Pair, direction: str) -> None:
    """One that is broadcast arrives; one that is for one arrives at nobody else."""
    await stream(pair, direction, 100, True, "pieces", attributes={"to": "one"})
    await stream(pair, direction, 100, True, "pieces", attributes={"to": "all"}, to=[])
    await pair.bystander.packet("stream_header", lambda header: header.attributes["to"] == "all")
    seen = [packet.stream_header.attributes["to"] for packet in pair.bystander.packets]
    assert "one" not in seen, "it went to all"


async def small_memory(pair: Pair, direction: str) -> None:
    """A device with a receive buffer of 2 KB reads chunks of 15 000 B in parts."""
    small = await pair.room.device(0, identity="small", RECEIVE="2048")
    try:
        await know_each_other(small, pair.peer)
        of_small = replace(pair, device=small)
        for text in (True, False):
            for size in (100_000, 1_000):
                sent, event = await stream(of_small, direction, size, text, "whole")
                assert (event["error"], event["content"]) == ("", sent.told), event
    finally:
        await small.leave()


async def too_long_inline(pair: Pair, direction: str) -> None:
    sender, _ = pair.ends(direction)
    try:
        await stream(pair, direction, 15_000, True, "inline")
    except Failed as error:
        assert "15000" in error.message, error
    else:
        raise AssertionError(f"{sender.name} has sent it")


CHUNKED = "the SDK decides by what the receiver announces: the rows with known length"
OLD = "it announces client_protocol 0: nobody may send it inline streams"
NO_WAY = "the SDK has no way to send it"
WHOLE = "a packet is opened when all of it has been received"
FEATURES = [
    Feature("text, length known: 0 B to 100 KB", partial(whole, sizes=SIZES, text=True, form="whole")),
    Feature("text, in pieces, length unknown", partial(whole, sizes=SIZES, text=True, form="pieces")),
    Feature("bytes, length known: 0 B to 100 KB", partial(whole, sizes=SIZES, text=False, form="whole")),
    Feature("bytes, in pieces, length unknown", partial(whole, sizes=SIZES, text=False, form="pieces")),
    Feature("text of 5 MB", partial(whole, sizes=(LARGE,), text=True, form="whole")),
    Feature("bytes of 5 MB", partial(whole, sizes=(LARGE,), text=False, form="whole")),
    Feature("100 KB, received by a buffer of 2 KB", small_memory, {OUT: "the device sends as it always does"}, left_out_encrypted=WHOLE),
    Feature("text in one frame", partial(whole, sizes=INLINE, text=True, form="inline"), {BACK: CHUNKED, "go": OLD}),
    Feature("bytes in one frame", partial(whole, sizes=INLINE, text=False, form="inline"), {BACK: CHUNKED, "go": OLD}),
    Feature("one frame too long, refused at the sender", too_long_inline, {BACK: CHUNKED}),
    Feature("attributes, name, MIME type", described),
    Feature("default MIME types", defaults, {(BACK, "go"): "the SDK tells none for bytes"}),
    Feature(
        "text, and a file that belongs to it",
        attached,
        {(OUT, "go"): "the SDK does not tell which", (BACK, "python"): NO_WAY, (BACK, "agent"): NO_WAY},
    ),
    Feature("attributes of the trailer", trailer, {(BACK, "go"): NO_WAY, (BACK, "js"): NO_WAY}),
    Feature(
        "aborted by its sender",
        aborted,
        {
            (BACK, "go"): NO_WAY,
            (BACK, "js"): NO_WAY,
            (OUT, "go"): "the SDK does not look at the reason: such a stream ends as a whole one does",
        },
    ),
    Feature("to one, and to all", to_all, left_out_encrypted="who sees what goes to all has no key"),
    Feature("four at once", four_at_once),
    Feature("topic that nobody wants", unwanted),
]
