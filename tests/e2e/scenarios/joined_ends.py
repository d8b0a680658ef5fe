"""The server does not want the device any more, or not at all: it says so, ends, and does not try again."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from livekit import api

from .. import tokens
from ..device import Device
from ..lab import Lab
from ..readings import Tally
from ..report import Row
from ..server import Server
from .joined import IDENTITY, TOLD_S, counted, join


async def reasons(lab: Lab) -> list[Row]:
    server = await lab.server()
    rows = []
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client:
        removal = api.RoomParticipantIdentity(room=lab.room, identity=IDENTITY)
        deletion = api.DeleteRoomRequest(room=lab.room)

        async def taken() -> None:
            await lab.receiver(server, identity=IDENTITY)

        async def removed() -> None:
            await client.room.remove_participant(removal)

        async def deleted() -> None:
            await client.room.delete_room(deletion)

        for what, act, reason, seen in (
            ("removed by RemoveParticipant", removed, "PARTICIPANT_REMOVED", "PARTICIPANT_REMOVED"),
            ("the room is deleted", deleted, "ROOM_DELETED", ""),
            # The last one: who took it over stays.
            ("its identity joins again", taken, "DUPLICATE_IDENTITY", "none"),
        ):
            rows.append(await _ended(lab, server, what, act, reason, seen))
    return rows


async def _ended(
    lab: Lab, server: Server, what: str, act: Callable[[], Awaitable[object]], reason: str, seen: str
) -> Row:
    """The device ends with this reason, and has connected once. `seen` is what the SDK says, if it stays in the room."""
    receiver = await lab.receiver(server)
    proxy = await lab.proxy(server)
    device = await join(lab, server, proxy.port, interval_ms=200)
    await device.line("accepted", within=20, n=3)
    await receiver.present(IDENTITY, within=TOLD_S)
    await act()
    await device.succeeds(within=10)
    assert _end(device)["reason"] == reason, f"{what}: {_end(device)}"
    assert proxy.accepted == 1, f"{what}: {proxy.accepted} connections"
    if seen:
        left = await receiver.departures.first(lambda it: it.identity == IDENTITY, "departure", within=TOLD_S)
        assert left.reason == seen, f"{what}: {left}"
    await receiver.leave()
    return Row(what, f"`{reason}`", "ended, status 0; one connection", counted(device, receiver))


async def tokens_refused(lab: Lab) -> list[Row]:
    server = await lab.server()
    receiver = await lab.receiver(server)
    rows = []
    for what, token, status in (
        ("token expired an hour ago", tokens.joining(server, lab.room, lasts=-timedelta(hours=1)), 401),
        ("token signed with another secret", tokens.joining(server, lab.room, secret=secrets.token_hex(20)), 401),
        ("token without roomJoin", tokens.joining(server, lab.room, may_join=False), 401),
    ):
        proxy = await lab.proxy(server)
        device = await join(lab, server, proxy.port, interval_ms=200, token=token)
        await device.succeeds(within=10)
        end = _end(device)
        assert end["reason"] == "JOIN_FAILURE", f"{what}: {end}"
        assert re.search(rf"Refused {{ status: {status} }}", end["error"]), f"{what}: {end}"
        assert proxy.accepted == 1, f"{what}: {proxy.accepted} connections"
        assert token not in str(device.log), "the token is in the log"
        tally = Tally.of(device.log, receiver.readings())
        assert not tally.accepted and not receiver.packets, f"{what}: {tally}"
        rows.append(Row(what, f"`Refused {{ status: {status} }}`", "ended, status 0; one connection", tally))
    return rows


def _end(device: Device) -> dict[str, str]:
    """The one line that says why the device is not in the room any more."""
    ends = [line.groups for line in device.log if line.kind == "disconnected"]
    assert len(ends) == 1, ends
    return ends[0]
