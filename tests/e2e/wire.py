"""A serial line of two pseudo-terminals, which loses, garbles and doubles bytes."""

from __future__ import annotations

import asyncio
import os
import random
import tty
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Faults:
    """What happens to bytes: of 100 000, so many."""

    lost: int = 0
    garbled: int = 0
    doubled: int = 0


@dataclass
class Counts:
    """What has happened."""

    bytes: int = 0
    lost: int = 0
    garbled: int = 0
    doubled: int = 0


@dataclass
class Wire:
    """The bridge opens the terminal at `ends[0]`, the device that at `ends[1]`."""

    faults: Faults
    seed: int = 1
    counts: Counts = field(default_factory=Counts)
    is_cut: bool = False

    def __post_init__(self) -> None:
        pairs = [os.openpty() for _ in range(2)]
        for master, slave in pairs:
            tty.setraw(slave)
            os.set_blocking(master, False)
        self.ends = [os.ttyname(slave) for _, slave in pairs]
        self._masters = [master for master, _ in pairs]
        # Held open: a terminal whose other end nobody has opened ends.
        self._slaves = [slave for _, slave in pairs]
        self._random = random.Random(self.seed)
        loop = asyncio.get_running_loop()
        for master, other in (self._masters, self._masters[::-1]):
            loop.add_reader(master, self._carry, master, other)

    def stop(self) -> None:
        for master in self._masters:
            asyncio.get_running_loop().remove_reader(master)
        for fd in (*self._masters, *self._slaves):
            os.close(fd)

    def _carry(self, master: int, other: int) -> None:
        data = os.read(master, 4096)
        self.counts.bytes += len(data)
        if self.is_cut:
            return
        # A terminal that nobody reads is full: what is written then is lost.
        with suppress(BlockingIOError):
            os.write(other, b"".join(map(self._fate, data)))

    def _fate(self, byte: int) -> bytes:
        counts, faults, fate = self.counts, self.faults, self._random.randrange(100_000)
        if fate < faults.lost:
            counts.lost += 1
            return b""
        fate -= faults.lost
        if fate < faults.garbled:
            counts.garbled += 1
            return bytes([byte ^ self._random.randrange(1, 256)])
        fate -= faults.garbled
        if fate < faults.doubled:
            counts.doubled += 1
            return bytes([byte, byte])
        return bytes([byte])
