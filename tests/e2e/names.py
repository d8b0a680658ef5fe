"""A name server: dnsmasq, for the device that asks it at the host's own address."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from pathlib import Path

from . import child
from .device import HOST

# smoltcp asks no other.
PORT = 53


class NameServer:
    """dnsmasq, which knows some names: all are of the host."""

    def __init__(self, program: Path, folder: Path, *names: str) -> None:
        self._program, self._folder, self._names = program, folder, names
        self._process: Process | None = None

    async def start(self, within: float = 5) -> None:
        known = (f"--address=/{name}/{HOST}" for name in self._names)
        log = self._folder / "dnsmasq.log"
        with log.open("ab") as out:
            self._process = await child.spawn(
                *(self._program, "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null"),
                *("--listen-address=127.0.0.1", "--bind-interfaces", f"--port={PORT}", "--user=root", "--pid-file"),
                *("--log-facility=-", *known),
                out=out,
            )
        async with asyncio.timeout(within):
            while "started" not in log.read_text():
                assert self._process.returncode is None, f"dnsmasq ended, see {log}"
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        if self._process:
            await child.end(self._process)
