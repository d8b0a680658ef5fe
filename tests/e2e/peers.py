"""Where the real peers are. Making them is the work of the script tests/peers/get."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """Something that is needed cannot be had. Why stands on stderr already."""


async def get(peer: str) -> Path:
    """The path that `tests/peers/get PEER` prints, made first if need be."""
    process = await asyncio.create_subprocess_exec(ROOT / "tests/peers/get", peer, stdout=PIPE)
    path, _ = await process.communicate()
    if process.returncode:
        raise Missing(f"there is no {peer} to go on with")
    return Path(path.decode().strip())
