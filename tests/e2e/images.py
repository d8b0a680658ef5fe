"""Flash, RAM and stack of each image: figures, as tools/figures compares and shows them."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .firmware import Image
from .peers import ROOT, Missing

FLASH = (".vector_table", ".text", ".init.rust", ".rodata", ".data")
RAM = (".data", ".bss", ".uninit")


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
        elif code := re.match(r"\s*[0-9a-f]+:\s+((?:[0-9a-f]{2,8} ?)+)\s*\t[^.\s]", line):
            own += is_own * len(code[1].replace(" ", "")) // 2
    assert own, f"{path} has no code of {ROOT}/src, says {tool}"
    return own


def tell(costs: Costs, write: bool, because: str | None, is_part: bool) -> bool:
    """Passes the figures, of all images or of a part, to `figures check` or `figures write`; `False` if it has something to say
    against them."""
    sizes = [f"made/firmware\t{_version('rustc')}; {_version('qemu-system-arm')}"]
    stacks = []
    for image, cost in costs.items():
        name = f"firmware/{image.name}/{image.board}/{image.target}"
        sizes += [f"{name}/flash\t{cost.flash}", f"{name}/ram\t{cost.ram}", f"{name}/own\t{cost.own}"]
        if cost.stack:
            stacks.append(f"{name}/stack\t{cost.stack}")
    reason = ("--because", because) if because else ()
    action = ("write", *reason) if write else ("check", *(["--part"] if is_part else []))
    return all([_figures(name, lines, *action) for name, lines in (("firmware", sizes), ("firmware-stack", stacks))])


def _figures(name: str, lines: list[str], action: str, *options: str) -> bool:
    command = ("cargo", "run", "--quiet", "--package", "figures", "--", action, name, *options)
    return subprocess.run(command, input="".join(f"{line}\n" for line in lines), text=True, cwd=ROOT).returncode == 0


def _version(program: str) -> str:
    return subprocess.run((program, "--version"), stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[0]
