"""A device: firmware on QEMU, run by examples/firmware/run, told what to do by a provisioning text."""

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
    """A firmware that runs; `log` has its lines as they come."""

    def __init__(self, process: Process, monitor: Path, copy: Path) -> None:
        self.log: Feed[Line] = Feed("device")
        self._process = process
        self._monitor = monitor
        self._follows = asyncio.create_task(self._follow(copy))

    @staticmethod
    async def start(image: Image, provisioning: str, folder: Path) -> Device:
        """Starts an image that has been built. Files of the run go to `folder`, which is the device's own."""
        folder.mkdir(parents=True, exist_ok=True)
        text = folder / "provisioning"
        text.write_text(provisioning)
        # Not in the folder: the path of a socket has at most 107 bytes.
        monitor = Path(tempfile.mkdtemp(prefix="e2e-")) / "monitor"
        env = {"BOARD": image.board, "PROVISIONING": str(text), "MONITOR": str(monitor)}
        process = await child.spawn(RUNNER, image.path, out=PIPE, env=env)
        return Device(process, monitor, folder / "device.log")

    async def line(self, kind: str, within: float, n: int | None = None) -> Line:
        """The first line of this kind, about reading `n` if that is given."""
        what = f"'{kind}' line" + (f" of reading {n}" if n is not None else "")
        return await self.log.first(
            lambda line: line.kind == kind and n in (None, int(line.groups.get("n", 0))), what, within
        )

    async def lines(self, kind: str, count: int, within: float) -> list[Line]:
        """All lines of this kind, once there are `count` of them."""

        def enough(log: list[Line]) -> list[Line] | None:
            lines = [line for line in log if line.kind == kind]
            return lines if len(lines) >= count else None

        return await self.log.until(enough, f"{count} '{kind}' lines", within)

    async def ended(self, within: float) -> int:
        """The firmware's own exit status, when it comes to its end by itself."""
        try:
            async with asyncio.timeout(within):
                await self._follows
        except TimeoutError:
            raise AssertionError(f"the device does not end within {within:g} s; having said {self.log[-1:]}") from None
        return await self._process.wait()

    async def succeeds(self, within: float) -> None:
        """As `ended`, and the status is that of success."""
        status = await self.ended(within)
        assert status == 0, f"the device ended with status {status}, having said {self.log[-1:]}"

    async def stop(self) -> None:
        """Ends it at whatever it is."""
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
