"""Rooms, and who is in them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from e2e import tokens
from e2e.feed import Late
from e2e.peers import ROOT, get
from e2e.server import Server

from .participant import Participant
from .raw import Raw

PROGRAMS = Path(__file__).parent / "participants"
DEVICE = ROOT / "target/debug/conversation-device"


@dataclass(frozen=True)
class Programs:
    """Paths of what tests/peers/get has made."""

    participants: Path
    agents: Path
    packages: Path
    chromium: Path

    @staticmethod
    async def get() -> Programs:
        return Programs(await get("participants"), await get("agents"), await get("browser"), await get("chromium"))

    @property
    def bridge(self) -> Path:
        return self.participants / "bridge"


@dataclass
class Room:
    """A room. Its participants leave at the end of the stack."""

    name: str
    server: Server
    programs: Programs
    folder: Path
    stack: AsyncExitStack
    # Of what devices and SDKs encrypt with; empty if they do not.
    passphrase: str = ""
    # How a key is made of it.
    derivation: str = "pbkdf2"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)

    def token(self, identity: str, is_agent: bool = False) -> str:
        return tokens.participant(self.server, self.name, identity, is_agent=is_agent)

    async def device(self, announced: int, identity: str = "device", **options: str) -> Participant:
        """Of the device's options device/src/main.rs has a list."""
        options = {"CLIENT_PROTOCOL": str(announced), **options}
        return await self._start(identity, [DEVICE, self.server.ws, self.token(identity)], options)

    async def raw(self, identity: str, announced: int = 0) -> Raw:
        """A bridge that announces this `client_protocol`."""
        said = ("-url", self.server.ws, "-token", self.token(identity), "-client-protocol", str(announced))
        raw = await Raw.start(identity, [self.programs.bridge, *said], self.folder)
        self.stack.push_async_callback(raw.leave)
        return raw

    async def sdk(self, kind: str, identity: str = "peer") -> Participant:
        where = [self.server.ws, self.token(identity, is_agent=kind == "agent")]
        commands: dict[str, list[str | Path]] = {
            "python": [sys.executable, PROGRAMS / "sdk.py"],
            "go": [self.programs.participants / "sdk"],
            "js": ["node", PROGRAMS / "browser.mjs", self.programs.packages, self.programs.chromium],
            "agent": [self.programs.agents, PROGRAMS / "agent.py"],
        }
        return await self._start(identity, [*commands[kind], *where])

    async def _start(
        self, identity: str, command: list[str | Path], options: Mapping[str, str] = MappingProxyType({})
    ) -> Participant:
        environment = {"PASSPHRASE": self.passphrase, "DERIVATION": self.derivation, **options}
        participant = await Participant.start(identity, command, self.folder, environment)
        self.stack.push_async_callback(participant.leave)
        return participant


async def know_each_other(one: Participant, other: Participant, within: float = 20) -> None:
    """Returns when each lists the other, which the server tells in a tick of 3 s, and receives from the other.

    After a join the server accepts data a moment before the channels are open: what is sent then is lost.
    """
    for me, them in ((one, other), (other, one)):
        await me.event("present", lambda event: event["sid"] == them.sid, within)
    for me, them in ((one, other), (other, one)):
        start = len(them.events)
        for _ in range(50):
            await me.do("publish", file=str(ROOT / "NOTICE"), topic="hello", to=[them.identity], lossy=False)
            with suppress(Late):
                await them.event("data", lambda event: event["topic"] == "hello", within=0.3, start=start)
                break
        else:
            raise AssertionError(f"{them.name} receives nothing from {me.name}")
