"""Child processes that end with this one, however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO


async def spawn(
    *command: str | Path,
    out: int | IO[bytes] = DEVNULL,
    err: int | IO[bytes] = STDOUT,
    stdin: int = DEVNULL,
    env: Mapping[str, str] | None = None,
    at_death: str = "TERM",
) -> Process:
    """Starts `command` in a session of its own: a ctrl-C on the terminal reaches this process alone, which then stops its
    children in order. If this process is killed, the kernel sends them `at_death`."""
    return await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", at_death, "--", *map(str, command)),
        stdin=stdin,
        stdout=out,
        stderr=err,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    )


async def end(process: Process, within: float = 5) -> int:
    """Sends SIGTERM, and after `within` seconds SIGKILL to the session. Returns the exit status."""
    if process.returncode is None:
        process.terminate()
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await process.wait()
    return await kill(process)


async def kill(process: Process) -> int:
    """Sends SIGKILL to the whole session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return await process.wait()
