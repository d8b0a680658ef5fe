"""Plays every feature with every peer and prints the matrix. Called by tests/conversation/run."""

from __future__ import annotations

import argparse
import asyncio
import time
import traceback
from contextlib import AsyncExitStack
from pathlib import Path

from e2e import entry
from e2e.peers import ROOT, get
from e2e.server import Server

from .features import OUT, BACK, Feature, Pair
from .features.packets import FEATURES as PACKETS
from .features.rpc import FEATURES as RPC
from .features.streams import FEATURES as STREAMS
from .lab import Programs, Room
from .matrix import FAILED, PASSED, Matrix

LOGS = ROOT / "target/conversation"
KINDS = ("python", "go", "js", "agent")
# What the device announces: the receiver of version 2 gets small streams in one frame.
ANNOUNCED = (0, 2)
ALL: list[Feature] = [*PACKETS, *RPC, *STREAMS]
# They mostly wait.
JOBS = 3


async def main() -> int:
    programs = await Programs.get()
    contents = LOGS / "contents"
    contents.mkdir()
    async with AsyncExitStack() as stack:
        server = Server(await get("server"), LOGS / "server")
        stack.push_async_callback(server.kill)
        await server.start()
        pairs = [(kind, announced) for kind in KINDS for announced in ANNOUNCED if not wanted or kind in wanted]
        matrix = Matrix([name(*pair) for pair in pairs], [feature.name for feature in ALL])
        jobs = asyncio.Semaphore(arguments.jobs)
        await asyncio.gather(*(play(*pair, server, programs, contents, matrix, jobs) for pair in pairs))
    print(f"\n{matrix}\n")
    print(f"{matrix.count(PASSED)} passed, {matrix.count(FAILED)} failed, {matrix.reasons} left out for a reason")
    return 0 if matrix.is_whole else 1


def name(kind: str, announced: int) -> str:
    return f"{kind}, {announced}"


async def play(
    kind: str, announced: int, server: Server, programs: Programs, contents: Path, matrix: Matrix, jobs: asyncio.Semaphore
) -> None:
    column = name(kind, announced)
    async with jobs, AsyncExitStack() as stack:
        began = time.monotonic()
        room = Room(column, server, programs, LOGS / column, stack)
        try:
            pair = await Pair.join(room, kind, announced, contents)
        except Exception:
            traceback.print_exc()
            print(f"{column}: not met", flush=True)
            return
        for feature in ALL:
            for direction in (OUT, BACK):
                if reason := feature.reason(pair, direction):
                    matrix.left_out(feature.name, column, direction, reason)
                    continue
                at = time.monotonic()
                try:
                    async with asyncio.timeout(60):
                        await feature.check(pair, direction)
                    matrix.passed(feature.name, column, direction)
                except Exception as error:
                    matrix.failed(feature.name, column, direction)
                    where = traceback.extract_tb(error.__traceback__)[-1]
                    print(f"{column} {direction} {feature.name}: {type(error).__name__} in {where.name}: {error}", flush=True)
                if arguments.times:
                    print(f"{column} {direction} {feature.name}: {time.monotonic() - at:.2f} s")
        print(f"{column}: played in {time.monotonic() - began:.1f} s", flush=True)


parser = argparse.ArgumentParser(prog="tests/conversation/run", description=__doc__)
parser.add_argument("kind", nargs="*", help=f"of {', '.join(KINDS)}; by default all")
parser.add_argument("--jobs", type=int, default=JOBS, help=f"rooms at a time ({JOBS})")
parser.add_argument("--times", action="store_true", help="tell how long each check took")
arguments = parser.parse_args()
wanted = set(arguments.kind)
if wanted - set(KINDS):
    parser.error(f"no peer {', '.join(wanted - set(KINDS))}")
entry.start(main, LOGS)
