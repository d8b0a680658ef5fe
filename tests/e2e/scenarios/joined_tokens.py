"""A device that has a key in place of a token: it fetches its token, and another one when that is refused."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from typing import Any

from ..device import HOST, Device
from ..lab import Lab
from ..report import Row
from ..server import Server
from .joined import IDENTITY, counted
from .joined_outages import LAST_WORDS_S, sent
from .mistakes import ended_at_once

KEY = secrets.token_hex(32)
# How long a token lasts that the token server mints here, and for how much longer LiveKit's server takes it.
TOKEN_S, LEEWAY_S = 1, 60


async def ask(lab: Lab, server: Server, port: int, **provisioning: Any) -> Device:
    """Starts a device that asks for tokens at this port of the host."""
    return await lab.device(server, token=None, **_keys(port), **provisioning)


def _keys(port: int) -> dict[str, str]:
    return {"token_server": f"{HOST}:{port}", "identity": IDENTITY, "device_key": KEY}


async def renewed(lab: Lab) -> list[Row]:
    """After an outage the device is back with the token that LiveKit's server has renewed: the one that it fetched has expired long
    ago. When the API's secret is changed, that one is refused as well, and it fetches another."""
    server = await lab.server()
    first = await lab.receiver(server)
    tokens = await lab.token_server(server, seconds=TOKEN_S)
    tokens.admit(IDENTITY, lab.room, KEY)
    device = await ask(lab, server, tokens.port, interval_ms=1000, count=110)
    await device.line("accepted", within=20, n=3)
    await asyncio.sleep(TOKEN_S + LEEWAY_S + 1)  # LiveKit's server has no shorter leeway

    await server.kill()
    killed = time.monotonic()
    await first.leave()
    await server.start()
    second = await lab.receiver(server)
    back = await device.line("reconnected", within=30)
    assert tokens.minted(IDENTITY) == 1, tokens.log
    silent = sent(device, killed - LAST_WORDS_S, killed) | sent(device, back.at, second.changes[-1].at)
    await second.packets.until(lambda all: len(all) >= 3, "readings after the outage", within=10)

    await asyncio.gather(server.kill(), tokens.stop())
    killed = time.monotonic()
    await second.leave()
    server.rotate()
    await asyncio.gather(server.start(), tokens.start())
    third = await lab.receiver(server)
    _, joined = await device.lines("connected", 2, within=30)
    assert len(await device.lines("fetched", 2, within=0.1)) == tokens.minted(IDENTITY) == 2, tokens.log
    assert re.search(r"Refused { status: 401 }", (await device.line("disconnected", within=0.1)).error)
    silent |= sent(device, killed - LAST_WORDS_S, killed) | sent(device, joined.at, third.changes[-1].at)
    await third.packets.until(lambda all: len(all) >= 3, "readings after the change", within=10)
    result, _ = await third.call(IDENTITY, "set_interval", "50")
    assert result == "", result
    await device.succeeds(within=30)

    tally = counted(device, first, second, third)
    assert not tally.duplicates and tally.in_order, tally
    unexplained = tally.gaps - tally.dropped - silent
    assert len(unexplained) <= int(back.groups["lost"]), f"lost without a reason: {unexplained}, {back}"
    _keeps_secrets(device)
    return [Row.of("back by a renewed token; the API's secret changes, and it fetches another token", device.log, tally)]


