"""Runs scenarios and prints the table of what the device did. Called by e2e/run."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from contextlib import AsyncExitStack

from . import entry
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
    for name in names:
        began = time.monotonic()
        try:
            for needed in ALL[name].needs:
                await needed.build()
            began = time.monotonic()
            rows += await run(name)
            print(f"{name}: passed in {time.monotonic() - began:.1f} s", flush=True)
        except Exception:
            failed.append(name)
            traceback.print_exc(file=sys.stdout)
            print(f"{name}: FAILED after {time.monotonic() - began:.1f} s, logs in {LOGS / name}", flush=True)
    print(f"\n{table(rows)}\n")
    print(f"{len(names) - len(failed)} scenarios passed, {len(failed)} failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


async def run(name: str) -> list[Row]:
    async with AsyncExitStack() as stack:
        lab = Lab(name, LOGS / name, ALL[name].image, stack)
        async with asyncio.timeout(LIMIT_S):
            return await ALL[name].play(lab)


arguments = argparse.ArgumentParser(prog="e2e/run", description=__doc__)
arguments.add_argument("scenario", nargs="*", help=f"of {', '.join(ALL)}; all of them if none is named")
names = arguments.parse_args().scenario or list(ALL)
if unknown := set(names) - set(ALL):
    arguments.error(f"no scenario {', '.join(unknown)}")
entry.start(main, LOGS)
