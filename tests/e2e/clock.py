"""A server of the time: chrony, which says what its own clock says, or what it is made to believe."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from asyncio.subprocess import Process
from pathlib import Path

from . import child
from .server import free_port

CONFIG = """\
port {port}
bindaddress 127.0.0.1
cmdport 0
local stratum 8
allow 127.0.0.1
pidfile {folder}/chronyd.pid
"""


class TimeServer:
    """chrony on `port`."""

    def __init__(self, program: Path, folder: Path, ahead_s: int = 0) -> None:
        self.port = free_port(socket.SOCK_DGRAM)
        self._program, self._folder, self._ahead_s = program, folder, ahead_s
        self._process: Process | None = None

    async def start(self, within: float = 5) -> None:
        self._folder.mkdir()
        config = self._folder / "chrony.conf"
        config.write_text(CONFIG.format(port=self.port, folder=self._folder))
        faketime = (shutil.which("faketime") or "faketime", "-f", f"{self._ahead_s:+}s") if self._ahead_s else ()
        with (self._folder / "chronyd.log").open("ab") as log:
            command = (*faketime, self._program, "-x", "-d", "-u", "root", "-f", config)
            self._process = await child.spawn(*command, out=log)
        asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asks.setblocking(False)
        with asks:
            asks.connect(("127.0.0.1", self.port))
            end = time.monotonic() + within
            while True:
                assert time.monotonic() < end, f"no time, see {self._folder}"
                try:
                    asks.send(b"\x23" + bytes(47))
                    async with asyncio.timeout(0.2):
                        answer = await asyncio.get_running_loop().sock_recv(asks, 100)
                    if len(answer) >= 48:
                        return
                except OSError:  # a timeout, too
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        if self._process:
            await child.end(self._process)
