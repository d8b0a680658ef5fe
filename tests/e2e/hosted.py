"""The crate's examples for the host: `token` mints and verifies, `call` calls the server, `token-server` mints for devices, `bridge` joins
for `linked`."""

from __future__ import annotations

import asyncio
import os
import re
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path

from . import tokens
from .peers import ROOT, Missing
from .server import Server

TARGET = ROOT / "target/e2e-hosted"


@dataclass(frozen=True)
class Ended:
    """A program that has ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Hosted:
    """An example of the crate."""

    name: str
    # Of those with the same ones the crate is built once.
    features: str = "embedded-io,server,token"

    @property
    def path(self) -> Path:
        return TARGET / "debug/examples" / self.name

    async def build(self) -> None:
        """Quick when nothing has changed."""
        await _build("--example", self.name, "--features", self.features, "--target-dir", str(TARGET))

    async def run(self, *arguments: str, stdin: bytes = b"", **env: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            self.path, *arguments, env={**os.environ, **env}, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())


class Joining:
    """The device of tests/conversation, where conversation.lab.DEVICE is."""

    async def build(self) -> None:
        await _build("--package", "conversation-device", "--target-dir", str(ROOT / "target"))


async def _build(*what: str) -> None:
    command = ("cargo", "build", "--quiet", "--locked", *what)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    if await process.wait():
        raise Missing(f"failed: {' '.join(command)}")


TOKEN, CALL, TOKEN_SERVER, DEVICE = Hosted("token"), Hosted("call"), Hosted("token-server"), Joining()
BRIDGING, LINKED = Hosted("bridge", "link,participant"), Hosted("linked", "link,participant")


async def mint(server: Server, *options: str, secret: str = "", key: str = "") -> str:
    """Returns a token minted by the crate, with the server's key and secret or others."""
    ended = await TOKEN.run(*options, LIVEKIT_API_KEY=key or server.key, LIVEKIT_API_SECRET=secret or server.secret)
    assert ended.status == 0, f"{options}: {ended.err}"
    return ended.out.strip()


async def verify(server: Server, token: str) -> Ended:
    """Verifies a token with the crate and the server's key: prints claims, or an error and status 1."""
    return await TOKEN.run("--verify", token, LIVEKIT_API_KEY=server.key, LIVEKIT_API_SECRET=server.secret)


async def call(server: Server, room: str, payload: bytes, *arguments: str) -> Ended:
    """Calls the server with `livekit_micro::server`; the typed error is at the end of `err`."""
    where = f"127.0.0.1:{server.port}"
    return await CALL.run(where, *arguments, stdin=payload, LIVEKIT_TOKEN=tokens.device(server, room))


def unescape(debug: str) -> str:
    """Undoes the escapes of Rust's `{:?}`; `debug` is without its quotes."""
    short = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
    return re.sub(
        r"\\(?:u\{([0-9a-f]+)\}|(.))",
        lambda found: chr(int(found[1], 16)) if found[1] else short.get(found[2], found[2]),
        debug,
    )
