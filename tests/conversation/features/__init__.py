"""What is shown with every peer in both directions. A feature is a check for each direction, or why there is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..lab import Room, know_each_other
from ..matrix import BACK, OUT
from ..participant import Participant
from ..raw import Raw

# Versions of RPC that the device speaks.
RPC_VERSIONS = (1,)


@dataclass
class Pair:
    """A device and a peer in a room, and a bystander who sees what is sent to all."""

    room: Room
    kind: str
    announced: int
    contents: Path
    device: Participant
    peer: Participant
    bystander: Raw

    @staticmethod
    async def join(room: Room, kind: str, announced: int, contents: Path) -> Pair:
        # Announces what the others do, so that nothing is sent in an older form because of it.
        bystander = await room.raw("bystander", 2)
        device, peer = await room.device(announced), await room.sdk(kind)
        await know_each_other(device, peer)
        return Pair(room, kind, announced, contents, device, peer, bystander)

    async def rejoin(self, who: str) -> None:
        """`device` or `peer`, who has left, joins again."""
        if who == "device":
            await self.device.leave()
            self.device = await self.room.device(self.announced)
        else:
            await self.peer.leave()
            self.peer = await self.room.sdk(self.kind)
        await know_each_other(self.device, self.peer)

    def ends(self, direction: str) -> tuple[Participant, Participant]:
        """Who acts and who is acted upon."""
        return (self.device, self.peer) if direction == OUT else (self.peer, self.device)


Check = Callable[[Pair, str], Awaitable[None]]


@dataclass(frozen=True)
class Feature:
    name: str
    check: Check
    # By direction, by (direction, kind of peer), or by kind of peer.
    left_out: Mapping[object, str] = field(default_factory=dict)
    is_rpc: bool = False

    def reason(self, pair: Pair, direction: str) -> str:
        """Why it is not shown; empty if it is."""
        if self.is_rpc and pair.announced >= 1 and 2 not in RPC_VERSIONS:
            return "who announces 1 or more is called by RPC version 2, which the device does not speak yet"
        keys = (direction, (direction, pair.kind), pair.kind, (pair.announced, direction))
        return next((self.left_out[key] for key in keys if key in self.left_out), "")


__all__ = ["BACK", "OUT", "Check", "Feature", "Pair", "RPC_VERSIONS"]
