"""A device on the host, a participant by itself, and an SDK in the room with it. Packets between them have numbers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conversation import content
from conversation.features.streams import fields
from conversation.lab import DEVICE, PROGRAMS, know_each_other
from conversation.participant import Failed, Line, Participant

IDENTITY, PEER = "device", "peer"


@dataclass
class Broken(AssertionError):
    """A stream is over before its end; the `error` is the receiver's."""

    error: str


@dataclass
class Pair:
    """The device and the SDK, who know each other. tests/conversation/device/src/main.rs has the options."""

    room: str
    url: str
    token: str
    folder: Path
    options: Mapping[str, str]

    def __post_init__(self) -> None:
        self.contents = self.folder / "contents"
        self.contents.mkdir(parents=True)
        self._started: list[Participant] = []

    async def join(self, token: str, url: str) -> None:
        """The SDK has this token, and this URL."""
        sdk: list[str | Path] = [sys.executable, PROGRAMS / "sdk.py", url, token]
        self.device, self.peer = await asyncio.gather(
            self.start(IDENTITY, [DEVICE, self.url, self.token], self.options), self.start(PEER, sdk, {})
        )
        await know_each_other(self.device, self.peer)

    async def start(self, name: str, command: list[str | Path], options: Mapping[str, str]) -> Participant:
        participant = await Participant.start(name, command, self.folder, options)
        self._started.append(participant)
        return participant

    async def leave(self) -> None:
        await asyncio.gather(*(participant.leave() for participant in self._started))

    @property
    def ways(self) -> tuple[tuple[Participant, Participant], ...]:
        return (self.device, self.peer), (self.peer, self.device)

    async def known_again(self, start: int) -> None:
        """Returns when the SDK lists a device that has joined anew since its event `start`: now the SDK sends to it."""
        me = await self.device.event("me", start=start)
        await self.peer.event("present", lambda event: event["sid"] == me["sid"])

    def numbers(self, lossy: bool = False) -> tuple[Numbers, Numbers]:
        """Of the device, and of the SDK."""
        out, back = (Numbers(sender, receiver, self.contents, lossy) for sender, receiver in self.ways)
        return out, back

    async def call(self, caller: Participant, callee: Participant, said: str) -> None:
        """Asserts that the response is what was said."""
        sent = content.exactly(self.contents, said)
        result = await caller.do("call", to=callee.identity, method="echo", file=str(sent.path), timeout_ms=15_000)
        assert result == sent.told, f"{caller.name} said {sent.told}, the response is {result}"

    async def stream(self, sender: Participant, receiver: Participant, size: int, within: float) -> Line:
        """Returns what the receiver tells of it; asserts that it is whole, or raises `Broken`."""
        start = len(receiver.events)
        sent = content.binary(self.contents, size)
        said = fields(receiver, topic="bytes", form="whole", text=False)
        await sender.do("stream", within, file=str(sent.path), **said)
        event = await receiver.event("stream", within=within, start=start)
        if event["error"]:
            raise Broken(event["error"])
        assert (event["content"], event["from"]) == (sent.told, sender.identity), event
        return event

    async def works(self, said: str, streamed: int = 0, within: float = 30) -> None:
        """Asserts that calls arrive both ways, and streams of so many bytes."""
        for sender, receiver in self.ways:
            await self.call(sender, receiver, said)
        if streamed:
            await asyncio.gather(*(self.stream(*way, streamed, within) for way in self.ways))


class Numbers:
    """Packets with the numbers from 1 on, of one participant to another."""

    def __init__(self, sender: Participant, receiver: Participant, contents: Path, lossy: bool = False) -> None:
        self.sent = 0
        self._sender, self._receiver, self._contents, self._lossy = sender, receiver, contents, lossy
        self._topic = "lossy numbers" if lossy else "numbers"
        self._numbers: dict[str, int] = {}

    async def send(self, count: int, every_s: float = 0, within: float = 30) -> None:
        """Sends so many more, one after the other."""
        for _ in range(count):
            number = self.sent = self.sent + 1
            said = content.exactly(self._contents, str(number))
            self._numbers[said.told["sha256"]] = number
            to = [self._receiver.identity]
            await self._sender.do("publish", within, file=str(said.path), topic=self._topic, to=to, lossy=self._lossy)
            await asyncio.sleep(every_s)

    @property
    def received(self) -> list[int]:
        events = (e for e in self._receiver.events if e["event"] == "data" and e["topic"] == self._topic)
        return [self._numbers[event["content"]["sha256"]] for event in events]

    async def settled(self, lost: int = 0, within: float = 30) -> int:
        """Returns how many are missing, once the last one is there. Asserts that no more are than were counted as lost, and that
        the others came once and in order."""
        last = next(key for key, number in self._numbers.items() if number == self.sent)
        await self._receiver.event("data", lambda it: (it["topic"], it["content"]["sha256"]) == (self._topic, last), within)
        received = self.received
        assert received == sorted(set(received)), f"twice or not in order: {received}"
        missing = set(range(1, self.sent + 1)) - set(received)
        assert len(missing) <= lost, f"{lost} counted as lost, missing: {sorted(missing)}"
        return len(missing)


def told(participant: Participant, kind: str, start: int = 0) -> list[Line]:
    """What it has told of this kind."""
    return [event for event in participant.events[start:] if event["event"] == kind]


__all__ = ["IDENTITY", "PEER", "Broken", "Failed", "Numbers", "Pair", "told"]
