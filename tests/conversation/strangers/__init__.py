"""What no SDK sends: packets by hand, of the one whom the device talks to and of a third."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from e2e.server import Server

from ..lab import Programs, Room
from ..matrix import FAILED, PASSED
from . import calls, others, streams
from .cast import Strangers

LIMIT_S = 30

Check = Callable[[Strangers], Awaitable[None]]
CHECKS: Sequence[tuple[str, str, Check]] = (
    ("chunks and headers again, empty chunks, characters cut, an id again", "whole, once", streams.whole_streams),
    ("gaps, wrong lengths, a reason, a compression", "the stream fails with the error of its kind", streams.broken_streams),
    ("compressed streams, whole and broken", "whole, or failed; failed if none is wanted", streams.compressed_streams),
    ("streams in one frame, of right and wrong length", "whole, or failed", streams.inline_streams),
    ("neither text nor bytes, unknown compression, no header", "nothing", streams.ignored_streams),
    ("a stream more than the device has space for", "it fails, the others arrive", streams.one_too_many),
    ("a third sends chunks and trailers of the stream", "nothing of it is received", streams.foreign_chunks),
    ("two open a stream of the same id", "two streams", streams.same_id_of_two),
    ("requests again, of other versions, ids, lengths", "acknowledged; run once; 1400, 1404, 1504", calls.requests),
    ("errors of every code", "the caller is told code and message", calls.answers),
    ("responses unacknowledged, to all, twice, long, empty, none", "the first counts; 1500, 1501, 1502", calls.odd_answers),
    ("a third acknowledges and responds", "only who was called counts", calls.foreign_answers),
    ("other kinds of packets, no kind, 65 000 B", "handed on, received", others.other_packets),
    ("the network is gone for a moment, and for 2 s", "what both send meanwhile arrives once, in order", others.resume),
)
# Besides, with a device of RPC version 2.
SECOND: Sequence[tuple[str, str, Check]] = (
    ("responses as streams, of Carol and of a third", "only who was called counts", calls.streamed_answers),
    ("requests as streams, whole, broken, malformed", "acknowledged; run; 1400, 1404, 1500", calls.streamed_requests),
)

Outcome = tuple[str, str, str]


async def play(server: Server, programs: Programs, folder: Path) -> list[Outcome]:
    """Plays with a device of each version of RPC."""
    outcomes = await asyncio.gather(*(_play(version, server, programs, folder) for version in (1, 2)))
    return [outcome for played in outcomes for outcome in played]


async def _play(version: int, server: Server, programs: Programs, folder: Path) -> list[Outcome]:
    announced, checks = (0, CHECKS) if version == 1 else (2, (*CHECKS, *SECOND))
    async with AsyncExitStack() as stack:
        room = Room(f"strangers, {version}", server, programs, folder / f"{version}", stack)
        contents = room.folder / "contents"
        contents.mkdir()
        bob, carol, eve = await asyncio.gather(room.raw("bob"), room.raw("carol", 2), room.raw("eve"))
        device = await room.device(announced, DEFLATE="1" if version == 2 else "")
        return [await _played(check, Strangers(device, bob, carol, eve, contents, version)) for check in checks]


async def _played(check: tuple[str, str, Check], it: Strangers) -> Outcome:
    name, expected, run = check
    name = f"{name}; RPC {it.version}"
    try:
        async with asyncio.timeout(LIMIT_S):
            await run(it)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{name}: {type(error).__name__} in {where.name}: {error}", flush=True)
        return name, expected, FAILED
    return name, expected, PASSED


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [("packets by hand", "what becomes of them", ""), *outcomes]
    widths = [max(len(line[at]) for line in lines) for at in range(3)]
    return "\n".join(" │ ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in lines)
