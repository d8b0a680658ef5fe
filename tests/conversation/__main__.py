"""Plays every feature with every peer and prints the matrix. Called by tests/conversation/run."""

from __future__ import annotations

import argparse
import asyncio
import time
import traceback
from contextlib import AsyncExitStack

from e2e import entry
from e2e.peers import ROOT, get
from e2e.server import Server

from . import page, strangers
from .features import BACK, OUT, Column, Feature, Pair, agents, encryption, leaving, packets, rpc, streams, tracks
from .lab import Programs, Room
from .matrix import FAILED, PASSED, Matrix

LOGS = ROOT / "target/conversation"
CONTENTS = LOGS / "contents"
# With 2 calls are streams, and small streams are one frame.
ANNOUNCED = {kind: (0, 2) for kind in ("python", "go", "js", "agent")}
STRANGERS = "strangers"
KINDS = (*ANNOUNCED, STRANGERS)
COLUMNS = [Column(kind, announced) for kind in ANNOUNCED for announced in ANNOUNCED[kind]]
# With end-to-end encryption.
COLUMNS += [Column("python", 2, is_encrypted=True), Column("go", 0, is_encrypted=True), Column("js", 2, is_encrypted=True)]
# With compression.
COLUMNS += [Column("python", 2, is_compressed=True), Column("js", 2, is_compressed=True)]
PASSPHRASE = "correct horse battery staple"
ALL: list[Feature] = [*packets.FEATURES, *rpc.FEATURES, *streams.FEATURES, *tracks.FEATURES, *agents.FEATURES]
# The last ones end with participants that leave.
ALL += [*encryption.FEATURES, *leaving.FEATURES]
# They mostly wait.
JOBS = 4
LIMIT_S = 60


async def main() -> int:
    programs = await Programs.get()
    CONTENTS.mkdir()
    columns = [column for column in COLUMNS if column.kind in kinds]
    matrix = Matrix([*map(str, columns)], [feature.name for feature in ALL])
    async with AsyncExitStack() as stack:
        server = Server(await get("server"), LOGS / "server")
        stack.push_async_callback(server.kill)
        await server.start()
        jobs = asyncio.Semaphore(arguments.jobs)
        alone, *_ = await asyncio.gather(
            strangers.play(server, programs, LOGS / "strangers") if STRANGERS in kinds else asyncio.sleep(0, []),
            *(play(column, server, programs, matrix, jobs) for column in columns),
        )
    print(f"\n{matrix}\n\n{strangers.table(alone)}\n")
    passed = matrix.count(PASSED) + sum(outcome == PASSED for _, _, outcome in alone)
    failed = matrix.missing + sum(outcome != PASSED for _, _, outcome in alone)
    if set(kinds) == set(KINDS) and not failed:
        text = page.render(matrix, ALL)
        if arguments.write:
            page.PAGE.write_text(text)
        elif page.PAGE.read_text() != text:
            print(f"{page.PAGE} is not what this run shows: tests/conversation/run --write")
            failed += 1
    print(f"{passed} passed, {failed} failed, {matrix.reasons} left out for a reason")
    return 1 if failed else 0


async def play(column: Column, server: Server, programs: Programs, matrix: Matrix, jobs: asyncio.Semaphore) -> None:
    """Plays all features of a column in a room of its own."""
    cells = [(feature, direction) for feature in ALL for direction in (OUT, BACK)]
    reasons = {(feature.name, direction): feature.reason(column, direction) for feature, direction in cells}
    for (name, direction), reason in reasons.items():
        if reason:
            matrix.left_out(name, str(column), direction, reason)
    if all(reasons.values()):
        return
    async with jobs, AsyncExitStack() as stack:
        began = time.monotonic()
        passphrase = PASSPHRASE if column.is_encrypted else ""
        room = Room(str(column), server, programs, LOGS / str(column), stack, passphrase, column.derivation)
        try:
            pair = await Pair.join(column, room, CONTENTS)
        except Exception:
            # Then its cells stay empty.
            traceback.print_exc()
            return
        for feature, direction in cells:
            if not reasons[feature.name, direction]:
                at = time.monotonic()
                error = await ended(feature, pair, direction)
                matrix.played(feature.name, str(column), direction, PASSED if not error else FAILED)
                if error or arguments.times:
                    told = error or f"{time.monotonic() - at:.2f} s"
                    print(f"{column} {direction} {feature.name}: {told}", flush=True)
    print(f"{column}: played in {time.monotonic() - began:.1f} s", flush=True)


async def ended(feature: Feature, pair: Pair, direction: str) -> str:
    """Returns how a check failed; empty if it did not."""
    try:
        async with asyncio.timeout(LIMIT_S):
            await feature.check(pair, direction)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {where.name}: {error}"
    return ""


parser = argparse.ArgumentParser(prog="tests/conversation/run", description=__doc__)
parser.add_argument("kind", nargs="*", help=f"of {', '.join(KINDS)}; by default all")
parser.add_argument("--jobs", type=int, default=JOBS, help=f"rooms at a time ({JOBS})")
parser.add_argument("--times", action="store_true", help="tell how long each check took")
parser.add_argument("--write", action="store_true", help="write docs/INTEROP.md, after a run with all")
arguments = parser.parse_args()
kinds = arguments.kind or KINDS
if unknown := set(kinds) - set(KINDS):
    parser.error(f"no peer {', '.join(unknown)}")
entry.start(main, LOGS)
