"""LiveKit's server on free ports of the loopback. It can be killed and started again on the same ports."""

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
    """One server with a key and a secret of its own. Calls wait `attempt` for a room that is not live."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        attempt: str = "300ms",
        max_attempts: int = 1,
        has_ice_tcp: bool = False,
        is_lite: bool = False,
        redis: str = "",
        secret: str = "",
    ) -> None:
        """With a `redis` and a `secret` that another one has, it is a node of the same cluster."""
        folder.mkdir()
        self.program = program
        self.log = folder / "server.log"
        self.port = free_port(socket.SOCK_STREAM)
        self.key, self.secret = "devkey", secret or secrets.token_hex(32)
        self.http, self.ws = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}"
        self._config = folder / "livekit.yaml"
        self._config.write_text(
            string.Template(TEMPLATE.read_text()).substitute(
                http_port=self.port,
                udp_port=free_port(socket.SOCK_DGRAM),
                tcp_port=free_port(socket.SOCK_STREAM) if has_ice_tcp else 0,
                use_ice_lite=str(is_lite).lower(),
                redis=redis,
                key=self.key,
                secret=self.secret,
                attempt=attempt,
                max_attempts=max_attempts,
            )
        )
        self._process: Process | None = None

    async def start(self, within: float = 20) -> None:
        """Returns when the server responds to requests; also starts it again after `kill`."""
        with self.log.open("ab") as log:
            self._process = await child.spawn(self.program, "--config", self._config, out=log, at_death="KILL")
        deadline = time.monotonic() + within
        while not await self._responds():
            if self._process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not start, see {self.log}")
            await asyncio.sleep(0.01)  # no event announces an open port

    def rotate(self) -> None:
        """Changes the secret of the API key, from the next start on: no token that there is counts any more."""
        old, self.secret = self.secret, secrets.token_hex(32)
        self._config.write_text(self._config.read_text().replace(old, self.secret))

    async def kill(self) -> None:
        """As a crash or a power cut would. After SIGTERM it would wait for the last participant to leave."""
        if self._process:
            await child.kill(self._process)

    def drain(self) -> None:
        """As an operator would who waits for the participants to leave: it takes no other rooms."""
        assert self._process
        self._process.terminate()

    async def end(self) -> None:
        """After `drain`, as an operator would who waits no longer: at the second signal the participants are told."""
        assert self._process
        await child.end(self._process)

    async def shut_down(self) -> None:
        """As an operator would who does not wait for the participants."""
        self.drain()
        await asyncio.sleep(0.5)  # as one, both signals would be the first
        await self.end()

    async def _responds(self) -> bool:
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
    """Returns a port of the loopback that is not in use."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
