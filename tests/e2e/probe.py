"""Whether what is sent to a participant arrives."""

from __future__ import annotations

import asyncio

import aiohttp
from livekit import api

from .server import Server

TOPIC = "receiver-probe"


async def probe(server: Server, room: str, identity: str, arrived: asyncio.Event) -> None:
    """Sends packets of TOPIC to `identity` until `arrived` is set.

    After a join the server accepts data a few milliseconds before the data channel is open, and such packets are gone.
    """
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client:
        packet = api.SendDataRequest(room=room, topic=TOPIC, destination_identities=[identity])
        while not arrived.is_set():
            try:
                await client.room.send_data(packet)
                async with asyncio.timeout(0.02):
                    await arrived.wait()
            except (api.TwirpError, aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.01)
