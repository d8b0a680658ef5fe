"""TLS 1.3 in front of the server: a chain of certificates, and stunnel, which forwards the bytes of HTTP unchanged."""

from __future__ import annotations

import asyncio
import base64
import socket
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Sequence
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

AUTHORITY = """\
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
"""

KEYS = {
    "P-256": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256"),
    "P-384": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"),
    "RSA-2048": ("-newkey", "rsa:2048", "-sha256"),
    "RSA-4096": ("-newkey", "rsa:4096", "-sha256"),
}

# Keys as public authorities have them, the root's first. Let's Encrypt's newer root is signed by the older one.
FAMILIES = {
    "Amazon's RSA": ("RSA-2048", "RSA-2048", "RSA-2048"),
    "Google's ECDSA": ("P-384", "P-256", "P-256"),
    "Let's Encrypt's RSA": ("RSA-4096", "RSA-4096", "RSA-2048", "RSA-2048"),
    "Let's Encrypt's ECDSA": ("RSA-4096", "P-384", "P-384", "P-256"),
}


@dataclass(frozen=True)
class Chain:
    """A root that a device trusts, and a certificate for NAME issued under it."""

    root: str  # as a device is told: base64 of DER
    chain: Path
    key: Path

    @staticmethod
    async def make(folder: Path, keys: Sequence[str] = ("P-256", "P-256"), names: int = 0) -> Chain:
        """Makes certificates with keys of these kinds, the root's first. The last one has so many names more."""
        folder.mkdir(parents=True)
        others = "".join(f",DNS:name-{n}.livekit.test" for n in range(names))
        (folder / "openssl.cnf").write_text(
            f"[req]\ndistinguished_name=dn\n[dn]\n[leaf]\n{LEAF.rstrip()}{others}\n[authority]\n{AUTHORITY}"
        )
        made: list[str] = []
        for depth, key in enumerate(keys):
            name = f"certificate-{depth}"
            is_leaf = depth == len(keys) - 1
            what = ("-subj", f"/CN={NAME if is_leaf else f'Test authority {depth}'}", "-days", "30" if is_leaf else "365")
            extensions = ("-config", "openssl.cnf", "-extensions", "leaf" if is_leaf else "authority")
            signer = ("-CA", f"{made[-1]}.pem", "-CAkey", f"{made[-1]}.key") if made else ()
            out = ("-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem")
            await _openssl(folder, "req", "-x509", *KEYS[key], *what, *extensions, *signer, *out)
            made.append(name)
        await _openssl(folder, "x509", "-in", f"{made[0]}.pem", "-outform", "der", "-out", "root.der")
        chain = folder / "chain.pem"
        chain.write_text("".join((folder / f"{name}.pem").read_text() for name in reversed(made[1:])))
        root = base64.b64encode((folder / "root.der").read_bytes()).decode()
        return Chain(root, chain, folder / f"{made[-1]}.key")


    async def renewed(self) -> Chain:
        """Another certificate for the same name, with another key, issued by the same authority."""
        folder = self.key.parent / "renewed"
        folder.mkdir()
        (folder / "openssl.cnf").write_text((self.key.parent / "openssl.cnf").read_text())
        *_, leaf = sorted(self.key.parent.glob("certificate-*.pem"))
        issuer = leaf.with_name(f"certificate-{int(leaf.stem.split('-')[1]) - 1}")
        await _openssl(
            *(folder, "req", "-x509", *KEYS["P-256"], "-subj", f"/CN={NAME}", "-days", "60"),
            *("-config", "openssl.cnf", "-extensions", "leaf", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"),
            *("-nodes", "-keyout", "leaf.key", "-out", "leaf.pem"),
        )
        chain = folder / "chain.pem"
        chain.write_text(self.chain.read_text().replace(leaf.read_text(), (folder / "leaf.pem").read_text()))
        return Chain(self.root, chain, folder / "leaf.key")


class Front:
    """stunnel on `port`, in front of the server on another one."""

    name = "stunnel"

    def __init__(self, program: Path, folder: Path, chain: Chain, server_port: int) -> None:
        self.port = free_port(socket.SOCK_STREAM)
        self._program, self._folder, self._server_port = program, folder, server_port
        self._process: Process | None = None
        self._log = folder / f"{self.name}.log"
        self._chain = chain

    def use(self, chain: Chain) -> None:
        """Sets the chain that it sends from the next start on."""
        self._chain = chain

    def command(self) -> tuple[str | Path, ...]:
        config = self._folder / "stunnel.conf"
        chain = self._chain
        config.write_text(
            CONFIG.format(port=self.port, server_port=self._server_port, chain=chain.chain, key=chain.key)
        )
        return (self._program, config)

    async def start(self, within: float = 5) -> None:
        with self._log.open("ab") as log:
            self._process = await child.spawn(*self.command(), out=log)
        async with asyncio.timeout(within):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    return writer.close()
                except OSError:
                    assert self._process.returncode is None, f"{self.name} ended, see {self._log}"
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
            raise AssertionError(f"{self.name} did not log '{said}', see {self._log}") from None


class GoFront(Front):
    """The same by Go's TLS."""

    name = "front"

    def command(self) -> tuple[str | Path, ...]:
        chain = self._chain
        return (self._program / "front", chain.chain, chain.key, f"127.0.0.1:{self.port}", f"127.0.0.1:{self._server_port}")


async def _openssl(folder: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec("openssl", *arguments, cwd=folder, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 0, f"openssl {' '.join(arguments)}: {said.decode()}"