async def expired(lab: Lab) -> list[Row]:
    """LiveKit's server is away for longer than the token lasts: when it is back it refuses the token, and the device fetches another."""
    server = await lab.server()
    await server.kill()
    tokens = await lab.token_server(server, seconds=TOKEN_S)
    tokens.admit(IDENTITY, lab.room, KEY)
    device = await ask(lab, server, tokens.port, interval_ms=5000, count=30)
    await device.line("fetched", within=20)
    await asyncio.sleep(TOKEN_S + LEEWAY_S + 1)
    assert tokens.minted(IDENTITY) == 1, tokens.log
    await server.start()
    receiver = await lab.receiver(server)
    joined = await device.line("connected", within=30)
    end = await device.line("disconnected", within=0.1)
    assert end.at < joined.at and re.search(r"Refused { status: 401 }", end.error), end
    assert tokens.minted(IDENTITY) == 2, tokens.log
    await receiver.present(IDENTITY, within=6)
    result, _ = await receiver.call(IDENTITY, "set_interval", "50")
    assert result == "", result
    await device.succeeds(within=30)
    tally = counted(device, receiver)
    assert not tally.dropped and not tally.duplicates and tally.in_order, tally
    unheard = sent(device, joined.at, receiver.changes[-1].at)
    assert tally.gaps <= unheard, f"lost without a reason: {tally.gaps - unheard}"
    _keeps_secrets(device)
    return [Row.of("the token has expired before LiveKit's server is there", device.log, tally)]


async def stranger(lab: Lab) -> list[Row]:
    """Without a token server, at a server that is none, and unknown to the token server the device asks on, with growing pauses. It
    joins once it is known."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    elsewhere = await ask(lab, server, server.port)
    tokens = await lab.token_server(server, start=False)
    device = await ask(lab, server, tokens.port, interval_ms=1000, count=30)
    assert (await elsewhere.line("no token", within=20)).error == "Status(404)", elsewhere.log
    await elsewhere.stop()
    assert (await device.line("no token", within=20)).error == "Connection(NoConnection)", device.log
    await tokens.start()
    refused = await device.log.first(lambda it: it.kind == "no token" and it.error == "Refused", "refusal", within=20)
    tokens.admit(IDENTITY, lab.room)  # with another key
    await device.log.first(
        lambda it: it.kind == "no token" and it.at > refused.at and it.error == "Refused", "second refusal", within=20
    )
    assert not receiver.packets and not tokens.minted(IDENTITY), tokens.log
    tokens.admit(IDENTITY, lab.room, KEY)
    await device.line("connected", within=40)
    assert tokens.minted(IDENTITY) == 1, tokens.log
    asked = [line.at for line in device.log if line.kind in ("no token", "fetched")]
    pauses = [later - earlier for earlier, later in zip(asked, asked[1:])]
    # Each is up to a half shorter than twice the one before.
    assert all(pause > 0.4 for pause in pauses) and pauses[-1] > pauses[0], pauses
    await receiver.present(IDENTITY, within=6)
    result, _ = await receiver.call(IDENTITY, "set_interval", "50")
    assert result == "", result
    await device.succeeds(within=30)
    tally = counted(device, receiver)
    assert not tally.duplicates and tally.in_order and tally.gaps <= tally.dropped, tally
    _keeps_secrets(device)
    return [Row.of(f"no token server, then one that does not know the device: asked {len(asked)} times", device.log, tally)]


async def keys(lab: Lab) -> list[Row]:
    """A firmware that fetches its tokens does not start without a key, with what is none, or with a token as well."""
    whole = {"token": None, **_keys(1)}
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "no token server and no token": ({**whole, "token_server": None}, r"^Missing\(token\)"),
        "token server without a port": ({**whole, "token_server": HOST}, r"^InvalidValue\(token_server\)"),
        "no identity": ({**whole, "identity": None}, r"^Missing\(identity\)"),
        "no key of the device": ({**whole, "device_key": None}, r"^Missing\(device_key\)"),
        "key of 62 digits": ({**whole, "device_key": KEY[2:]}, r"^InvalidValue\(device_key\)"),
        "a token as well": ({**whole, "token": "eyJh.eyJ2.c2ln"}, r"^UnknownKey\(token\)"),
    }
    return await ended_at_once(lab, await lab.server(), wrong)


def _keeps_secrets(device: Device) -> None:
    assert KEY not in str(device.log), "the key is in the log"
    assert "eyJ" not in str(device.log), "a token is in the log"
