"""LiveKit's server on free ports of the loopback, which can be killed and come back on the same ports."""

from __future__ import annotations

import asyncio
import secrets
import socket
import string
import time
from asyncio.subprocess import Process
from pathlib import Path

from . import child
from .peers import ROOT

TEMPLATE = ROOT / "tests/peers/server/livekit.yaml"


class Server:
    """One server; `key` and `secret` are its own, drawn anew for each."""

    def __init__(self, program: Path, folder: Path, room_wait: str = "300ms") -> None:
        self.program = program
        self.log = folder / "server.log"
        self.port = free_port(socket.SOCK_STREAM)
        self.key, self.secret = "devkey", secrets.token_hex(32)
        self.http, self.ws = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}"
        self._config = folder / "livekit.yaml"
        self._config.write_text(
            string.Template(TEMPLATE.read_text()).substitute(
                http_port=self.port,
                udp_port=free_port(socket.SOCK_DGRAM),
                key=self.key,
                secret=self.secret,
                room_wait=room_wait,
            )
        )
        self._process: Process | None = None

    async def start(self, within: float = 20) -> None:
        """Returns when requests are answered; also starts it again after `kill`."""
        with self.log.open("ab") as log:
            self._process = await child.spawn(self.program, "--config", self._config, out=log, at_death="KILL")
        deadline = time.monotonic() + within
        while not await self._answers():
            if self._process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not come up, see {self.log}")
            await asyncio.sleep(0.01)  # there is no event of a port that opens

    async def kill(self) -> None:
        """As a crash or a power cut does it. SIGTERM would wait for the last participant to leave, for ever."""
        if self._process:
            await child.kill(self._process)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(b"GET / HTTP/1.0\r\n\r\n")
                status = await reader.readline()
                writer.close()
                return b" 200 " in status
        except (OSError, TimeoutError):
            return False


def free_port(kind: socket.SocketKind) -> int:
    """A port of the loopback that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
