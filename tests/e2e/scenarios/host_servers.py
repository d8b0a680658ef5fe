"""A device on the host, and what a server does to it: it ends its connection in each of its ways, and gives it tokens."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import aiohttp

from .. import tokens
from ..lab import Lab
from ..pair import told
from ..report import Seen
from ..server import Server

# What a server plays by `SimulateScenario`, what breaks then, and what the device says about it. Version 1.13.11 ignores
# `leave_request_full_reconnect`.
ENDED = "the server closed the connection (1000)"
LEFT = "the server says to connect anew: SERVER_SHUTDOWN"
CUT = "the connection to the server was not opened, or was closed"
PLAYED = (
    ("migration", "", ENDED),
    ("node_failure", "", ENDED),
    ("server_leave", "", LEFT),
    ("disconnect_signal_on_resume", "cut_signal", CUT),
    ("disconnect_signal_on_resume_no_messages", "cut_signal", CUT),
)
# A server accepts tokens for a minute more than they last.
LEEWAY_S = 60


async def simulated(lab: Lab) -> list[Seen]:
    """LiveKit's own means to test clients: each in a room of its own."""
    server = await lab.server()
    return list(await asyncio.gather(*(_simulated(lab, server, *played) for played in PLAYED)))


async def _simulated(lab: Lab, server: Server, scenario: str, then: str, error: str) -> Seen:
    """The server has forgotten the device, which joins anew; or it breaks off a resume, which goes on, or is given up for a
    join, by how far it was."""
    # One attempt resumes, and is told to join: the device does so although there is none left.
    pair = await lab.pair(server, ATTEMPTS="10" if then else "1")
    ours, theirs = numbers = pair.numbers()
    await asyncio.gather(*(it.send(20) for it in numbers))
    # What the server has acknowledged and not forwarded yet is lost with the participant.
    for it in numbers:
        await it.settled()
    if not then:
        # The server's end of SCTP goes where the device is not any more: otherwise it may come before what is signalled.
        await pair.device.do("move")
    start, began = len(pair.device.events), time.monotonic()
    await pair.device.do("simulate", scenario=scenario)
    if then:
        await pair.device.do(then)
    said = await pair.device.event("reconnecting", start=start)
    back = await pair.device.event("reconnected", start=start)
    took = time.monotonic() - began
    assert said["error"] == error, f"{scenario}: {said}"
    await asyncio.sleep(1 if then else 0)  # for the break of a resume that was quicker
    backs = told(pair.device, "reconnected", start)
    joins, lost = [event for event in backs if not event["resumed"]], sum(event["lost"] for event in backs)
    assert len(backs) == 1 or then, f"{scenario}: {backs}"
    assert len(joins) == 1 or then and not joins, f"{scenario}: {backs}"
    if joins:
        await pair.known_again(start)
    await asyncio.gather(*(it.send(20) for it in numbers))
    missing = await ours.settled(lost=lost)
    await theirs.settled()
    await pair.works("after it")
    assert len(told(pair.peer, "gone")) == len(joins), f"{scenario}: {told(pair.peer, 'gone')}"
    return Seen(
        f"`{scenario}`",
        f"“{said['error']}”; {'joined anew' if joins else 'resumed'} after {took:.1f} s; counted {lost} packets as lost",
        f"{ours.sent - missing} of {ours.sent}, once and in order; {'the device leave and join' if joins else 'nothing else'}",
    )


async def refreshed(lab: Lab) -> list[Seen]:
    """The device's token expires soon after it has joined. The server gives it another one at once."""
    server = await lab.server()
    given: list[str] = []

    def expiring(room: str) -> str:
        given.append(tokens.joining(server, room, lasts=timedelta(seconds=12 - LEEWAY_S)))
        return given[-1]

    pair = await lab.pair(server, expiring)
    assert await _is_accepted(server, given[0]), "it has expired too early"
    numbers = pair.numbers()
    await asyncio.gather(*(it.send(20) for it in numbers))
    async with asyncio.timeout(30):
        while await _is_accepted(server, given[0]):
            await asyncio.sleep(0.2)  # no event announces it
    for what, is_resumed in ("cut_signal", True), ("server_leave", False):
        start = len(pair.device.events)
        await (pair.device.do(what) if is_resumed else pair.device.do("simulate", scenario=what))
        back = await pair.device.event("reconnected", start=start)
        assert back["resumed"] == is_resumed, f"{what}: {back}"
        if not is_resumed:
            await pair.known_again(start)
        await asyncio.gather(*(it.send(20) for it in numbers))
        await numbers[0].settled(lost=back["lost"])
        await numbers[1].settled()
    await pair.works("with another token")
    return [
        Seen(
            "token expired while connected; then signalling closed, then told to join anew",
            "resumed, and joined, with the token that the server gave it",
            "60 of 60, once and in order; the device leave and join once",
        )
    ]


async def _is_accepted(server: Server, token: str) -> bool:
    """Asks the server, without joining."""
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{server.http}/rtc/validate", headers=headers) as response:
            assert response.status in (200, 401), f"{response.status}: {await response.text()}"
            return response.status == 200


SCENARIOS = {"host-simulated": simulated, "host-token": refreshed}
