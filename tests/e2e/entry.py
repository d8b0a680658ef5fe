"""How a program with peers and devices starts and ends."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import NoReturn

from .peers import Missing


def start(main: Callable[[], Coroutine[None, None, int]], logs: Path) -> NoReturn:
    """Runs `main` with an empty folder for logs, and exits with what it returns.

    A signal cancels it, so that all it has started is ended by whoever started it.
    """
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    logging.basicConfig(filename=logs / "sdk.log", level=logging.INFO, format="%(relativeCreated)d %(message)s")

    async def until_told() -> int:
        work = asyncio.create_task(main())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
        try:
            return await work
        except asyncio.CancelledError:
            return 130
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 2
        except Exception:
            traceback.print_exc()
            return 1

    status = asyncio.run(until_told())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # the SDK's native threads need no goodbye, and may not come to one
