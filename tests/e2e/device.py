"""A device: firmware on QEMU, run by examples/firmware/run with a provisioning text."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from . import child
from .feed import Feed
from .firmware import FOLDER, Image
from .logline import Line

RUNNER = FOLDER / "run"
# The host's loopback as QEMU's user network shows it to the guest.
HOST = "10.0.2.2"


class Device:
    """A running firmware; `log` grows with each line."""

    def __init__(self, process: Process, monitor: Path, copy: Path) -> None:
        self.log: Feed[Line] = Feed("device")
        self._process = process
        self._monitor = monitor
        self._follows = asyncio.create_task(self._follow(copy))

    @staticmethod
    async def start(image: Image, provisioning: str, folder: Path, line: str = "none") -> Device:
        """Starts an image that has been built. `folder` is for the files of this device, and at `line` is the other end of its
        UART, as QEMU says it."""
        folder.mkdir()
        text = folder / "provisioning"
        text.write_text(provisioning)
        # Not in the folder, as the path of a socket has at most 107 bytes.
        monitor = Path(tempfile.mkdtemp(prefix="e2e-")) / "monitor"
        env = {"BOARD": image.board, "PROVISIONING": str(text), "MONITOR": str(monitor), "LINE": line}
        process = await child.spawn(RUNNER, image.path, out=PIPE, env=env)
        return Device(process, monitor, folder / "device.log")

    async def line(self, kind: str, within: float, n: int | None = None) -> Line:
        """Returns the first line of this kind, of reading `n` if that is given."""
        what = f"'{kind}' line" + (f" of reading {n}" if n is not None else "")
        return await self.log.first(
            lambda line: line.kind == kind and n in (None, int(line.groups.get("n", 0))), what, within
        )

    async def lines(self, kind: str, count: int, within: float) -> list[Line]:
        """Returns all lines of this kind, once there are `count` of them."""

        def enough(log: list[Line]) -> list[Line] | None:
            lines = [line for line in log if line.kind == kind]
            return lines if len(lines) >= count else None

        return await self.log.until(enough, f"{count} '{kind}' lines", within)

    async def ended(self, within: float) -> int:
        """Returns the firmware's exit status, when it has ended by itself."""
        try:
            async with asyncio.timeout(within):
                await asyncio.shield(self._follows)
        except TimeoutError:
            raise AssertionError(f"the device does not end within {within:g} s; its last line: {self.log[-1:]}") from None
        return await self._process.wait()

    async def succeeds(self, within: float) -> None:
        """As `ended`; asserts that the status is 0."""
        status = await self.ended(within)
        assert status == 0, f"the device ended with status {status}; its last line: {self.log[-1:]}"

    async def stop(self) -> None:
        """Stops it."""
        await child.end(self._process)
        await self._follows
        shutil.rmtree(self._monitor.parent, ignore_errors=True)

    async def link(self, up: bool) -> None:
        """Plugs the network cable in or out."""
        reader, writer = await asyncio.open_unix_connection(self._monitor)
        try:
            async with asyncio.timeout(5):
                await reader.readuntil(b"(qemu) ")
                writer.write(f"set_link n0 {'on' if up else 'off'}\n".encode())
                answer = await reader.readuntil(b"\r\n(qemu) ")
        finally:
            writer.close()
        assert b"Error" not in answer, f"QEMU's monitor: {answer!r}"

    async def _follow(self, copy: Path) -> None:
        assert self._process.stdout
        with copy.open("w", buffering=1) as out:
            async for raw in self._process.stdout:
                line = Line.parse(raw.decode(errors="replace").rstrip())
                out.write(f"{line.at:.3f} {line}\n")
                self.log.append(line)
        self.log.close()
