"""What is sent: files of every length, known by their hash."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Of one to four bytes in UTF-8, so that chunks end inside of characters unless somebody cares.
CHARACTERS = "abc éß温度🌡🎛"


@dataclass(frozen=True)
class Content:
    path: Path
    told: dict[str, Any]
    """As participants tell of it."""

    @staticmethod
    def of(folder: Path, name: str, data: bytes) -> Content:
        path = folder / name
        path.write_bytes(data)
        return Content(path, {"len": len(data), "sha256": hashlib.sha256(data).hexdigest()})


@cache
def text(folder: Path, size: int) -> Content:
    """A text of so many bytes."""
    dice = random.Random(size)
    block = "".join(dice.choices(CHARACTERS, k=min(size, 20_000)))
    data = (block * (size // max(len(block.encode()), 1) + 1)).encode()[:size]
    whole = data.decode(errors="ignore").encode()
    return Content.of(folder, f"{size}.txt", whole + b"." * (size - len(whole)))


@cache
def binary(folder: Path, size: int) -> Content:
    """Random bytes, the same for each size."""
    return Content.of(folder, f"{size}.bin", random.Random(size).randbytes(size))


@cache
def exactly(folder: Path, said: str) -> Content:
    return Content.of(folder, f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.said", said.encode())
