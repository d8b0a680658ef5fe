"""Mistakes of whoever provisions a device. Trying again does not help, the log has to."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from .. import logline, tokens
from ..lab import Lab
from ..readings import Tally
from ..report import Row
from ..server import Server


# What no log may say.
SECRET = "eyJhbGciOi.eyJleHAi.c2lnbmF0dXJl"


async def tokens_refused(lab: Lab) -> list[Row]:
    """The server does not let the device in. It keeps its readings as long as it can: the next token may be right."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    wrong = {
        "token signed with another secret": tokens.device(server, lab.room, secret=secrets.token_hex(20)),
        "token expired an hour ago": tokens.device(server, lab.room, lasts=-timedelta(hours=1)),
        "token of another room": tokens.device(server, "attic"),
        "no token at all": "garbage",
    }
    rows = []
    for happened, token in wrong.items():
        device = await lab.device(server, interval_ms=100, token=token)
        logline.expect(await device.line("refused", within=10), logline.TOKEN)
        await device.line("dropped", within=20)
        await device.stop()
        rows.append(Row.of(happened, device.log, Tally.of(device.log, receiver.readings())))
    assert not receiver.packets, "the server let in whoever had no right to"
    return rows


async def provisioning(lab: Lab) -> list[Row]:
    """What is no provisioning ends the device at once."""
    server = await lab.server()
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "name of 200 characters": ({"name": "x" * 200}, "^Value"),
        "interval that is no number": ({"interval_ms": "often"}, "^Value"),
        "interval of 0 ms": ({"interval_ms": 0}, "^Value"),
        "no room": ({"room": ""}, r'^Missing\("?room'),
        "misspelt key": ({"topik": "readings"}, "^Unknown"),
        "misspelt key of the token": ({"tokn": SECRET}, "^Unknown"),
        "line without a key": ({"topic": f"a\n{SECRET}"}, "^Line"),
        "root for a firmware without TLS": ({"ca": "MII="}, "^Unknown"),
    }
    return await ended_at_once(lab, server, wrong)


async def provisioning_tls(lab: Lab) -> list[Row]:
    """What is no root ends the device, too: it trusts nobody instead of everybody."""
    server = await lab.server()
    return await ended_at_once(
        lab,
        server,
        {
            "no root": ({}, r'^Missing\("?ca'),
            "root that is no base64": ({"ca": "-----BEGIN"}, r'^Value\("?ca'),
            "root that is no certificate": ({"ca": "bGl2ZWtpdA=="}, r'^Value\("?ca'),
            "root that is cut off": ({"ca": "MIIBkTCCATigAwIBAgIU"}, r'^Value\("?ca'),
        },
    )


async def ended_at_once(lab: Lab, server: Server, wrong: dict[str, tuple[dict[str, Any], str]]) -> list[Row]:
    rows = []
    for happened, (said, error) in wrong.items():
        device = await lab.device(server, **said)
        status = await device.ended(within=10)
        mistakes = [line.error for line in device.log if line.kind == "mistake"]
        assert status and len(mistakes) == 1 and re.search(error, mistakes[0]), f"{status}: {device.log}"
        assert SECRET not in str(device.log), f"the log says the token: {device.log}"
        rows.append(Row(happened, f"`{mistakes[0][:40]}`", "ended, status not 0"))
    return rows
