"""Flash, RAM and stack of each image, compared with examples/firmware/images.md and a budget."""

from __future__ import annotations

import datetime
import re
import shutil
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from .firmware import FOLDER, PUBLISHER, Image
from .peers import ROOT, Missing

PAGE = FOLDER / "images.md"
START, END = "<!-- tests/e2e/run --write-images: from here -->", "<!-- to here -->"

HEAD = (
    "| program | board, target | flash | static RAM | worst stack | of the flash, livekit-micro's src/ |\n"
    "|---|---|--:|--:|--:|--:|"
)
FLASH = (".vector_table", ".text", ".rodata", ".data")
RAM = (".data", ".bss", ".uninit")

# By how much a size may be above that of the page. The stack depends on the moments of interrupts.
ALLOWED_PERCENT = {"flash": 2, "ram": 2, "stack": 5}

# The most bytes of the publisher, livekit-micro's own code not counted.
BUDGET = {"flash": 38_500, "ram": 7_782, "stack": 3_993}


@dataclass(frozen=True)
class Cost:
    """Bytes. `stack` is 0 if no run logged it."""

    flash: int
    ram: int
    stack: int
    own: int

    @staticmethod
    def of(image: Image, stacks: Iterable[int]) -> Cost:
        size = sections(image.path.read_bytes())
        flash, ram = (sum(size.get(name, 0) for name in names) for names in (FLASH, RAM))
        return Cost(flash, ram, max(stacks, default=0), own_code(image.path))

    def above(self, said: Cost) -> list[str]:
        """Lists the sizes that are above the page's by more than allowed."""
        return [
            f"{name} {ours} B is {100 * (ours / theirs - 1):.1f} % above {theirs} B, {allowed} % are allowed"
            for name, allowed in ALLOWED_PERCENT.items()
            if (ours := getattr(self, name)) > (theirs := getattr(said, name)) * (1 + allowed / 100)
        ]

    def over_budget(self) -> list[str]:
        spent = {"flash": self.flash - self.own, "ram": self.ram, "stack": self.stack}
        return [
            f"{name} {spent[name]} B is {spent[name] - most} B over the budget of {most} B"
            for name, most in BUDGET.items()
            if spent[name] > most
        ]


Costs = dict[Image, Cost]


def sections(elf: bytes) -> dict[str, int]:
    """Returns the sizes of the sections of a 32-bit little-endian ELF file."""
    assert elf[:6] == b"\x7fELF\x01\x01", "not a 32-bit little-endian ELF file"
    (start,) = struct.unpack_from("<I", elf, 0x20)
    step, count, names_index = struct.unpack_from("<HHH", elf, 0x2E)
    # Of each its name, type, flags, address, offset and size.
    headers = [struct.unpack_from("<6I", elf, start + index * step) for index in range(count)]
    names = headers[names_index][4]
    return {elf[names + h[0] : elf.index(0, names + h[0])].decode(): h[5] for h in headers}


def own_code(path: Path) -> int:
    """Returns the bytes of instructions whose innermost source line is in the crate's src/."""
    tool = shutil.which("llvm-objdump") or shutil.which("arm-none-eabi-objdump")
    if not tool:
        raise Missing("missing: llvm-objdump or arm-none-eabi-objdump")
    text = subprocess.run([tool, "-d", "-l", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    own, is_own = 0, False
    for line in text.splitlines():
        if source := re.match(r"(?:; )?(/.*):\d+(?: \(discriminator \d+\))?$", line):
            is_own = source[1].startswith(f"{ROOT}/src/")
        elif code := re.match(r"\s+[0-9a-f]+:\s+((?:[0-9a-f]{2,8} ?)+)\s*\t[^.\s]", line):
            own += is_own * len(code[1].replace(" ", "")) // 2
    assert own, f"{path} has no code of {ROOT}/src, says {tool}"
    return own


def table(costs: Costs) -> str:
    return "\n".join([HEAD, *(_row(image, cost) for image, cost in costs.items())])


def check(costs: Costs) -> list[str]:
    """Lists what is too large, or missing on the page."""
    said = _read()
    wrong = []
    for image, cost in costs.items():
        if image not in said:
            wrong.append(f"{image}: no row in {PAGE.relative_to(ROOT)}")
        else:
            wrong += [f"{image}: {what}" for what in cost.above(said[image])]
        if not cost.stack and image.program != "template":  # which does not measure it
            wrong.append(f"{image}: no run logged its stack")
    if PUBLISHER in costs:
        wrong += [f"{PUBLISHER}: {what}" for what in costs[PUBLISHER].over_budget()]
    return wrong


def write(costs: Costs) -> None:
    """Writes these rows to the page; rows of other images stay."""
    before, rest = PAGE.read_text().split(START)
    made = f"{_version('rustc', '--version')}; {_version('qemu-system-arm', '--version')}; {datetime.date.today()}."
    text = f"{START}\n{table(_read() | costs)}\n\n{made}\n{END}"
    PAGE.write_text(before + text + rest.split(END)[1])


def _row(image: Image, cost: Cost) -> str:
    values = (getattr(cost, field.name) for field in fields(cost))
    # An unknown size is not 0.
    numbers = " | ".join(f"{value:,}".replace(",", " ") if value else "–" for value in values)
    return f"| {image.program} | {image.board}, {image.target} | {numbers} |"


def _read() -> Costs:
    costs = {}
    for line in PAGE.read_text().partition(START)[2].partition(END)[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[-1].replace(" ", "").isdigit():
            board, target = cells[1].split(", ")
            costs[Image(cells[0], board, target)] = Cost(*(int(cell.replace(" ", "").replace("–", "0")) for cell in cells[2:]))
    return costs


def _version(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[0]
