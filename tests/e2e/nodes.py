"""Two nodes of a server, which share a redis. One hosts a room, the other one may have the signalling of who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from livekit import api

from .lab import Lab
from .redis import Redis
from .server import Server

# A server's own settings: on a busy host, what one node asks of the other one may take longer than 300 ms.
DEFAULT: dict[str, Any] = {"attempt": "3s", "max_attempts": 3}
# A node notices that the other one is gone when that has not taken a ping of the device for 7.5 s. The device pings every few
# seconds, and a node without news for 5 s gets no rooms any more.
NOTICED_S = 20


@dataclass(frozen=True)
class Nodes:
    """`host` has the room; `other` does not."""

    host: Server
    other: Server
    _redis: Redis
    _room: str
    _name: str

    @staticmethod
    async def start(lab: Lab, room: str) -> Nodes:
        """The room is made while there is one node, which therefore has it."""
        redis = await lab.redis()
        config = {**DEFAULT, "redis": redis.address}
        host = await lab.server(**config)
        async with api.LiveKitAPI(host.http, host.key, host.secret) as client:
            await client.room.create_room(api.CreateRoomRequest(name=room))
        name = await redis.host(room)
        assert await redis.nodes() == {name}
        other = await lab.server(suffix="-other", secret=host.secret, **config)
        assert len(await redis.nodes()) == 2, "they are no cluster"
        return Nodes(host, other, redis, room, name)

    async def has_moved(self) -> bool:
        """Returns `True` if another node than at the start hosts the room."""
        return await self._redis.host(self._room) != self._name
