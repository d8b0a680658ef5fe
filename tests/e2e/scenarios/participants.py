"""A device reads who is in the room, in an answer that is larger than its memory."""

from __future__ import annotations

import asyncio

from livekit import api

from ..lab import Lab
from ..report import Row
from ..server import Server

# Bytes of metadata by identity: from what fits the device's buffer of 1 KB to many times of it. The server's own part
# of a participant is about 90 bytes.
METADATA = {
    "operator-1": 0,
    "operator-2": 500,
    "operator-3": 800,
    "operator-4": 850,
    "operator-5": 900,
    "operator-6": 2_000,
    "operator-7": 10_000,
    "operator-8": 40_000,
}
ATTRIBUTES = {"rôle": "Prüfstand"}


async def participants(lab: Lab) -> list[Row]:
    server = await lab.server()
    await asyncio.gather(
        *(
            lab.receiver(server, identity=identity, metadata="m" * size, attributes=ATTRIBUTES)
            for identity, size in METADATA.items()
        )
    )
    size = await listed(server, lab.room)
    device = await lab.device(server)
    await device.succeeds(within=20)
    seen = [line.groups["identity"] for line in device.log if line.kind == "participant"]
    assert sorted(seen) == list(METADATA), f"the device sees {seen}"
    return [Row(f"{len(METADATA)} participants, a list of {size // 1000} KB", "each identity", "ended, status 0")]


async def listed(server: Server, room: str) -> int:
    """Bytes of the server's list, once it has everybody: it comes a moment after they have joined."""
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client, asyncio.timeout(10):
        while True:
            answer = await client.room.list_participants(api.ListParticipantsRequest(room=room))
            if sorted(p.identity for p in answer.participants) == list(METADATA):
                return answer.ByteSize()
            await asyncio.sleep(0.05)
