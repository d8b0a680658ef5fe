"""The crate's example token-server, on a free port of the loopback, and a device of the host that asks it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import socket
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp

from . import child
from .feed import Feed
from .hosted import TOKEN_SERVER
from .server import Server, free_port


class TokenServer:
    """Mints tokens for `server`. `log` has its lines."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.log: Feed[str] = Feed("token server")
        self.port = free_port(socket.SOCK_STREAM)
        folder.mkdir()
        self._server, self._devices = server, folder / "devices.txt"
        self._devices.write_text("")
        self._process: Process | None = None
        self._follows: asyncio.Task[None] | None = None

    async def start(self, **options: int) -> None:
        """Starts it, also again after `stop`."""
        said = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        where = ("--devices", self._devices, "--listen", f"127.0.0.1:{self.port}")
        env = {"LIVEKIT_API_KEY": self._server.key, "LIVEKIT_API_SECRET": self._server.secret}
        self._process = await child.spawn(TOKEN_SERVER.path, *where, *said, out=PIPE, env=env)
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode()
        assert line == f"listening on 127.0.0.1:{self.port}\n", line
        self._follows = asyncio.create_task(self._follow(self._process.stdout))

    async def stop(self) -> None:
        if self._process and self._follows:
            await child.end(self._process)
            await self._follows

    def admit(self, identity: str, room: str, key: str = "") -> str:
        """Adds a device, or gives it another key. Returns the key."""
        self.dismiss(identity)
        key = key or secrets.token_hex(32)
        with self._devices.open("a") as out:
            out.write(f"{identity} {room} {key}\n")
        return key

    def dismiss(self, identity: str) -> None:
        """Deletes the line of a device."""
        lines = self._devices.read_text().splitlines(keepends=True)
        self._devices.write_text("".join(line for line in lines if line.split()[0] != identity))

    def minted(self, identity: str) -> int:
        """How many tokens it has minted for a device."""
        return self.log.count(f'token for "{identity}"')

    async def _follow(self, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            self.log.append(line.decode().rstrip())


class Asking:
    """A device that asks for tokens, by another implementation of HTTP and HMAC than the crate's."""

    def __init__(self, server: TokenServer, session: aiohttp.ClientSession) -> None:
        self._server, self._session = server, session

    async def nonce(self) -> str:
        async with self._session.get(self._url("nonce")) as response:
            assert response.status == 200, response.status
            assert response.headers["Cache-Control"] == "no-store", response.headers
            return await response.text()

    async def post(self, body: str | bytes) -> tuple[int, str]:
        async with self._session.post(self._url("token"), data=body) as response:
            return response.status, await response.text()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.port}/{path}"


def proof(key: str, identity: str, nonce: str) -> str:
    return hmac.new(bytes.fromhex(key), f"livekit-micro token 1\n{nonce}\n{identity}".encode(), hashlib.sha256).hexdigest()


def body(key: str, identity: str, nonce: str) -> str:
    return f"{identity}\n{nonce}\n{proof(key, identity, nonce)}"
