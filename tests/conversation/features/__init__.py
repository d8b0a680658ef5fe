"""What is shown with every peer in both directions. A feature is a check, and where there is none, why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..lab import Room, know_each_other
from ..matrix import BACK, OUT
from ..participant import Participant
from ..raw import Raw


@dataclass(frozen=True)
class Column:
    """With whom, and how."""

    kind: str
    # What the device announces as its client_protocol. With 2 calls are streams, and small streams are one frame.
    announced: int = 0
    is_encrypted: bool = False
    # The device announces that it reads compressed streams.
    is_compressed: bool = False

    @property
    def has_rpc_2(self) -> bool:
        # The Go SDK has version 1 alone.
        return self.announced == 2 and self.kind != "go"

    @property
    def derivation(self) -> str:
        """Of keys: an application gives the JavaScript SDK bytes, the others a passphrase."""
        return "hkdf" if self.kind == "js" else "pbkdf2"

    @property
    def next_key(self) -> int:
        """The index of a key that is set later; the JavaScript SDK replaces its only one."""
        return 0 if self.kind == "js" else 1

    @property
    def options(self) -> Mapping[str, str]:
        """Of the device."""
        return {"DEFLATE": "1"} if self.is_compressed else {}

    def __str__(self) -> str:
        return f"{self.kind}, {self.announced}{' e2ee' if self.is_encrypted else ''}{' deflate' if self.is_compressed else ''}"


@dataclass
class Pair:
    """A device and a peer in a room, and a bystander who sees what is sent to all."""

    column: Column
    room: Room
    contents: Path
    device: Participant
    peer: Participant
    bystander: Raw
    # What became of calls and streams when one of them left.
    departed: dict[str, tuple[int, str]] = field(default_factory=dict)

    @staticmethod
    async def join(column: Column, room: Room, contents: Path) -> Pair:
        # Announces what the others do, so that nothing is sent in an older form because of it.
        bystander = await room.raw("bystander", 2)
        device, peer = await room.device(column.announced, **column.options), await room.sdk(column.kind)
        await know_each_other(device, peer)
        return Pair(column, room, contents, device, peer, bystander)

    async def rejoin(self, who: str) -> None:
        """`device` or `peer`, who has left, joins again."""
        if who == "device":
            await self.device.leave()
            self.device = await self.room.device(self.column.announced, **self.column.options)
        else:
            await self.peer.leave()
            self.peer = await self.room.sdk(self.column.kind)
        await know_each_other(self.device, self.peer)

    def ends(self, direction: str) -> tuple[Participant, Participant]:
        """Who acts and who is acted upon."""
        return (self.device, self.peer) if direction == OUT else (self.peer, self.device)

    @property
    def kind(self) -> str:
        return self.column.kind


Check = Callable[[Pair, str], Awaitable[None]]


@dataclass(frozen=True)
class Feature:
    name: str
    check: Check
    # By direction, by kind of peer, or by both.
    left_out: Mapping[str | tuple[str, str], str] = field(default_factory=dict)
    # Besides, by version of RPC and direction.
    left_out_of_rpc: Mapping[tuple[int, str], str] = field(default_factory=dict)
    # With encryption, and without.
    left_out_encrypted: str = ""
    left_out_plain: str = ""

    def reason(self, column: Column, direction: str) -> str:
        """Why it is not shown; empty if it is."""
        if reason := self.left_out_encrypted if column.is_encrypted else self.left_out_plain:
            return reason
        of_rpc = self.left_out_of_rpc.get((2 if column.has_rpc_2 else 1, direction), "")
        keys = (direction, column.kind, (direction, column.kind))
        return next((self.left_out[key] for key in keys if key in self.left_out), of_rpc)


__all__ = ["BACK", "OUT", "Check", "Column", "Feature", "Pair"]
