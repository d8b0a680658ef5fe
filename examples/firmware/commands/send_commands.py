"""Sends commands to a device that speaks HTTP only: examples/firmware/commands.

It is a participant of the device's room, reads commands from stdin, one a line, and prints when each is confirmed. The
environment says where and as whom: LIVEKIT_URL (ws://…) and LIVEKIT_TOKEN. Needs PyPI's livekit.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from contextlib import suppress

from livekit import rtc

# How much earlier than the device's deadline a call is answered if there is no command.
GRACE_S = 0.5


class Commands:
    """The commands of one device. Each is handed out until a call of the device confirms it.

    The device calls `wait_command` with `BOOT DONE NAME`: a random number of this start, the number of the last command that
    it executed, and its name. It gets `NUMBER COMMAND`, or nothing if there is no command for as long as it allows.

    A call may come more than once, as the device and older servers repeat it. A repeat gets the same command, or nothing if
    the device is past it.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, float]] = deque()  # and when each was given
        self._changed = asyncio.Event()
        self._boot = ""
        self._old_boots: set[str] = set()
        self._done = 0
        self._is_handed_out = False

    def send(self, command: str) -> None:
        self._waiting.append((command, time.monotonic()))
        self._changed.set()

    async def wait_command(self, call: rtc.RpcInvocationData) -> str:
        boot, done, name = call.payload.split(" ", 2)
        if not self._is_current(boot, int(done)):
            return ""
        with suppress(TimeoutError):
            async with asyncio.timeout(call.response_timeout - GRACE_S):
                while not self._waiting:
                    self._changed.clear()
                    await self._changed.wait()
        if not self._waiting or not self._is_current(boot, int(done)):
            return ""
        self._is_handed_out = True
        return f"{self._done + 1} {self._waiting[0][0]}"

    def _is_current(self, boot: str, done: int) -> bool:
        """Notes what the call says. Returns `False` for a repeat of a call that the device is past."""
        if boot != self._boot:
            if boot in self._old_boots:
                return False
            # After a restart the first command is handed out again, as the device may not have executed it.
            self._old_boots.add(self._boot)
            self._boot, self._done, self._is_handed_out = boot, done, False
        elif done == self._done + 1 and self._is_handed_out:
            command, given = self._waiting.popleft()
            self._done, self._is_handed_out = done, False
            print(f"command {done} confirmed after {1000 * (time.monotonic() - given):.0f} ms: {command}", flush=True)
        return done == self._done


async def main() -> None:
    commands, room = Commands(), rtc.Room()
    await room.connect(os.environ["LIVEKIT_URL"], os.environ["LIVEKIT_TOKEN"])
    room.local_participant.register_rpc_method("wait_command", commands.wait_command)
    print(f"{room.local_participant.identity} is in room {room.name}", flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        commands.send(line)
    await asyncio.Event().wait()  # until it is ended: the device may have commands to confirm


if __name__ == "__main__":
    asyncio.run(main())
