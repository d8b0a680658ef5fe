"""Images of the firmware in examples/firmware."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE
from dataclasses import dataclass, field
from pathlib import Path

from .peers import ROOT, Missing

FOLDER = ROOT / "examples/firmware"
IMAGES = ROOT / "target/e2e-images"


@dataclass(frozen=True)
class Image:
    """A program for a board, and the instruction set that it is compiled for."""

    program: str
    board: str = "mps2-an385"
    target: str = "thumbv7m-none-eabi"
    # A feature selects the board; a program for one board has none.
    has_choice: bool = field(default=True, compare=False)
    # A feature of the program beside its board.
    feature: str = ""

    @property
    def name(self) -> str:
        """The program and its feature."""
        return f"{self.program}-{self.feature}" if self.feature else self.program

    @property
    def path(self) -> Path:
        """The ELF file that `build` makes. Cargo's own path is the same for all boards and features."""
        return IMAGES / f"{self.name}-{self.board}-{self.target}"

    async def build(self) -> None:
        """Quick when nothing has changed."""
        sysroot = await _output(ROOT / ".ci/sysroot", self.target)
        variable = f"CARGO_TARGET_{self.target.upper().replace('-', '_')}_RUSTFLAGS"
        features = ("--no-default-features", "--features", f"{self.board},{self.feature}") if self.has_choice else ()
        await _output(
            *("cargo", "build", "--quiet", "--release", "--locked", "--package", self.program, *features),
            *("--target", self.target),
            env={variable: f"--sysroot={sysroot}"},
        )
        IMAGES.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / "target" / self.target / "release" / self.program, self.path)

    def __str__(self) -> str:
        return f"{self.name} on {self.board}, {self.target.partition('-')[0]}"


PUBLISHER = Image("publisher")
SECOND_BOARD = Image("publisher", board="lm3s6965evb")
THUMBV6M = Image("publisher", target="thumbv6m-none-eabi")
PUBLISHER_TLS = Image("publisher-tls")
SECOND_BOARD_TLS = Image("publisher-tls", board="lm3s6965evb")
COMMANDS = Image("commands")
LAMP = Image("lamp")
PANEL = Image("panel")
PARTICIPANTS = Image("participants")
PARTICIPANT = Image("participant")
SECURE_PARTICIPANT = Image("participant", feature="tls")
ENCRYPTED_PARTICIPANT = Image("participant", feature="e2ee")
FETCHING_PARTICIPANT = Image("participant", feature="token-server")
SECOND_BOARD_PARTICIPANT = Image("participant", board="lm3s6965evb")
RISCV_PARTICIPANT = Image("participant", board="riscv-virt", target="riscv32imac-unknown-none-elf")
THUMBV6M_PARTICIPANT = Image("participant", target="thumbv6m-none-eabi")
LINKED_IMAGE = Image("linked", has_choice=False)
TEMPLATE = Image("template", has_choice=False)
TEMPLATE_PARTICIPANT = Image("template-participant", has_choice=False)


async def _output(*command: str | Path, env: dict[str, str] | None = None) -> str:
    process = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, stdout=PIPE, env={**os.environ, **(env or {})})
    out, _ = await process.communicate()
    if process.returncode:
        raise Missing(f"failed: {' '.join(map(str, command))}")
    return out.decode().strip()
