"""Mistakes in the provisioning. Retries do not help, the log has to."""

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


# Must not be logged.
SECRET = "eyJhbGciOi.eyJleHAi.c2lnbmF0dXJl"


async def tokens_rejected(lab: Lab) -> list[Row]:
    """The server rejects the token. The device keeps its readings as long as it can: the next token may be valid."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    wrong = {
        "token signed with another secret": tokens.device(server, lab.room, secret=secrets.token_hex(20)),
        "token expired an hour ago": tokens.device(server, lab.room, lasts=-timedelta(hours=1)),
        "token of another room": tokens.device(server, "attic"),
        "no token": "garbage",
    }
    rows = []
    for happened, token in wrong.items():
        device = await lab.device(server, interval_ms=100, token=token)
        logline.expect(await device.line("retry", within=10), logline.TOKEN)
        await device.line("dropped", within=20)
        await device.stop()
        rows.append(Row.of(happened, device.log, Tally.of(device.log, receiver.readings())))
    assert not receiver.packets, "the server accepted an invalid token"
    return rows


async def provisioning(lab: Lab) -> list[Row]:
    """An invalid provisioning ends the device at once."""
    server = await lab.server()
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "name of 200 characters": ({"name": "x" * 200}, "^InvalidValue"),
        "interval that is not a number": ({"interval_ms": "often"}, "^InvalidValue"),
        "interval of 0 ms": ({"interval_ms": 0}, "^InvalidValue"),
        "empty room name": ({"room": ""}, r'^Missing\("?room'),
        "misspelled key": ({"topik": "readings"}, "^UnknownKey"),
        "misspelled key of the token": ({"tokn": SECRET}, "^UnknownKey"),
        "line without a key": ({"topic": f"a\n{SECRET}"}, "^InvalidLine"),
        "root for firmware without TLS": ({"ca": "MII="}, "^UnknownKey"),
    }
    return await ended_at_once(lab, server, wrong)


async def provisioning_tls(lab: Lab) -> list[Row]:
    """An invalid root ends the device: it must not trust every server instead."""
    server = await lab.server()
    return await ended_at_once(
        lab,
        server,
        {
            "clock that is not a host": ({"time": "pool.ntp.org:port"}, r'^InvalidValue\("?time'),
            "name server without an address": ({"dns": "dns.example.org"}, r'^InvalidValue\("?dns'),
            "neither address nor name": ({"server": None, "host": None}, r'^Missing\("?server'),
            "root that is not base64": ({"ca": "-----BEGIN"}, r'^InvalidValue\("?ca'),
            "root that is not a certificate": ({"ca": "bGl2ZWtpdA=="}, r'^InvalidValue\("?ca'),
            "truncated root": ({"ca": "MIIBkTCCATigAwIBAgIU"}, r'^InvalidValue\("?ca'),
        },
    )


async def ended_at_once(lab: Lab, server: Server, wrong: dict[str, tuple[dict[str, Any], str]]) -> list[Row]:
    rows = []
    for happened, (said, error) in wrong.items():
        device = await lab.device(server, **said)
        status = await device.ended(within=10)
        mistakes = [line.error for line in device.log if line.kind == "provisioning"]
        assert status and len(mistakes) == 1 and re.search(error, mistakes[0]), f"{status}: {device.log}"
        assert SECRET not in str(device.log), f"the token is in the log: {device.log}"
        rows.append(Row(happened, f"`{mistakes[0][:40]}`", "ended, status not 0"))
    return rows
