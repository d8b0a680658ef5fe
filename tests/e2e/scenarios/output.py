"""Each firmware example logs what its file expected.log says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any

from .. import tls
from ..firmware import FOLDER
from ..lab import Lab
from ..logline import Line
from ..report import Row
from ..server import Server
from ..tokens import device as device_token
from ..tokens import joining

# What differs from run to run: times, boot ids, sizes.
VARIES = [
    (r"^\d+\.\d+ ", "N.NNN "),
    (r"\bboot [0-9a-f]{8}\b", "boot XXXXXXXX"),
    (r"\bafter \d+ ms", "after N ms"),
    (r"\b\d+ bytes(?=$|, more)", "N bytes"),
]
COUNT = 3


async def publisher(lab: Lab) -> list[Row]:
    return await _runs(lab, interval_ms=200, count=COUNT)


async def publisher_tls(lab: Lab) -> list[Row]:
    server = await _room(lab)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    said: dict[str, Any] = {"interval_ms": 200, "count": COUNT, "host": tls.NAME, "ca": chain.root}
    device = await lab.device(server, port=front.port, **said)
    await device.succeeds(within=60)
    return _compared(lab, device.log)


async def commands(lab: Lab) -> list[Row]:
    server = await _room(lab)
    operator = await lab.operator(server)
    device = await lab.device(server, to="operator", name="sensor-7", count=COUNT)
    for command in ("led on", "blink 3", "led off"):
        await operator.send(command)
    await device.succeeds(within=60)
    return _compared(lab, device.log)


async def participants(lab: Lab) -> list[Row]:
    return await _runs(lab)


async def template(lab: Lab) -> list[Row]:
    return await _template(lab, device_token)


async def template_participant(lab: Lab) -> list[Row]:
    return await _template(lab, joining)


async def _template(lab: Lab, token: Callable[[Server, str], str]) -> list[Row]:
    """Its server is 10.0.2.2:7880, and its provisioning is the token alone."""
    server = await _room(lab)
    await lab.proxy(server, port=7880)
    device = await lab.device(server, text=token(server, "lab"))
    await device.log.first(lambda _: len(device.log) >= COUNT, f"{COUNT} lines", 20)
    await device.stop()
    return _compared(lab, device.log[:COUNT])


async def _room(lab: Lab) -> Server:
    """A participant is in the examples' room."""
    lab.room = "lab"
    server = await lab.server()
    await lab.receiver(server, identity="receiver")
    return server


async def _runs(lab: Lab, **said: Any) -> list[Row]:
    server = await _room(lab)
    device = await lab.device(server, **said)
    await device.succeeds(within=60)
    return _compared(lab, device.log)


def _compared(lab: Lab, log: Sequence[Line]) -> list[Row]:
    assert lab.image
    page = FOLDER / lab.image.program / "expected.log"
    logged = [_normalized(line.text) for line in log]
    expected = page.read_text().splitlines() if page.exists() else []
    difference = "\n".join(difflib.unified_diff(expected, logged, str(page), "logged now", lineterm=""))
    assert not difference, f"{lab.image} logs other lines:\n{difference}"
    return [Row(f"none ({lab.image})", "as its expected.log", "–")]


def _normalized(text: str) -> str:
    for pattern, word in VARIES:
        text = re.sub(pattern, word, text)
    return text
