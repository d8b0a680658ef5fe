"""TLS 1.3 in front of the server: a private P-256 chain, and stunnel, which forwards the bytes of HTTP unchanged."""

from __future__ import annotations

import asyncio
import base64
import socket
from asyncio.subprocess import PIPE, STDOUT, Process
from dataclasses import dataclass
from pathlib import Path

from . import child
from .device import HOST
from .server import free_port

NAME = "livekit.test"

CONFIG = """\
foreground = yes
pid =
[livekit]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{server_port}
cert = {chain}
key = {key}
sslVersionMin = TLSv1.3
curves = P-256
ciphersuites = TLS_AES_128_GCM_SHA256
"""

LEAF = f"""\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:{NAME},DNS:localhost,IP:127.0.0.1,IP:{HOST}
"""

P256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256")


@dataclass(frozen=True)
class Chain:
    """A root that a device trusts, and a certificate for NAME issued under it."""

    root: str  # as a device is told: base64 of DER
    chain: Path
    key: Path

    @staticmethod
    async def make(folder: Path) -> Chain:
        folder.mkdir(parents=True)
        (folder / "leaf.ext").write_text(LEAF)
        root = ("-subj", "/CN=Test root", "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0")
        usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "leaf.ext")
        await _openssl(
            folder, "req", "-x509", *P256, "-days", "30", *root, *usage, "-keyout", "ca.key", "-out", "ca.pem"
        )
        await _openssl(folder, "req", *P256, "-subj", f"/CN={NAME}", "-keyout", "leaf.key", "-out", "leaf.csr")
        await _openssl(folder, "x509", "-req", "-in", "leaf.csr", *signer, "-sha256", "-days", "30", "-out", "leaf.pem")
        await _openssl(folder, "x509", "-in", "ca.pem", "-outform", "der", "-out", "ca.der")
        chain = folder / "chain.pem"
        chain.write_bytes((folder / "leaf.pem").read_bytes() + (folder / "ca.pem").read_bytes())
        return Chain(base64.b64encode((folder / "ca.der").read_bytes()).decode(), chain, folder / "leaf.key")


class Front:
    """stunnel on `port`, in front of the server on another one."""

    def __init__(self, program: Path, folder: Path, chain: Chain, server_port: int) -> None:
        self.port = free_port(socket.SOCK_STREAM)
        self._program, self._folder, self._server_port = program, folder, server_port
        self._process: Process | None = None
        self._log = folder / "stunnel.log"
        self.use(chain)

    def use(self, chain: Chain) -> None:
        """Sets the chain that it sends from the next start on."""
        (self._folder / "stunnel.conf").write_text(
            CONFIG.format(port=self.port, server_port=self._server_port, chain=chain.chain, key=chain.key)
        )

    async def start(self, within: float = 5) -> None:
        with self._log.open("ab") as log:
            self._process = await child.spawn(self._program, self._folder / "stunnel.conf", out=log)
        async with asyncio.timeout(within):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    return writer.close()
                except OSError:
                    assert self._process.returncode is None, f"stunnel ended, see {self._log}"
                    await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._process:
            await child.end(self._process)

    async def expect(self, said: str, within: float = 3) -> None:
        """Waits for it to log a line with this text: it may see the end of a connection later than the device."""
        try:
            async with asyncio.timeout(within):
                while said not in self._log.read_text():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"stunnel did not log '{said}', see {self._log}") from None


async def _openssl(folder: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec("openssl", *arguments, cwd=folder, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 0, f"openssl {' '.join(arguments)}: {said.decode()}"
