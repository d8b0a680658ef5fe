"""Runs scenarios and prints the table of what the device did. Called by tests/e2e/run."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from contextlib import AsyncExitStack

from . import costs, entry
from .firmware import Image
from .lab import Lab
from .peers import ROOT, get
from .report import Row, table
from .scenarios import ALL

LOGS = ROOT / "target/e2e"
LIMIT_S = 120


async def main() -> int:
    await get("server")  # now, so that no scenario's time goes by while it is built
    rows: list[Row] = []
    failed = []
    stacks: dict[Image, list[int]] = {}
    for name in names:
        began = time.monotonic()
        try:
            for needed in ALL[name].needs:
                await needed.build()
            began = time.monotonic()
            rows += await run(name, stacks)
            print(f"{name}: passed in {time.monotonic() - began:.1f} s", flush=True)
        except Exception:
            failed.append(name)
            traceback.print_exc(file=sys.stdout)
            print(f"{name}: FAILED after {time.monotonic() - began:.1f} s, logs in {LOGS / name}", flush=True)
    print(f"\n{table(rows)}\n")
    too_much = weigh(stacks, failed)
    print(f"{len(names) - len(failed)} scenarios passed, {len(failed)} failed: {', '.join(failed) or 'none'}")
    if too_much:
        print(f"{len(too_much)} costs are too high or unknown")
    return 1 if failed or too_much else 0


async def run(name: str, stacks: dict[Image, list[int]]) -> list[Row]:
    """Plays it; what its devices say of their stack is added to `stacks`."""
    async with AsyncExitStack() as stack:
        lab = Lab(name, LOGS / name, ALL[name].image, stack)
        async with asyncio.timeout(LIMIT_S):
            rows = await ALL[name].play(lab)
        if lab.image:
            told = [int(line.groups["bytes"]) for device in lab.devices for line in device.log if line.kind == "stack"]
            stacks.setdefault(lab.image, []).extend(told)
        return rows


def weigh(stacks: dict[Image, list[int]], failed: list[str]) -> list[str]:
    """Prints what the images cost. Only a whole run knows the worst stack, so only that one is compared or kept."""
    if not stacks:
        return []
    measured = {image: costs.Cost.of(image, told) for image, told in stacks.items()}
    print(f"{costs.table(measured)}\n")
    if set(names) != set(ALL):
        return []
    whole = {image: cost for image, cost in measured.items() if image not in {ALL[name].image for name in failed}}
    if arguments.write_costs:
        costs.write(whole)
    too_much = costs.check(whole)
    print("".join(f"costs: {what}\n" for what in too_much))
    return too_much


parser = argparse.ArgumentParser(prog="tests/e2e/run", description=__doc__)
parser.add_argument("scenario", nargs="*", help=f"of {', '.join(ALL)}; all of them if none is named")
parser.add_argument(
    "--write-costs", action="store_true", help=f"keep what images cost in {costs.PAGE.relative_to(ROOT)}"
)
arguments = parser.parse_args()
names = arguments.scenario or list(ALL)
if unknown := set(names) - set(ALL):
    parser.error(f"no scenario {', '.join(unknown)}")
if arguments.write_costs and set(names) != set(ALL):
    parser.error("--write-costs needs all scenarios: the worst stack is that of all of them")
entry.start(main, LOGS)
