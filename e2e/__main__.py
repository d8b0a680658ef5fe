"""Runs scenarios and prints the table of what the device did. Called by e2e/run."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import signal
import sys
import time
import traceback
from contextlib import AsyncExitStack

from .lab import Lab
from .peers import ROOT, get
from .report import Row, table
from .scenarios import ALL

LOGS = ROOT / "target/e2e"
LIMIT_S = 120


async def main() -> int:
    arguments = argparse.ArgumentParser(prog="e2e/run", description=__doc__)
    arguments.add_argument("scenario", nargs="*", help=f"of {', '.join(ALL)}; all of them if none is named")
    names = arguments.parse_args().scenario or list(ALL)
    if unknown := set(names) - set(ALL):
        arguments.error(f"no scenario {', '.join(unknown)}")

    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    logging.basicConfig(filename=LOGS / "sdk.log", level=logging.INFO, format="%(relativeCreated)d %(message)s")
    await get("server")  # now, so that no scenario's time goes by while it is built
    rows: list[Row] = []
    failed = []
    for name in names:
        began = time.monotonic()
        try:
            await ALL[name].image.build()
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
        async with asyncio.timeout(LIMIT_S):
            return await ALL[name].play(Lab(name, LOGS / name, ALL[name].image, stack))


async def until_told() -> int:
    """A signal cancels `main`, whose scenario then ends all that it has started."""
    work = asyncio.create_task(main())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        return await work
    except asyncio.CancelledError:
        return 130


status = asyncio.run(until_told())
sys.stdout.flush()
sys.stderr.flush()
os._exit(status)  # the SDK's native threads need no goodbye, and may not come to one
