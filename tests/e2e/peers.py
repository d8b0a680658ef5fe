"""The real peers. The script tests/peers/get makes them."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """A tool or peer is missing. The reason has been printed to stderr."""


async def get(peer: str) -> Path:
    """Returns the path that `tests/peers/get PEER` prints, which makes the peer first if necessary."""
    process = await asyncio.create_subprocess_exec(ROOT / "tests/peers/get", peer, stdout=PIPE)
    path, _ = await process.communicate()
    if process.returncode:
        raise Missing(f"missing: {peer}")
    return Path(path.decode().strip())


@dataclass(frozen=True)
class Peer:
    """A peer that a scenario needs."""

    name: str

    async def build(self) -> None:
        await get(self.name)


SERVER, OLD_SERVER, BRIDGE, RISCV = Peer("server"), Peer("server-1.13.4"), Peer("participants"), Peer("riscv")
TLS, TIME, NAMES, REDIS = Peer("tls"), Peer("time"), Peer("names"), Peer("redis")
