"""A device reads who is in the room, in an answer that is larger than its memory."""

from __future__ import annotations

import asyncio

from livekit import api

from ..lab import Lab
from ..report import Row
from ..server import Server

IDENTITIES = [f"operator-{number}" for number in range(6)]
# Of each; 50 KB of an answer in all.
METADATA = "m" * 6000
ATTRIBUTES = {"calibration": "c" * 2000, "rôle": "Prüfstand"}


async def participants(lab: Lab) -> list[Row]:
    server = await lab.server()
    await asyncio.gather(
        *(lab.receiver(server, identity=i, metadata=METADATA, attributes=ATTRIBUTES) for i in IDENTITIES)
    )
    size = await listed(server, lab.room)
    device = await lab.device(server)
    assert await device.ended(within=20) == 0
    seen = [line.groups["identity"] for line in device.log if line.kind == "participant"]
    assert sorted(seen) == IDENTITIES, f"the device sees {seen}"
    return [Row(f"{len(IDENTITIES)} participants, a list of {size // 1000} KB", "each identity", "ended, status 0")]


async def listed(server: Server, room: str) -> int:
    """Bytes of the server's list, once it has everybody: it comes a moment after they have joined."""
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client, asyncio.timeout(10):
        while True:
            answer = await client.room.list_participants(api.ListParticipantsRequest(room=room))
            if sorted(p.identity for p in answer.participants) == IDENTITIES:
                return answer.ByteSize()
            await asyncio.sleep(0.05)
