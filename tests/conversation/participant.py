"""A participant that is told what to do by lines of JSON, whatever it is made of. README.md has the lines."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e import child
from e2e.feed import Feed

Line = dict[str, Any]


@dataclass
class Failed(Exception):
    """A command failed; `code` is RPC's, or 0 if nothing was sent."""

    code: int
    message: str
    data: str


class Participant:
    def __init__(self, name: str, process: Process, log: Path) -> None:
        self.name = name
        self.identity = self.sid = ""
        self.events: Feed[Line] = Feed(name)
        self._process = process
        self._results: dict[int, asyncio.Future[Line]] = {}
        self._numbers = itertools.count(1)
        self._follows = asyncio.create_task(self._follow(log))

    @staticmethod
    async def start(
        name: str, command: list[str | Path], folder: Path, env: Mapping[str, str], within: float = 40
    ) -> Participant:
        """Returns when it is in the room."""
        log = folder / f"{name}.log"
        with (folder / f"{name}.err").open("ab") as err:
            process = await child.spawn(*command, out=PIPE, err=err, stdin=PIPE, env=env)
        participant = Participant(name, process, log)
        await participant.event("ready", within=within)
        me = await participant.event("me", within=1)
        participant.identity, participant.sid = me["identity"], me["sid"]
        return participant

    @property
    def pid(self) -> int:
        """Of the program; setpriv, which starts it, becomes it."""
        return self._process.pid

    async def do(self, what: str, within: float = 30, **fields: Any) -> Line:
        """Returns the result of a command, or raises `Failed`."""
        number = next(self._numbers)
        self._results[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": number, "do": what, **fields}).encode() + b"\n")
        try:
            async with asyncio.timeout(within):
                line = await self._results[number]
        except TimeoutError:
            raise AssertionError(f"{self.name} does not end {what} within {within:g} s") from None
        if error := line.get("error"):
            raise Failed(error["code"], error["message"], error["data"])
        return dict(line["result"])

    async def event(
        self, kind: str, wanted: Callable[[Line], object] = lambda _: True, within: float = 20, start: int = 0
    ) -> Line:
        """Returns the first event of this kind for which `wanted` is true, from index `start` on."""
        return await self.events.first(
            lambda event: event["event"] == kind and wanted(event), f"'{kind}' event", within, start
        )

    async def freeze(self) -> None:
        """Returns when it and all its children are stopped; it stays in the room."""
        self._signal(signal.SIGSTOP)
        async with asyncio.timeout(5):
            while not all(state in "TZ" for state in map(_state, self._processes())):
                await asyncio.sleep(0.01)  # no event announces it

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _processes(self) -> list[int]:
        # Not the process group: a browser has several.
        processes = [self._process.pid]
        for pid in processes:
            with suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    processes += map(int, (task / "children").read_text().split())
        return processes

    async def leave(self) -> None:
        """Says goodbye to the room, and ends."""
        if self._process.returncode is None and self._process.stdin:
            self.thaw()
            with suppress(ConnectionError):
                self._process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await self._process.wait()
        await child.kill(self._process)
        await self._follows

    async def _follow(self, log: Path) -> None:
        assert self._process.stdout
        with log.open("a", buffering=1) as copy:
            async for raw in self._process.stdout:
                text = raw.decode(errors="replace")
                copy.write(text)
                if not text.startswith("{"):
                    continue  # logs of native libraries
                line = json.loads(text)
                if "event" in line:
                    self.events.append(line)
                elif (result := self._results.get(line["id"])) and not result.done():
                    result.set_result(line)
        self.events.close()
        for result in self._results.values():
            if not result.done():
                result.set_exception(AssertionError(f"{self.name} ended before a command of it"))


def _state(pid: int) -> str:
    """Returns the letter of /proc for the state of a process; Z if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return "Z"
