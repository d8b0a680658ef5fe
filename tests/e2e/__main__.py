"""Runs scenarios and prints a table of what the device logged and did. Called by tests/e2e/run."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import AsyncExitStack

from . import entry, images
from .firmware import Image
from .lab import Lab
from .peers import ROOT
from .report import Row, Seen, table, table_of_participants
from .scenarios import ALL, DEVICES, GROUPS

LOGS = ROOT / "target/e2e"
# They mostly wait.
JOBS = 3


async def main() -> int:
    # Before the scenarios, whose time is limited. One after the other, as cargo would wait for itself.
    for needed in dict.fromkeys(needed for name in names for needed in ALL[name].needs):
        await needed.build()
    jobs = asyncio.Semaphore(arguments.jobs)
    stacks: dict[Image, list[int]] = {}
    ended = await asyncio.gather(*(run(name, jobs, stacks) for name in names))
    failed = [name for name, rows in zip(names, ended) if rows is None]
    rows = [(name not in DEVICES, row) for name, rows in zip(names, ended) for row in rows or []]
    if readings := [row for is_joining, row in rows if not is_joining and isinstance(row, Row)]:
        print(f"\n{table(readings)}\n")
    if joining := [row for is_joining, row in rows if is_joining]:
        print(f"\n{table_of_participants(joining)}\n")
    sys.stdout.flush()
    are_as_stated = weigh(stacks, failed)
    print(f"{len(names) - len(failed)} scenarios passed, {len(failed)} failed: {', '.join(failed) or 'none'}")
    return 0 if not failed and are_as_stated else 1


async def run(name: str, jobs: asyncio.Semaphore, stacks: dict[Image, list[int]]) -> Sequence[Row | Seen] | None:
    """Plays a scenario; `None` if it fails."""
    async with jobs:
        began = time.monotonic()
        try:
            rows = await play(name, stacks)
        except Exception:
            traceback.print_exc(file=sys.stdout)
            print(f"{name}: FAILED after {time.monotonic() - began:.1f} s, logs in {LOGS / name}", flush=True)
            return None
        print(f"{name}: passed in {time.monotonic() - began:.1f} s", flush=True)
        return rows


async def play(name: str, stacks: dict[Image, list[int]]) -> Sequence[Row | Seen]:
    """Plays a scenario and adds the stack that its devices logged to `stacks`."""
    async with AsyncExitStack() as stack:
        lab = Lab(name, LOGS / name, ALL[name].image, stack)
        async with asyncio.timeout(ALL[name].limit_s):
            rows = await ALL[name].play(lab)
        if lab.image:
            told = [int(line.groups["bytes"]) for device in lab.devices for line in device.log if line.kind == "stack"]
            stacks.setdefault(lab.image, []).extend(told)
        return rows


def weigh(stacks: dict[Image, list[int]], failed: list[str]) -> bool:
    """Compares the sizes of the images, or writes them. Only a run in which all scenarios of an image pass has its worst stack:
    all, or those of a group."""
    groups = [group for group in GROUPS.values() if set(group) <= set(names)]
    if failed or not groups:
        return True
    measured = {scenario.image for group in groups for scenario in group.values()}
    costs = {image: images.Cost.of(image, told) for image, told in stacks.items() if image in measured}
    if not costs:
        return True
    return images.tell(costs, arguments.write, arguments.because, is_part=len(groups) < len(GROUPS))


parser = argparse.ArgumentParser(prog="tests/e2e/run", description=__doc__)
parser.add_argument("scenario", nargs="*", help=f"of {', '.join([*GROUPS, *ALL])}; by default all")
parser.add_argument("--jobs", type=int, default=JOBS, help=f"scenarios at a time ({JOBS})")
parser.add_argument("--write", action="store_true", help="write the sizes of the images to measure/figures")
parser.add_argument("--because", metavar="LINE", help="the line of CHANGELOG.md that says why a size became worse")
arguments = parser.parse_args()
names = list(dict.fromkeys(name for it in arguments.scenario or GROUPS for name in GROUPS.get(it, [it])))
if unknown := set(names) - set(ALL):
    parser.error(f"no scenario {', '.join(unknown)}")
if arguments.write and not all(set(group) <= set(names) for group in GROUPS.values()):
    parser.error("--write needs all groups, for the worst stack")
entry.start(main, LOGS)
