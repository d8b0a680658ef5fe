"""Participants that leave in the middle of calls and streams."""

from __future__ import annotations

from .. import content
from ..participant import Failed
from . import BACK, OUT, Feature, Pair
from .rpc import call
from .streams import fields


async def departure(pair: Pair, who: str) -> tuple[int, str]:
    """`who` leaves while the other has called it and waits for the rest of a stream. Returns the code of the call and the
    error of the stream. Both are of one departure."""
    if who not in pair.departed:
        pair.departed[who] = await _departure(pair, who)
        await pair.rejoin(who)
    return pair.departed[who]


async def _departure(pair: Pair, who: str) -> tuple[int, str]:
    leaver, other = (pair.device, pair.peer) if who == "device" else (pair.peer, pair.device)
    said = fields(other, topic="text", attributes={"check": "unfinished"})
    half = content.text(pair.contents, 40_000)
    await leaver.do("stream", file=str(half.path), text=True, form="unfinished", **said)
    code = 0
    try:
        await call(pair, OUT if who == "peer" else BACK, "leave", content.text(pair.contents, 5))
    except Failed as error:
        code = error.code
    if (other, pair.kind) == (pair.peer, "go"):
        return code, ""  # it waits for the rest for ever
    # The server tells of it in a tick of 3 s, and the Python SDK waits for 2 s more.
    ended = await other.event("stream", lambda event: event["attributes"].get("check") == "unfinished")
    return code, str(ended["error"])


async def callee_leaves(pair: Pair, direction: str) -> None:
    code, _ = await departure(pair, "peer" if direction == OUT else "device")
    assert code == 1503, code


async def sender_leaves(pair: Pair, direction: str) -> None:
    """The receiver is told that there will be no more."""
    _, error = await departure(pair, "device" if direction == OUT else "peer")
    assert error, "it seems to be whole"
    if direction == BACK:
        # Some SDKs end their streams when they leave.
        assert error in ("ParticipantLeft", "Incomplete"), error


FEATURES = [
    Feature("1503 callee leaves", callee_leaves),
    Feature(
        "stream whose sender leaves",
        sender_leaves,
        {(OUT, "go"): "the SDK does not end it: who reads it waits for ever"},
    ),
]
